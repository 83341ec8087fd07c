"""Signed evidence on the command line: the configuration, every export, and what verify says about a forgery."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from signing_kit import allow, forge, require_programs, ssh_key

from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.report.integrity import SUMS
from breakglass_tui.report.signatures import SSH_SIGNATURE
from breakglass_tui.settings import config_dir, runs_root

WHO = "alice@example.org"


@pytest.fixture(autouse=True)
def _programs():
    require_programs()


@pytest.fixture
def configured():
    """Return a function that writes the table ``[evidence]`` of the configuration file."""

    def _configured(**settings):
        path = config_dir() / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{name} = {json.dumps(str(value))}" for name, value in settings.items()]
        path.write_text("\n".join(["[evidence]", *lines]))
        path.chmod(0o600)

    return _configured


@pytest.fixture
def key(tmp_path, configured):
    """Return the key of Alice, with which the configuration signs. She is an allowed signer."""
    key = ssh_key(tmp_path / "alice")
    configured(sign_with=key, allowed_signers=allow(tmp_path / "allowed", WHO, key), signer=WHO)
    return key


@pytest.fixture
def applied(key, command, connected, request_file, tmp_path):
    """Return a function that runs ``apply --out`` and returns its result."""

    def _applied(*more):
        return command("apply", "--yes", "--request", request_file, "--out", tmp_path / "out", *more)

    return _applied


def verified(command, path, *more):
    ran = command("verify", "--json", path, *more)
    return ran.code, {check["id"]: check["status"] for check in ran.json["checks"]}


def test_apply_signs_and_verify_needs_no_option(applied, key, command, tmp_path):
    ran = applied()
    assert ran.code == ExitCode.DONE
    assert str(tmp_path / "out" / SSH_SIGNATURE) in ran.out
    assert f"{key} signed a test text" in " ".join(ran.err.split())
    code, status = verified(command, tmp_path / "out" / "report.json")
    assert (code, set(status.values())) == (ExitCode.DONE, {"pass"})


@pytest.mark.parametrize("usable", [True, False])
def test_undo_signs_its_report_and_removes_everything_without_the_key_too(applied, key, command, tmp_path, usable):
    document = applied("--json").json
    if not usable:
        key.unlink()
    ran = command("undo", document["run"]["id"], "--yes")
    assert "nothing of run" in ran.err.splitlines()[-1]
    (report,) = (tmp_path / "out").glob("export-*/report.json")
    assert json.loads(report.read_text())["run"]["status"] == "undone"
    assert (report.parent / SSH_SIGNATURE).exists() is usable
    assert (ran.code == ExitCode.DONE) is usable


def test_verify_prints_the_command_of_ssh_keygen(applied, command, tmp_path):
    applied()
    ran = command("verify", tmp_path / "out" / "report.json")
    assert f"ssh-keygen -Y verify -f {tmp_path / 'allowed'} -I {WHO} -n breakglass-tui" in ran.out
    assert "signature_commands" in command("verify", "--json", tmp_path / "out" / "report.json").json


def test_the_option_replaces_the_configured_signers(applied, command, tmp_path):
    applied()
    other = allow(tmp_path / "other", "bob@example.org", ssh_key(tmp_path / "bob"))
    path = tmp_path / "out" / "report.json"
    assert verified(command, path, "--allowed-signers", other)[1]["signature"] == "fail"
    same = allow(tmp_path / "same", "bob@example.org", tmp_path / "alice")
    assert verified(command, path, "--allowed-signers", same)[1]["signature"] == "pass"


@pytest.mark.parametrize("name", ["allowed", f"out/{SSH_SIGNATURE}", f"out/{SUMS}"])
def test_a_file_that_is_too_large_is_given_to_no_program(applied, command, tmp_path, name):
    applied()
    os.truncate(tmp_path / name, 3 * 1024**3)
    ran = command("verify", tmp_path / "out" / "report.json")
    assert ran.code == ExitCode.CHECK_FAILED
    (line,) = (line for line in ran.out.splitlines() if "FAIL" in line and "signature" in line.lower())
    assert "arger than the limit of 4 MiB" in line


@pytest.mark.parametrize("option", ["--allowed-signers", "--public-key"])
def test_trusted_keys_are_refused_for_an_envelope(command, connected, tmp_path, option):
    given = tmp_path / "given"
    given.write_text("x")
    ran = command("verify", tmp_path / "bg.password.age", option, given)
    assert ran.code == ExitCode.USAGE
    assert "is an envelope, not a report" in ran.err


def rebuild(journal, change):
    """Change each line of the journal with ``change``, compute the whole chain again, and return the last hash."""
    lines, head = [], ""
    for number, line in enumerate(journal.read_text().splitlines()):
        body = json.loads(line)
        head = body["prev"] if number == 0 else head
        body = {**change(body), "prev": head}
        body.pop("h")
        chained = json.dumps(body, sort_keys=True, separators=(",", ":"))
        head = hashlib.sha256(chained.encode()).hexdigest()
        lines.append(json.dumps({**body, "h": head}, separators=(",", ":")))
    journal.write_text("\n".join(lines) + "\n")
    return head


def another_caller(body):
    return json.loads(json.dumps(body).replace("ops-admin", "intruder"))


@pytest.fixture
def rebuilt(applied):
    """Rewrite the journal of a signed run with another caller and a valid chain, and return its last hash."""
    run = applied("--json").json["run"]["id"]
    journal = runs_root(demo=False) / "runs" / run / "journal.jsonl"
    before = journal.read_text()
    head = rebuild(journal, another_caller)
    assert "intruder" in journal.read_text()
    assert before.splitlines()[-1] != journal.read_text().splitlines()[-1]
    return head


def test_a_rebuilt_journal_no_longer_has_the_signed_line(rebuilt, command, tmp_path):
    code, status = verified(command, tmp_path / "out" / "report.json")
    assert (code, status["signature"], status["journal"]) == (ExitCode.CHECK_FAILED, "pass", "fail")


def test_a_rebuilt_journal_with_a_matching_report_is_found_by_the_signature_alone(rebuilt, command, tmp_path):
    def change(document):
        document["integrity"]["journal_head"] = rebuilt
        document["run"]["caller_arn"] = document["run"]["caller_arn"].replace("ops-admin", "intruder")

    forge(tmp_path / "out", change)
    code, status = verified(command, tmp_path / "out" / "report.json")
    assert [id for id, each in status.items() if each == "fail"] == ["signature"]
    assert code == ExitCode.CHECK_FAILED


def test_a_removed_signature_fails_where_the_configuration_signs(applied, command, tmp_path):
    applied()
    (tmp_path / "out" / SSH_SIGNATURE).unlink()
    ran = command("verify", tmp_path / "out" / "report.json")
    assert ran.code == ExitCode.CHECK_FAILED
    assert ran.err.splitlines()[-1].startswith("Failed check: signature.")


def test_a_validation_signs_too_and_leaves_the_evidence_of_the_run(applied, command, tmp_path):
    applied()
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()}
    ran = command("validate", "--user-name", "bg-alice", "--out", tmp_path / "out")
    (later,) = (tmp_path / "out").glob("export-*")
    assert f"{tmp_path / 'out'} has an earlier report, which is unchanged." in ran.err
    assert ran.err.splitlines()[-1].endswith(f"Report: {later / 'report.md'}")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()} == before
    for directory in (tmp_path / "out", later):
        assert verified(command, directory / "report.json")[1]["signature"] == "pass"


def test_without_a_working_key_nothing_is_written_to_aws(applied, key, fake_cloud):
    key.unlink()
    key.with_name("alice.pub").unlink()
    ran = applied()
    assert ran.code == ExitCode.UNDONE
    assert "Failed: evidence-signing: The evidence cannot be signed" in ran.out
    assert [step.log for step in fake_cloud.steps] == [[]] * len(fake_cloud.steps)


def test_evidence_that_could_not_be_signed_is_written_and_the_exit_code_says_so(
    applied, key, fake_cloud, fake_check, tmp_path
):
    class Removed(fake_check):
        def inspect(self, context):
            key.unlink(missing_ok=True)
            return super().inspect(context)

    fake_cloud.proofs = [Removed("user-exists"), *fake_cloud.proofs[1:]]
    ran = applied()
    assert ran.code == ExitCode.UNEXPECTED
    assert (tmp_path / "out" / "report.json").exists()
    assert "cannot be signed" in ran.err
    last = ran.err.splitlines()[-1]
    assert last.startswith("Done: READY, but the evidence is not signed. Report: ")
    assert "Validate again with: breakglass-tui validate --user-name bg-alice" in last


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("keys/id", "must be the path of an SSH key, with / or ~/ at its start, or kms: and a KMS key"),
        ("kms:", "must be the path of an SSH key"),
        ("arn:aws:kms:eu-west-1:123456789012:key/x", "must be the path of an SSH key"),
    ],
)
def test_a_wrong_setting_is_refused(configured, command, value, said):
    configured(sign_with=value)
    ran = command("runs")
    assert ran.code == ExitCode.USAGE
    assert f"evidence.sign_with {said}" in ran.err


def test_a_kms_key_is_taken_from_the_cloud(configured, command, connected, fake_cloud, request_file, tmp_path):
    asked = []

    class Signer:
        signature_name = f"{SUMS}.kms.sig"
        kms_key_id = "alias/evidence"

        def sign(self, content):
            asked.append(content)
            return {self.signature_name: b"signature"}

        def test(self):
            raise Problem("KMS refused the key.", why="It is disabled.", kind=Kind.REFUSED)

    def kms_signer(key_id):
        asked.append(key_id)
        return Signer()

    fake_cloud.kms_signer = kms_signer
    configured(sign_with="kms:alias/evidence")
    ran = command("validate", "--user-name", "bg-alice", "--out", tmp_path / "out")
    assert ran.code == ExitCode.DONE
    assert asked == ["alias/evidence", (tmp_path / "out" / SUMS).read_bytes()]
    ran = command("apply", "--yes", "--request", request_file, "--out", tmp_path / "run")
    assert ran.code == ExitCode.UNDONE
    assert "It is disabled." in ran.err


def test_the_demo_does_not_sign(key, command, connected, request_file, tmp_path):
    command("--demo", "apply", "--yes", "--request", request_file, "--out", tmp_path / "out")
    assert not (tmp_path / "out" / SSH_SIGNATURE).exists()
    assert (tmp_path / "out" / "report.json").exists()


def test_home_is_expanded(command, configured, connected, tmp_path):
    home = Path(os.environ["HOME"])
    key = ssh_key(home / "alice")
    configured(sign_with="~/alice", allowed_signers="~/allowed")
    allow(home / "allowed", WHO, key)
    command("validate", "--user-name", "bg-alice", "--out", tmp_path / "out")
    assert verified(command, tmp_path / "out" / "report.json")[1]["signature"] == CheckStatus.PASS
