from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import envelope_kit as kit
import pytest

from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import OTHER_SIMULATED_ACCOUNT, Kind, Problem
from breakglass_tui.secrets.age_seal import AgeSeal

IDS = ["well-formed", "custodians", "hash", "opens", "binding", "journal", "mode"]


@pytest.fixture
def alice(tmp_path):
    return kit.custodian(tmp_path, "alice")


@pytest.fixture
def bob(tmp_path):
    return kit.custodian(tmp_path, "bob")


def report(path, *infos, **changes):
    """Write a report that names these envelopes with relative paths, as apply writes it."""
    entries = [{**asdict(info), "path": Path(info.path).name, **changes} for info in infos]
    path.write_text(json.dumps({"schema_version": 1, "envelopes": entries}))


@pytest.fixture
def sealed(tmp_path, alice):
    """Return the path of an envelope with its report beside it."""
    (info,) = kit.sealed(tmp_path, [alice.recipient])
    report(tmp_path / "report.json", info)
    return tmp_path / info.path


@pytest.fixture
def verified(command):
    """Return a function that verifies, and returns exit code, status by check, envelope and checks."""

    def _verified(*arguments):
        ran = command("verify", "--json", *arguments)
        checks = {check["id"]: check for check in ran.json["checks"]}
        assert list(checks) == IDS
        assert kit.PASSWORD not in ran.out + ran.err
        return ran.code, {id: check["status"] for id, check in checks.items()}, ran.json["envelope"], checks

    return _verified


def test_every_check_passes_and_no_secret_is_shown(verified, sealed, alice):
    code, status, envelope, checks = verified(sealed, "-i", alice.file)
    assert code == ExitCode.DONE
    assert {id for id, value in status.items() if value != "pass"} == {"journal"}
    assert checks["journal"]["found"] == "the journal of run 00aa is not on this machine"
    assert envelope["custodians"] == [alice.recipient]
    assert (envelope["needs"], envelope["contents"], envelope["user"]) == (1, "password", "bg-alice")
    assert set(checks["hash"]) == {"id", "title", "status", "expected", "found", "remedy"}


def test_as_text_there_is_a_line_for_each_check(command, sealed, alice):
    ran = command("verify", sealed, "-i", alice.file)
    assert ran.code == ExitCode.DONE
    lines = [line.split()[:2] for line in ran.out.splitlines() if line.split()[0] in ("PASS", "SKIP")]
    assert lines == [["SKIP" if id == "journal" else "PASS", id] for id in IDS]
    assert "password of bg-alice in account 123456789012, written by run 00aa" in ran.out


def test_without_an_identity_whether_it_opens_is_left_open(verified, sealed):
    code, status, _, checks = verified(sealed)
    assert (code, status["opens"]) == (ExitCode.DONE, "skip")
    assert "--identity" in checks["opens"]["remedy"]


def test_another_identity_fails(verified, sealed, bob):
    code, status, *_ = verified(sealed, "-i", bob.file)
    assert (code, status["opens"], status["hash"]) == (ExitCode.CHECK_FAILED, "fail", "pass")


def test_an_identity_file_that_is_none_says_nothing_of_the_envelope(command, sealed, tmp_path):
    (tmp_path / "id").write_text("nothing")
    ran = command("verify", sealed, "-i", tmp_path / "id")
    assert (ran.code, ran.out) == (ExitCode.USAGE, "")


def test_a_changed_byte_is_not_the_file_of_the_report(verified, sealed, alice):
    content = bytearray(sealed.read_bytes())
    content[300] = ord("A") if content[300] != ord("A") else ord("B")
    sealed.write_bytes(content)
    code, status, _, checks = verified(sealed, "-i", alice.file)
    assert (code, status["hash"], status["opens"]) == (ExitCode.CHECK_FAILED, "fail", "fail")
    assert checks["hash"]["expected"] != checks["hash"]["found"]


def test_a_truncated_file_is_recognised_without_any_key(verified, sealed):
    sealed.write_bytes(sealed.read_bytes()[:-100])
    code, status, *_ = verified(sealed)
    assert (code, status["well-formed"], status["opens"]) == (ExitCode.CHECK_FAILED, "fail", "fail")


