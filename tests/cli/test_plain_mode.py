"""``--plain`` on a terminal: all phases, line by line."""

from __future__ import annotations

import io
import json
import signal
import time
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from console import Console
from scripted import Typing

from breakglass_tui.cli.options import Options
from breakglass_tui.cli.plain_mode import run_plain
from breakglass_tui.cli.streams import to_stderr
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import code_pair
from breakglass_tui.settings import data_dir, runs_root

SEALED = ["", "bg-night", "", "", "", "", "1", "", "", "", "", ""]
"""The answers for a console user whose secrets the first KMS key of the list seals."""


@pytest.fixture
def console():
    console = Console("--demo", "--plain")
    console.before = ""
    yield console
    console.close()


def walk(console, *steps):
    """Answer each question once it is there. Earlier output does not count."""
    for question, answer in steps:
        console.until(rf"(?s){question}[^\n]*:\s*$")
        console.before, console.seen = console.before + console.seen, ""
        console.type(answer)


def test_the_whole_way_on_a_terminal_without_a_single_escape_sequence(console):
    recipient = pyrage.x25519.Identity.generate().to_public()
    walk(
        console,
        ("Region", "eu-central-1"),
        ("User name", "bg night"),
        ("Use letters.*User name", "?"),
        ("generated name.*User name", "bg-night"),
        ("Path", ""),
        ("Access", "both"),
        ("Must the password", "<"),
        (r"Access[^\n]*both\]", ""),
        ("Must the password", "no"),
        ("MFA", "authenticator"),
        ("Require MFA", "yes"),
        ("KMS key", ""),
        ("age recipients to seal", recipient),
        ("Separate age recipients", ""),
        ("passphrase", "no"),
        ("Groups", "emergncy"),
        ("Did you mean emergency.*Groups", "emergency"),
        ("Role", "EmergencyAdmin"),
        ("Tags", "team=sre"),
        ("Type yes to create it", "yes"),
        ("First code", "seed"),
    )
    first, second = code_pair(Secret(console.until(r"Seed: ([A-Z2-7]+)")[1]), time.time())
    console.type(first)
    walk(console, ("Second code", second))
    code, out = console.ended()
    said = console.before + console.seen
    assert code == ExitCode.DONE, said
    assert "\x1b" not in said + out
    assert not set("█▀▄") & set(said)
    assert "PASS  mfa-devices" in out
    report = Path(next(line.strip() for line in out.splitlines() if line.endswith("report.json")))
    request = json.loads(report.read_text())["request"]
    wanted = {"region": "eu-central-1", "user_name": "bg-night", "access": "both", "mfa": "authenticator"}
    kept = {"seal_to": [str(recipient)], "groups": ["emergency"], "tags": {"team": "sre"}, "require_mfa": True}
    assert request | wanted | kept == request


def test_enter_alone_at_every_question_generates_a_passphrase_and_creates_the_user(console):
    for question in ("Region", "User name", "Path", "Access", "Must the password", "MFA", "KMS key", "age recipients"):
        walk(console, (question, ""))
    console.until(r"Seal with a passphrase \[yes\]:\s*$")
    console.type("")
    console.until(r"not shown[^\n]*:\s*$")
    console.type("")
    made = console.until(r"\r\n    (\S+)\r\n[^\0]*Press Enter")[1]
    console.type("")
    console.until(r"from your note[^\n]*:\s*$")
    console.type(made)
    walk(
        console,
        ("Groups", ""),
        ("Role", ""),
        ("Tags", ""),
        ('"no mfa"[^:]*', "no mfa"),
        ("yes to create it", "yes"),
    )
    code, out = console.ended()
    said = console.before + console.seen
    assert code == ExitCode.DONE, said
    assert said.count(made) == 1
    assert made not in out
    report = Path(next(line.strip() for line in out.splitlines() if line.endswith("report.json")))
    assert json.loads(report.read_text())["request"]["seal_passphrase"] is True


def test_ctrl_c_at_a_question_cancels_and_nothing_was_written(console):
    walk(console, ("Region", "?"), ("us-west-2.*Region", ""), ("User name", "bg-night"))
    console.until(r"Path[^\n]*:\s*$")
    console.process.send_signal(signal.SIGINT)
    assert console.ended() == (ExitCode.INTERRUPTED, "")
    last = "Interrupted: nothing was written to AWS. Start again with: breakglass-tui --demo --plain"
    assert console.seen.strip().splitlines()[-1] == last
    assert "\x1b" not in console.before + console.seen
    assert RunStore(runs_root(demo=True)).runs() == ()
    assert not data_dir().exists()


