from __future__ import annotations

import json
import os

import envelope_kit as kit
import pytest

from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.secrets.envelope_reader import DOES_NOT_OPEN


@pytest.fixture
def alice(tmp_path):
    return kit.custodian(tmp_path, "alice")


@pytest.fixture
def envelope(tmp_path, alice):
    (info,) = kit.sealed(tmp_path, [alice.recipient])
    return tmp_path / info.path


@pytest.fixture
def revealed(command):
    return lambda *arguments: command("open", "--reveal", *arguments)


def test_to_a_pipe_stdout_is_exactly_the_payload_and_stderr_warns(revealed, envelope, alice, connected):
    ran = revealed(envelope, "--identity", alice.file)
    assert ran.code == ExitCode.DONE
    assert ran.json == json.loads(kit.content())
    assert "warning: stdout gets a secret in clear text" in ran.err
    assert kit.PASSWORD not in ran.err
    assert connected == []


def test_without_a_screen_nothing_is_shown_unless_asked_for(command, envelope, alice):
    ran = command("open", envelope, "-i", alice.file)
    assert (ran.code, ran.out) == (ExitCode.USAGE, "")
    assert "--reveal" in ran.err


@pytest.mark.parametrize(
    ("sort", "said", "code"),
    [
        ("absent", "cannot be read", ExitCode.USAGE),
        ("foreign", "is not an envelope", ExitCode.USAGE),
        ("no identity", "no identity was given", ExitCode.USAGE),
        ("wrong identity", "does not open", ExitCode.CHECK_FAILED),
    ],
)
def test_the_file_and_the_identity_are_tested_before_reveal_is_suggested(command, tmp_path, envelope, sort, said, code):
    path, more = envelope, ()
    if sort == "absent":
        path = tmp_path / "absent"
    elif sort == "foreign":
        path = tmp_path / "foreign"
        path.write_text("hello")
    elif sort == "wrong identity":
        more = ("-i", kit.custodian(tmp_path, "other").file)
    ran = command("open", path, *more)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert "--reveal" not in ran.err


def test_without_a_screen_kms_is_not_asked(command, connected, tmp_path):
    ran = command("open", kit.kms_file(tmp_path / "e"))
    assert (ran.code, ran.out) == (ExitCode.USAGE, "")
    assert "--reveal" in ran.err
    assert connected == []