def test_a_file_sealed_to_another_recipient_under_the_same_name_fails(verified, sealed, bob, tmp_path):
    _, public = kit.ssh_key(tmp_path)
    sealed.unlink()
    kit.sealed(tmp_path, [public])
    code, status, _, checks = verified(sealed)
    assert (code, status["custodians"], status["hash"]) == (ExitCode.CHECK_FAILED, "fail", "fail")
    assert "ssh-ed25519 SHA256:" in checks["custodians"]["found"]


def test_who_opens_together_comes_from_the_report_or_from_opening(verified, tmp_path, alice, bob):
    infos = kit.sealed(tmp_path, [alice.recipient, bob.recipient], threshold=2)
    path, files = tmp_path / infos[0].path, ("-i", alice.file, "-i", bob.file)
    _, status, envelope, checks = verified(path, *files)
    assert (status["hash"], envelope["needs"]) == ("skip", 2)
    assert "2 custodians opened it together" in checks["custodians"]["found"]
    report(tmp_path / "report.json", *infos)
    _, status, envelope, checks = verified(path)
    assert (status["custodians"], envelope["needs"]) == ("pass", 2)
    assert checks["custodians"]["found"] == f"these 2 together: {alice.recipient}; {bob.recipient}"


def test_a_report_elsewhere_can_be_named_and_must_be_one(verified, command, sealed, tmp_path):
    elsewhere = tmp_path / "other.json"
    (tmp_path / "report.json").rename(elsewhere)
    _, status, _, checks = verified(sealed)
    assert (status["hash"], checks["hash"]["found"]) == ("skip", "there is no report.json in its directory")
    assert verified(sealed, "--report", elsewhere)[1]["hash"] == "pass"
    elsewhere.write_text("[]")
    assert command("verify", sealed, "--report", elsewhere).code == ExitCode.USAGE


@pytest.mark.parametrize("text", ["", "[]", '{"schema_version": 2, "envelopes": []}', '{"schema_version": 1}'])
def test_a_broken_report_beside_it_proves_nothing(verified, sealed, tmp_path, text):
    (tmp_path / "report.json").write_text(text)
    code, status, *_ = verified(sealed)
    assert (code, status["hash"]) == (ExitCode.DONE, "skip")


def test_a_file_that_was_renamed_is_known_by_its_hash(verified, sealed, tmp_path):
    sealed.rename(tmp_path / "renamed")
    assert verified(tmp_path / "renamed")[1]["hash"] == "pass"


def test_another_envelope_of_the_run_in_its_place_is_not_the_file_that_lay_there(verified, tmp_path, alice):
    (info,) = kit.sealed(tmp_path, [alice.recipient])
    password, key = tmp_path / info.path, tmp_path / "bg-alice.access-key.age"
    key.write_bytes(AgeSeal([alice.recipient]).encrypt(b"another", {}))
    other = {**asdict(info), "path": key.name, "sha256": hashlib.sha256(key.read_bytes()).hexdigest()}
    entries = [other, {**asdict(info), "path": password.name}]
    (tmp_path / "report.json").write_text(json.dumps({"schema_version": 1, "envelopes": entries}))
    password.write_bytes(key.read_bytes())
    code, status, *_ = verified(password)
    assert status["hash"] == "fail"
    assert code == ExitCode.CHECK_FAILED