@pytest.fixture
def plain(connected, capsys):
    """Return a function that runs plain mode in a fake real account, and returns exit code, messages and stdout."""

    def _plain(*lines, **options):
        typing = Typing(lines)
        ending = run_plain(Options(plain=True, **options), typing)
        assert typing.lines == []
        ran = capsys.readouterr()
        last = ending.line(["--plain"])
        return ending.code, "\n".join(typing.said) + ran.err + last, ran.out

    return _plain


def test_kms_alone_and_a_real_account_are_each_accepted_in_words(plain, fake_cloud):
    code, said, out = plain(*SEALED, "yes", "only kms", "no mfa", "yes", "9012")
    assert "To avoid this, type < and add age recipients or a passphrase." in said
    assert "To avoid this, type < and choose an MFA device." in said
    assert 'Type "only kms" to continue, < to go back to the questions, or no to cancel:' in " ".join(said.split())
    assert "--passphrase-fd" not in said
    assert code == ExitCode.DONE, said
    assert fake_cloud.setups[-1].request.kms_key_id == "alias/break-glass"
    assert "KMS alone can lock you out" in said
    assert said.count("Type the last 4 digits of the account id to create it") == 2
    assert "READY" in out
    assert "report.json" in out


def test_no_at_the_review_writes_nothing(plain, fake_cloud):
    code, said, out = plain(*SEALED, "only kms", "no mfa", "no")
    assert (code, out) == (ExitCode.INTERRUPTED, "")
    assert said.endswith("Cancelled: nothing was written to AWS. Start again with: breakglass-tui --plain")
    assert fake_cloud.steps[0].log == []
    assert list(data_dir().glob("*/*")) == []


def test_from_the_review_the_operator_goes_back_to_the_questions_and_every_answer_is_kept(plain, fake_cloud):
    code, said, _ = plain(
        *SEALED, "<", "<", "<", "emergency", "", "a=b", "only kms", "<", "c=d", "only kms", "no mfa", "9012"
    )
    assert code == ExitCode.DONE, said
    request = fake_cloud.setups[-1].request
    assert (request.user_name, request.groups, request.tags) == ("bg-night", ("emergency",), {"c": "d"})


@pytest.mark.parametrize("kind", [Kind.UNREACHABLE, Kind.CREDENTIALS])
def test_a_failed_review_is_tried_again_and_no_question_is_asked_twice(plain, fake_cloud, monkeypatch, kind):
    policy, read = fake_cloud.account.admin_policy, []

    def assess(region, caller):
        read.append(region)
        trouble = Problem("AWS cannot be reached.", next="Check the network.", kind=kind)
        yield replace(fake_cloud.account, admin_policy=trouble if len(read) == 2 else policy)

    monkeypatch.setattr(fake_cloud, "assess", assess)
    code, said, _ = plain(*SEALED, "yes", "only kms", "no mfa", "9012")
    assert code == ExitCode.DONE
    assert "AWS cannot be reached." in said
    assert "Type yes to try again" in said
    assert said.count("User name [") == 1


def test_without_another_try_the_exit_code_is_that_of_the_problem(plain, fake_cloud, monkeypatch):
    def plan(setup):
        raise Problem("AWS cannot be reached.", kind=Kind.UNREACHABLE)

    monkeypatch.setattr(fake_cloud, "plan", plan)
    with pytest.raises(Problem) as raised:
        plain(*SEALED, "no")
    assert raised.value.kind is Kind.UNREACHABLE


def test_unfinished_runs_are_listed_first_with_their_commands(plain, left_run):
    left_run("aa11", "create-user", seal_to=["age1x"])
    code, said, _ = plain(*SEALED, "no", profile="night")
    assert code == ExitCode.INTERRUPTED
    assert "Unfinished runs (1):" in said
    assert "To remove the resources instead: breakglass-tui --profile night undo aa11\n" in said
    assert "Resume with: breakglass-tui --profile night resume aa11\n" in said
    assert said.index("Unfinished runs") < said.index("Reading account")


def test_the_run_ends_with_the_published_exit_codes(plain, fake_cloud, fake_check):
    fake_cloud.proofs[0] = fake_check("user-exists", CheckStatus.FAIL)
    assert plain(*SEALED, "only kms", "no mfa", "9012")[0] == ExitCode.CHECK_FAILED


def test_an_account_that_cannot_be_read_is_a_problem(plain, fake_cloud, monkeypatch):
    def identify():
        raise Problem("No one is signed in.", kind=Kind.CREDENTIALS)

    monkeypatch.setattr(fake_cloud, "identify", identify)
    with pytest.raises(Problem, match="No one is signed in"):
        plain()


def test_the_end_of_the_input_is_the_same_as_ctrl_c(plain):
    with pytest.raises(KeyboardInterrupt):
        plain("", "bg-night")


def test_a_terminal_without_our_signs_gets_ascii(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stderr", stream)
    to_stderr("Reading … a → b · tag é")
    assert stream.buffer.getvalue() == b"Reading ... a -> b - tag \\xe9\n"