def test_on_a_terminal_reveal_is_refused(revealed, envelope, alice, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    ran = revealed(envelope, "-i", alice.file)
    assert (ran.code, ran.out) == (ExitCode.USAGE, "")
    assert "scrollback" in ran.err


def test_on_a_screen_it_is_shown_and_then_wiped(command, envelope, alice, monkeypatch):
    shown = []

    def show(title, facts, secrets):
        shown.append((title, dict(facts), {name: secret.reveal() for name, secret in secrets}, secrets))

    monkeypatch.setattr("breakglass_tui.cli.open_envelope.has_screen", lambda: True)
    monkeypatch.setattr("breakglass_tui.ui.envelope_app.show_envelope", show)
    ran = command("open", envelope, "-i", alice.file)
    assert (ran.code, ran.out) == (ExitCode.DONE, "")
    title, facts, texts, secrets = shown[0]
    assert title == envelope.name
    assert facts == {"Contents": "password", "User": "bg-alice", "Account": kit.ACCOUNT_ID, "Run": "00aa"}
    assert texts == {"Password": kit.PASSWORD}
    assert [secret.reveal() for _, secret in secrets] == [""]


def test_several_identities_open_what_needs_them_together(revealed, tmp_path, alice):
    bob = kit.custodian(tmp_path, "bob")
    (info,) = kit.sealed(tmp_path, [alice.recipient, bob.recipient], threshold=2)
    assert revealed(tmp_path / info.path, "-i", alice.file, "-i", bob.file).json["secret"]["password"] == kit.PASSWORD
    ran = revealed(tmp_path / info.path, "-i", bob.file)
    assert (ran.code, ran.out) == (ExitCode.CHECK_FAILED, "")
    assert "It needs 2 private keys together, and you gave 1." in ran.err
    assert "-i FILE -i FILE" in ran.err


def test_the_wrong_identity_and_a_changed_file_are_exit_three(revealed, tmp_path, envelope):
    other = kit.custodian(tmp_path, "other")
    ran = revealed(envelope, "-i", other.file)
    assert (ran.code, ran.out) == (ExitCode.CHECK_FAILED, "")
    assert "encrypted to other recipients" in ran.err
    envelope.write_bytes(envelope.read_bytes()[:-80])
    ran = revealed(envelope)
    assert ran.code == ExitCode.CHECK_FAILED
    assert "damaged" in ran.err


@pytest.mark.parametrize("sort", ["foreign", "directory", "fifo", "absent", "no identity", "bad identity"])
def test_what_cannot_be_used_is_exit_two(revealed, tmp_path, envelope, sort):
    path, more = tmp_path / "thing", ()
    if sort == "foreign":
        path.write_text("hello")
    elif sort == "directory":
        path.mkdir()
    elif sort == "fifo":
        os.mkfifo(path)
    elif sort == "no identity":
        path = envelope
    elif sort == "bad identity":
        path, more = envelope, ("-i", tmp_path / "absent")
    ran = revealed(path, *more)
    assert (ran.code, ran.out) == (ExitCode.USAGE, "")
    assert len(ran.err.splitlines()) > 1


def test_a_passphrase_comes_from_a_descriptor_which_is_closed(revealed, tmp_path):
    path = tmp_path / "e"
    path.write_bytes(kit.locked())
    read = kit.piped(f"{kit.PASSPHRASE}\nnot this\n")
    ran = revealed(path, "--passphrase-fd", read)
    assert ran.json["secret"] == {"password": kit.PASSWORD}
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(read)


def test_without_a_terminal_a_passphrase_must_be_given(revealed, tmp_path):
    path = tmp_path / "e"
    path.write_bytes(kit.locked())
    ran = revealed(path)
    assert ran.code == ExitCode.USAGE
    assert "--passphrase-fd" in ran.err


@pytest.mark.parametrize("given", ["99999", "hunter2-hunter2", "-1", "1e3", "²", ""])
def test_what_is_no_open_descriptor_is_refused_and_not_repeated(revealed, envelope, given):
    ran = revealed(envelope, f"--passphrase-fd={given}")
    assert ran.code == ExitCode.USAGE
    assert "--passphrase-fd" in ran.err
    assert "hunter2" not in ran.err


def test_kms_is_asked_with_the_content_of_the_file(command, connected, fake_cloud, tmp_path):
    fake_cloud.inside = kit.content()
    path = kit.kms_file(tmp_path / "e")
    ran = command("--profile", "ops", "open", path, "--reveal")
    assert ran.json["secret"] == {"password": kit.PASSWORD}
    assert connected[0]["profile"] == "ops"
    (asked,) = fake_cloud.unsealed
    assert (asked.key_arn, asked.context, asked.ciphertext) == (kit.ARN, kit.CONTEXT, b"sealed")


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (Problem("No.", kind=Kind.CREDENTIALS), ExitCode.CREDENTIALS),
        (Problem("No.", kind=Kind.REFUSED), ExitCode.UNDONE),
        (Problem("No.", kind=Kind.USAGE, code=DOES_NOT_OPEN), ExitCode.CHECK_FAILED),
    ],
)
def test_each_answer_of_kms_has_its_exit_code(revealed, connected, fake_cloud, tmp_path, problem, code):
    fake_cloud.inside = problem
    ran = revealed(kit.kms_file(tmp_path / "e"))
    assert (ran.code, ran.out) == (code, "")


def test_a_payload_that_cannot_be_written_is_not_written_elsewhere(revealed, envelope, alice, monkeypatch):
    def gone(*lines):
        raise Problem("The result cannot be written to stdout.", kind=Kind.UNEXPECTED)

    monkeypatch.setattr("breakglass_tui.cli.open_envelope.to_stdout", gone)
    ran = revealed(envelope, "-i", alice.file)
    assert ran.code == ExitCode.UNEXPECTED
    assert kit.PASSWORD not in ran.err + ran.out
