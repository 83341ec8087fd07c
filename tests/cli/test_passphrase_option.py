"""A passphrase for the seals of a run: from a descriptor into the vault, never into a file."""

from __future__ import annotations

import hashlib
import os
import signal
from dataclasses import replace

import envelope_kit as kit
import pytest

from breakglass_tui.cli.seal_options import store_known_passphrase
from breakglass_tui.domain.account import Caller
from breakglass_tui.domain.events import EnvelopeInfo, RunStarted, StepBrief, StepStarted
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.recovery_events import EnvelopeStarted
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import Vault
from breakglass_tui.settings import runs_root

CALLER = Caller(kit.ACCOUNT_ID, "arn:aws:iam::123456789012:user/ops-admin", "AIDAOPS")
USER = frozenset({"create-user"})


@pytest.fixture
def request_file(tmp_path):
    path = tmp_path / "request.toml"
    path.write_text('region = "eu-west-1"\nuser_name = "bg-alice"\n')
    return path


@pytest.fixture
def at_work(fake_cloud, fake_step):
    """Return the list of passphrases that the vault held while the first step was running."""
    held = []

    def look(context):
        held.append(fake_cloud.setups[-1].vault.get(PASSPHRASE).reveal())

    fake_cloud.steps = [fake_step("create-user", work=look)]
    return held


@pytest.fixture
def applied(command, connected, request_file, tmp_path):
    def _applied(*more):
        return command("apply", "--yes", "--request", request_file, "--out", tmp_path / "out", *more)

    return _applied


def everything_in(directory):
    return b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())


def test_the_passphrase_is_in_the_vault_while_the_run_is_at_work_and_nowhere_afterwards(
    applied, at_work, fake_cloud, tmp_path
):
    ran = applied("--passphrase-fd", kit.piped(f" {kit.PASSPHRASE} \n"))
    assert ran.code == ExitCode.DONE
    assert at_work == [f" {kit.PASSPHRASE} "]
    assert fake_cloud.setups[-1].vault.get(PASSPHRASE) is None
    assert fake_cloud.setups[-1].request.seal_passphrase
    kept = everything_in(tmp_path) + everything_in(runs_root(demo=False)) + (ran.out + ran.err).encode()
    assert kit.PASSPHRASE.encode() not in kept
    assert b'"seal_passphrase": true' in kept


@pytest.mark.parametrize(
    "weak",
    [
        "",
        "tiny words",
        "correct horse battery staple"[:19],
        "a" * 30,
        "bg-alice bg-alice bg-alice",
        "123456789012123456789012",
        "x" * 5000,
        "\r",
    ],
)
def test_a_weak_one_is_refused_with_the_reason_and_nothing_is_written(applied, at_work, weak):
    ran = applied("--passphrase-fd", kit.piped(f"{weak}\n"))
    assert (ran.code, at_work) == (ExitCode.USAGE, [])
    assert "passphrase" in ran.err
    assert not weak or weak not in ran.err


def test_a_windows_file_has_the_same_passphrase(applied, at_work):
    assert applied("--passphrase-fd", kit.piped(f"{kit.PASSPHRASE}\r\n")).code == ExitCode.DONE
    assert at_work == [kit.PASSPHRASE]


@pytest.mark.parametrize("number", [1, 2])
def test_an_output_stream_is_refused(applied, at_work, number):
    ran = applied("--passphrase-fd", number)
    assert (ran.code, at_work) == (ExitCode.USAGE, [])
    assert "is an output of this program" in ran.err


def test_bytes_that_are_no_text_are_refused(applied, at_work):
    read, write = os.pipe()
    os.write(write, b"\xff" * 30)
    os.close(write)
    assert applied("--passphrase-fd", read).code == ExitCode.USAGE
    assert at_work == []


def test_without_a_terminal_a_request_that_wants_a_passphrase_names_the_option(applied, connected, request_file):
    request_file.write_text(request_file.read_text() + "seal_passphrase = true\n")
    ran = applied()
    assert ran.code == ExitCode.USAGE
    assert "give it with --passphrase-fd" in ran.err
    assert connected == []


def test_without_any_seal_all_three_seals_are_named(applied, connected):
    ran = applied()
    assert ran.code == ExitCode.USAGE
    assert all(way in ran.err for way in ("kms_key_id", "seal_to", "--passphrase-fd"))
    assert connected == []


def test_stdin_cannot_give_both(command, connected):
    ran = command("apply", "--yes", "--request", "-", "--passphrase-fd", "0")
    assert ran.code == ExitCode.USAGE
    assert "both read stdin" in ran.err


def test_a_plan_asks_for_no_passphrase_and_uses_one_that_is_there(command, connected, fake_cloud, request_file):
    request_file.write_text(request_file.read_text() + "seal_passphrase = true\n")
    assert command("plan", "--request", request_file).code == ExitCode.DONE
    assert fake_cloud.setups[-1].vault.get(PASSPHRASE) is None
    ran = command("plan", "--json", "--request", request_file, "--passphrase-fd", kit.piped(kit.PASSPHRASE))
    assert (ran.code, ran.json["request"]["seal_passphrase"]) == (ExitCode.DONE, True)
    assert command("plan", "--request", request_file, "--passphrase-fd", kit.piped("weak")).code == ExitCode.USAGE


