"""Envelopes that were renamed, swapped or made for another user are found, with and without a report."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import envelope_kit as kit
import pytest

from breakglass_tui.domain.events import RunStarted, RunStatus, StepBrief, StepFinished, StepStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.secrets.age_seal import age_seals
from breakglass_tui.secrets.envelope_files import Envelopes
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.settings import runs_root


@pytest.fixture
def alice(tmp_path):
    return kit.custodian(tmp_path, "alice")


@pytest.fixture
def write(tmp_path, alice):
    """Return a function that writes an envelope, and returns its entry with a path."""

    def write(contents="password", user="bg-alice", account=kit.ACCOUNT_ID, run="00aa", directory=tmp_path):
        envelopes = Envelopes(directory, account_id=account, run_id=run)
        seals = age_seals([alice.recipient], 1)
        return envelopes.write(contents, {"password": Secret(kit.PASSWORD)}, seals, user_name=user)[0]

    return write


@pytest.fixture
def binding(command, alice):
    """Return a function that verifies an envelope, and returns the result of the check that its facts agree."""

    def verify(path, *options, check="binding"):
        ran = command("verify", "--json", path, *options)
        return next(found for found in ran.json["checks"] if found["id"] == check)

    return verify


def report(directory, *entries, user="bg-alice", account=kit.ACCOUNT_ID, run="00aa", steps=("login-profile",)):
    directory.mkdir(exist_ok=True)
    document = {
        "schema_version": 2,
        "run": {"id": run, "account_id": account},
        "user": {"name": user},
        "steps": [{"id": step} for step in steps],
        "envelopes": [{**asdict(entry), "path": Path(entry.path).name} for entry in entries],
    }
    (directory / "report.json").write_text(json.dumps(document))


@pytest.mark.parametrize("reported", [False, True])
@pytest.mark.parametrize(
    ("written", "name", "reason"),
    [
        ({"contents": "mfa-seed"}, "bg-alice.password.age", "it has the mfa-seed of user bg-alice"),
        ({"user": "night-shift"}, "bg-alice.password.age", "it has the password of user night-shift"),
        ({}, "backup.age", "the file is named backup.age"),
        ({"user": "bg-alice.password"}, "bg-alice.password.age", "of user bg-alice.password in account"),
    ],
)
def test_a_renamed_envelope_fails_with_the_reason(binding, write, alice, tmp_path, written, name, reason, reported):
    entry = write(**written)
    path = Path(entry.path).rename(tmp_path / name)
    if reported:
        report(tmp_path, entry, user=written.get("user", "bg-alice"))
    found = binding(path, "-i", alice.file)
    assert found["status"] == "fail"
    assert reason in found["found"]
    assert "SHA-256" in found["remedy"]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"account": "999988887777"}, "account is 123456789012 in the file and 999988887777 in the report"),
        ({"user": "bg-bob"}, "user is bg-alice in the file and bg-bob in the report"),
        ({"run": "11bb"}, "run is 00aa in the file and 11bb in the report"),
    ],
)
def test_an_envelope_beside_the_report_of_another_run_fails(binding, write, alice, tmp_path, other, reason):
    entry = write()
    report(tmp_path, entry, **other)
    found = binding(Path(entry.path), "-i", alice.file)
    assert (found["status"], reason in found["found"]) == ("fail", True)


@pytest.mark.parametrize("opened", [True, False])
def test_the_report_of_a_later_validation_is_not_that_of_the_run(binding, write, alice, tmp_path, recorded, opened):
    entry = write()
    recorded(entry)
    report(tmp_path, entry)
    report(tmp_path / "export-20261130T081500Z", entry, run="11bb", steps=())
    given = ["-i", alice.file] if opened else []
    assert binding(Path(entry.path), *given)["status"] == ("pass" if opened else "skip")
    assert binding(Path(entry.path), *given, check="journal")["found"] == "as run 00aa wrote it"


def test_a_name_that_contradicts_the_report_fails_without_opening(binding, write, tmp_path):
    entry = write()
    report(tmp_path, entry, user="bg-bob")
    assert binding(Path(entry.path))["status"] == "fail"


def test_without_opening_and_without_a_report_nothing_is_compared(binding, write):
    found = binding(Path(write().path))
    assert (found["status"], "it was not opened" in found["found"]) == ("skip", True)


@pytest.mark.parametrize(
    ("context", "reason"),
    [
        ({"app": "whatever"}, "app is whatever in the KMS encryption context and breakglass-tui in the content"),
        ({**kit.CONTEXT, "user": "bg-bob"}, "user is bg-bob in the KMS encryption context and bg-alice in the content"),
        ({**kit.CONTEXT, "more": "x"}, "more is x in the KMS encryption context and missing in the content"),
        ({}, "run is missing in the KMS encryption context"),
    ],
)
def test_a_kms_context_that_is_not_that_of_the_content_fails(binding, connected, fake_cloud, tmp_path, context, reason):
    fake_cloud.inside = kit.content()
    found = binding(kit.kms_file(tmp_path / "bg-alice.password.kms.json", encryption_context=context))
    assert (found["status"], reason in found["found"]) == ("fail", True)


@pytest.fixture
def recorded(header, clock):
    """Return a function that writes the journal of a run with these envelopes."""

    def record(*entries, run="00aa", endpoint=""):
        place = {"endpoint": endpoint, "emulator": bool(endpoint)}
        of_run = RunHeader(run, kit.ACCOUNT_ID, header.caller_arn, "eu-west-1", demo=False, request={}, **place)
        with RunStore(runs_root(demo=False)).open_journal(of_run) as journal:
            journal.write(RunStarted(clock.now(), of_run, (StepBrief("login-profile", "Console"),)))
            journal.write(StepFinished(clock.now(), "login-profile", StepStatus.DONE, 1, envelopes=tuple(entries)))
        return RunStatus.RUNNING

    return record


def test_the_journal_knows_the_file_that_its_run_wrote(binding, write, alice, recorded):
    entry = write()
    recorded(entry)
    assert binding(Path(entry.path), "-i", alice.file, check="journal")["status"] == "pass"


@pytest.mark.parametrize(("endpoint", "mark"), [("", ""), ("http://127.0.0.1:4566", " (EMULATOR)")])
def test_an_envelope_of_an_emulator_is_named_as_such(binding, write, alice, recorded, endpoint, mark):
    entry = write()
    recorded(entry, endpoint=endpoint)
    found = binding(Path(entry.path), "-i", alice.file, check="journal")["found"]
    assert found == f"as run 00aa wrote it{mark}"


def test_a_file_of_a_forger_in_its_place_fails_although_everything_else_agrees(
    command, binding, write, alice, recorded, tmp_path
):
    recorded(write())
    (tmp_path / "forged").mkdir()
    forged = write(directory=tmp_path / "forged")
    report(tmp_path / "forged", forged)
    ran = command("verify", "--json", forged.path, "-i", alice.file)
    assert ran.code == ExitCode.CHECK_FAILED
    assert [check["id"] for check in ran.json["checks"] if check["status"] == "fail"] == ["journal"]
    assert "run 00aa wrote another file under this name" in ran.json["checks"][-2]["found"]


def test_an_envelope_that_the_run_never_wrote_fails(binding, write, alice, recorded):
    recorded(write("access-key"))
    found = binding(Path(write().path), "-i", alice.file, check="journal")
    assert (found["status"], "has no such envelope" in found["found"]) == ("fail", True)


def test_in_an_emergency_a_renamed_envelope_still_opens_with_a_warning(command, write, alice, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: False, raising=False)
    path = Path(write(user="night-shift").path).rename(tmp_path / "bg-alice.password.age")
    ran = command("open", path, "-i", alice.file, "--reveal")
    assert ran.code == ExitCode.DONE
    assert "warning: this may be another envelope: the file is named bg-alice.password.age" in ran.err
    assert kit.PASSWORD in ran.out