def test_a_report_without_the_file_is_recognised(verified, sealed, tmp_path):
    report(tmp_path / "report.json")
    _, status, _, checks = verified(sealed)
    assert status["hash"] == "skip"
    assert "does not list this file" in checks["hash"]["found"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_can_read_warns(verified, sealed, mode):
    sealed.chmod(mode)
    code, status, _, checks = verified(sealed)
    assert (code, status["mode"]) == (ExitCode.DONE, "warn")
    assert "chmod 600" in checks["mode"]["remedy"]


def test_a_passphrase_is_tested_if_it_is_given(verified, tmp_path):
    path = tmp_path / "bg-alice.password.passphrase.age"
    path.write_bytes(kit.locked())
    path.chmod(0o600)
    code, status, envelope, _ = verified(path)
    assert (code, status["opens"], envelope["seal"]) == (ExitCode.DONE, "skip", "passphrase")
    assert verified(path, "--passphrase-fd", kit.piped(kit.PASSPHRASE))[1]["opens"] == "pass"


def test_kms_is_tried_where_there_are_credentials(verified, connected, fake_cloud, tmp_path):
    fake_cloud.inside = kit.content()
    code, status, envelope, checks = verified(kit.kms_file(tmp_path / "bg-alice.password.kms.json"))
    assert (code, status["opens"], status["binding"]) == (ExitCode.DONE, "pass", "pass")
    assert envelope["custodians"] == [kit.ARN]
    assert envelope["encryption_context"] == kit.CONTEXT
    assert "user=bg-alice" in checks["custodians"]["found"]


@pytest.mark.parametrize(
    ("kind", "status"),
    [(Kind.CREDENTIALS, "skip"), (Kind.UNREACHABLE, "skip"), (Kind.REFUSED, "fail"), (Kind.MISSING, "fail")],
)
def test_trouble_on_the_way_to_kms_proves_nothing_and_a_refusal_fails(
    verified, connected, fake_cloud, tmp_path, kind, status
):
    fake_cloud.inside = Problem("No.", kind=kind)
    assert verified(kit.kms_file(tmp_path / "bg-alice.password.kms.json"))[1]["opens"] == status


def test_a_kms_file_that_matches_the_report_names_who_may_decrypt_it(verified, connected, fake_cloud, tmp_path):
    path = kit.kms_file(tmp_path / "bg-alice.password.kms.json")
    entry = {"path": path.name, "contents": ["password"], "sha256": "0", "custodians": [kit.ARN], "needs": 1}
    (tmp_path / "report.json").write_text(json.dumps({"schema_version": 1, "envelopes": [entry]}))
    fake_cloud.inside = Problem("No.", kind=Kind.CREDENTIALS)
    found = verified(path)[3]["custodians"]["found"]
    assert found == f"AWS identities that may call kms:Decrypt with this key: {kit.ARN}"


@pytest.mark.parametrize(
    ("words", "ended"),
    [
        (["verify"], "Failed check: opens."),
        (["open", "--reveal"], "Not found in AWS: nothing was written to AWS."),
    ],
)
def test_an_envelope_of_an_ended_simulated_account_has_no_fix_and_so_no_command(
    command, connected, fake_cloud, tmp_path, words, ended
):
    path = kit.kms_file(tmp_path / "bg-alice.password.kms.json")
    fake_cloud.inside = Problem("No.", why="It ended.", kind=Kind.MISSING, code=OTHER_SIMULATED_ACCOUNT)
    ran = command(words[0], path, *words[1:])
    assert ran.err.splitlines()[-1] == ended
    assert "remedy" not in ran.out.split("opens")[-1].split("binding")[0]


def test_a_kms_file_of_another_key_than_the_report_says_fails(verified, connected, fake_cloud, tmp_path):
    path = kit.kms_file(tmp_path / "bg-alice.password.kms.json")
    entry = {"path": path.name, "contents": ["password"], "sha256": "0", "custodians": [kit.ARN + "0"], "needs": 1}
    (tmp_path / "report.json").write_text(json.dumps({"schema_version": 1, "envelopes": [entry]}))
    fake_cloud.inside = Problem("No.", kind=Kind.CREDENTIALS)
    assert verified(path)[1]["custodians"] == "fail"


def test_what_is_no_envelope_is_exit_two_and_a_document_of_its_own(command, tmp_path):
    (tmp_path / "e").write_text("hello")
    ran = command("verify", "--json", tmp_path / "e")
    assert ran.code == ExitCode.USAGE
    assert ran.json["problem"]["kind"] == "usage"


@pytest.mark.parametrize("left", [b"", b"\0" * 400, b"hello"])
def test_an_envelope_of_which_nothing_is_left_is_a_damaged_one_where_a_report_names_it(verified, command, sealed, left):
    sealed.write_bytes(left)
    code, status, envelope, checks = verified(sealed)
    assert code == ExitCode.CHECK_FAILED
    assert (status["well-formed"], status["hash"], status["opens"]) == ("fail", "fail", "fail")
    assert ("it is empty" in checks["well-formed"]["found"]) is (not left)
    assert envelope["bytes"] == len(left)
    (sealed.parent / "report.json").unlink()
    assert command("verify", sealed).code == ExitCode.USAGE