@pytest.fixture
def stopped(applied, fake_cloud, fake_step):
    """Return a function that stops a run with a passphrase after it has sealed ``envelopes``, and returns its id."""

    def stops(context):
        os.kill(os.getpid(), signal.SIGTERM)
        context.wait(60)

    key = fake_step("access-key", USER, stops)

    def _stopped(*envelopes):
        user = fake_step("create-user", work=lambda context: StepOutcome("made", envelopes=envelopes))
        fake_cloud.steps = [user, key]
        ran = applied("--json", "--passphrase-fd", kit.piped(kit.PASSPHRASE))
        assert ran.code == ExitCode.INCOMPLETE
        key.work = lambda context: StepOutcome(fake_cloud.setups[-1].vault.get(PASSPHRASE).reveal()[:6])
        return ran.json["run"]["id"]

    return _stopped


def test_a_resumed_run_needs_a_passphrase_as_long_as_there_is_something_to_seal(stopped, command, connected):
    run_id = stopped()
    connected.clear()
    ran = command("resume", run_id)
    assert ran.code == ExitCode.USAGE
    assert "--passphrase-fd" in ran.err
    assert connected == []
    assert command("resume", run_id, "--passphrase-fd", kit.piped("weak")).code == ExitCode.USAGE
    ran = command("resume", run_id, "--passphrase-fd", kit.piped(kit.PASSPHRASE))
    assert ran.code == ExitCode.DONE
    assert kit.PASSPHRASE[:6] in ran.err


def test_one_run_never_has_two_passphrases(stopped, command, tmp_path):
    path = tmp_path / "elsewhere.age"
    path.write_bytes(kit.locked())
    sha256 = hashlib.sha256(kit.locked()).hexdigest()
    run_id = stopped(EnvelopeInfo(str(path), ("password",), (PASSPHRASE,), sha256, (PASSPHRASE,)))
    ran = command("resume", run_id, "--passphrase-fd", kit.piped("another passphrase of good length 77"))
    assert ran.code == ExitCode.USAGE
    assert "not the one that sealed the run" in ran.err
    assert command("resume", run_id, "--passphrase-fd", kit.piped(kit.PASSPHRASE)).code == ExitCode.DONE


def test_an_envelope_that_was_only_started_counts_too(tmp_path, clock, header):
    path = tmp_path / "bg-alice.password.passphrase.age"
    path.write_bytes(kit.locked())
    request = {**header.request, "seal_passphrase": True}
    record = RunRecord()
    for event in (
        RunStarted(clock.now(), replace(header, request=request), (StepBrief("login-profile", "Sign-in"),)),
        StepStarted(clock.now(), "login-profile"),
        EnvelopeStarted(clock.now(), "login-profile", str(path)),
    ):
        record.apply(event)
    with pytest.raises(Problem, match="not the one that sealed"):
        store_known_passphrase(Vault(), record, CALLER, Terminal(print), Secret("another passphrase of good length 77"))


def test_undo_needs_none(stopped, command):
    assert command("undo", stopped(), "--yes").code == ExitCode.DONE


def test_a_run_without_such_a_seal_has_no_use_for_one(command, connected, left_run):
    left_run("aa", "create-user", "access-key", seal_to=["age1x"])
    ran = command("resume", "aa", "--passphrase-fd", kit.piped(kit.PASSPHRASE))
    assert ran.code == ExitCode.USAGE
    assert "not sealed with a passphrase" in ran.err
    assert connected == []


@pytest.fixture
def only_kms(request_file):
    request_file.write_text(request_file.read_text() + 'kms_key_id = "alias/break-glass"\n')


@pytest.fixture
def typed(monkeypatch):
    """Return the list of lines that an operator types."""
    lines = []
    monkeypatch.setattr(Terminal, "attached", lambda self: True)
    monkeypatch.setattr(Terminal, "read_line", lambda self, over=None: lines.pop(0))
    return lines


@pytest.mark.parametrize(
    ("lines", "code"), [(["only kms", "no mfa", "yes"], 0), (["yes"], 130), (["only  kms"], 130), ([""], 130)]
)
def test_kms_alone_needs_typed_words_before_the_yes(
    command, connected, only_kms, request_file, tmp_path, fake_cloud, typed, lines, code
):
    typed += lines
    ran = command("apply", "--request", request_file, "--out", tmp_path / "out")
    assert ran.code == code
    assert typed == []
    assert bool(fake_cloud.steps[0].log) is (code == 0)
    assert "needs the access to AWS that is missing" in ran.err
    assert "seal_to (age recipients) or --passphrase-fd" in ran.err


def test_with_yes_and_in_a_plan_kms_alone_is_one_line_of_warning(applied, command, only_kms, request_file):
    for ran in (applied(), command("plan", "--request", request_file)):
        assert ran.code == ExitCode.DONE
        (line,) = [line for line in ran.err.splitlines() if "KMS alone can lock you out" in line]
        assert line.startswith("breakglass-tui: warning: ")


def test_with_a_second_seal_no_words_about_kms_are_asked_for(
    command, connected, only_kms, request_file, tmp_path, typed
):
    typed += ["no mfa", "yes"]
    fd = kit.piped(kit.PASSPHRASE)
    ran = command("apply", "--request", request_file, "--out", tmp_path / "out", "--passphrase-fd", fd)
    assert ran.code == ExitCode.DONE
    assert "KMS alone" not in ran.err
