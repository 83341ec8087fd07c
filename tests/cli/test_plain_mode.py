"""``--plain`` on a terminal: the whole way, line by line."""

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
from breakglass_tui.cli.streams import people
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import code_pair
from breakglass_tui.settings import data_dir, runs_root

SEALED = ["", "bg-night", "", "", "", "", "1", "", "", "", "", ""]
"""What is typed for a console user that the first KMS key of the list seals."""


@pytest.fixture
def console():
    console = Console("--demo", "--plain")
    console.before = ""
    yield console
    console.close()


def walk(console, *steps):
    """Answer each question once it is there; what was said before is no answer to it."""
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
        ("has only letters.*User name", "?"),
        ("- alone has.*User name", "bg-night"),
        ("Path", ""),
        ("Access", "both"),
        ("Must the password", "<"),
        (r"Access[^\n]*both\]", ""),
        ("Must the password", "no"),
        ("MFA", "authenticator"),
        ("Deny everything", "yes"),
        ("KMS key", ""),
        ("age recipients to seal", recipient),
        ("Other age recipients", ""),
        ("passphrase", "no"),
        ("Groups", "emergncy"),
        ("did you mean emergency.*Groups", "emergency"),
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


def test_ctrl_c_at_a_question_leaves_and_nothing_was_written(console):
    walk(console, ("Region", "?"), ("us-west-2.*Region", ""), ("User name", "bg-night"))
    console.until(r"Path[^\n]*:\s*$")
    console.process.send_signal(signal.SIGINT)
    assert console.ended() == (ExitCode.INTERRUPTED, "")
    assert "Interrupted." in console.seen
    assert "\x1b" not in console.before + console.seen
    assert RunStore(runs_root(demo=True)).runs() == ()
    assert not data_dir().exists()


@pytest.fixture
def plain(connected, capsys):
    """Carries plain mode out in a real account that is made of nothing; gives the exit code and what was said."""

    def _plain(*lines, **options):
        typing = Typing(lines)
        code = run_plain(Options(plain=True, **options), typing)
        assert typing.lines == []
        ran = capsys.readouterr()
        return code, "\n".join(typing.said) + ran.err, ran.out

    return _plain


def test_kms_alone_and_a_real_account_are_each_accepted_in_words(plain, fake_cloud):
    code, said, out = plain(*SEALED, "yes", "only kms", "yes", "9012")
    assert code == ExitCode.DONE, said
    assert fake_cloud.setups[-1].request.kms_key_id == "alias/break-glass"
    assert "Only a KMS key seals these secrets" in said
    assert said.count("Type the last 4 digits of the account id to create it") == 2
    assert "READY" in out
    assert "report.json" in out


def test_no_at_the_review_writes_nothing(plain, fake_cloud):
    code, said, out = plain(*SEALED, "only kms", "no")
    assert (code, out) == (ExitCode.INTERRUPTED, "")
    assert said.endswith("Nothing was written.\n")
    assert fake_cloud.steps[0].log == []
    assert list(data_dir().glob("*/*")) == []


def test_from_the_review_one_goes_back_to_the_questions_and_every_answer_is_still_there(plain, fake_cloud):
    code, said, _ = plain(*SEALED, "<", "<", "<", "emergency", "", "a=b", "only kms", "<", "c=d", "only kms", "9012")
    assert code == ExitCode.DONE, said
    request = fake_cloud.setups[-1].request
    assert (request.user_name, request.groups, request.tags) == ("bg-night", ("emergency",), {"c": "d"})


@pytest.mark.parametrize("kind", [Kind.UNREACHABLE, Kind.CREDENTIALS])
def test_what_fails_in_the_review_is_tried_again_and_no_question_is_asked_twice(plain, fake_cloud, monkeypatch, kind):
    policy, read = fake_cloud.account.admin_policy, []

    def assess(region, caller):
        read.append(region)
        trouble = Problem("AWS cannot be reached.", next="Look at the network.", kind=kind)
        yield replace(fake_cloud.account, admin_policy=trouble if len(read) == 2 else policy)

    monkeypatch.setattr(fake_cloud, "assess", assess)
    code, said, _ = plain(*SEALED, "yes", "only kms", "9012")
    assert code == ExitCode.DONE
    assert "AWS cannot be reached." in said
    assert "Type yes to try again" in said
    assert said.count("User name [") == 1


def test_whoever_does_not_try_again_leaves_with_the_exit_code_of_the_problem(plain, fake_cloud, monkeypatch):
    def plan(setup):
        raise Problem("AWS cannot be reached.", kind=Kind.UNREACHABLE)

    monkeypatch.setattr(fake_cloud, "plan", plan)
    with pytest.raises(Problem) as raised:
        plain(*SEALED, "no")
    assert raised.value.kind is Kind.UNREACHABLE


def test_runs_that_were_left_unfinished_are_named_first_with_their_commands(plain, left_run):
    left_run("aa11", "create-user", seal_to=["age1x"])
    code, said, _ = plain(*SEALED, "no", profile="night")
    assert code == ExitCode.INTERRUPTED
    commands = (f"breakglass-tui --profile night {word} aa11" for word in ("resume", "undo"))
    assert "Left unfinished (1):" in said
    assert "Resume with: {}   or remove it with: {}".format(*commands) in said
    assert said.index("Left unfinished") < said.index("Reading account")


def test_the_run_ends_with_the_published_exit_codes(plain, fake_cloud, fake_check):
    fake_cloud.proofs[0] = fake_check("user-exists", CheckStatus.FAIL)
    assert plain(*SEALED, "only kms", "9012")[0] == ExitCode.CHECK_FAILED


def test_an_account_that_cannot_be_read_is_a_problem_as_everywhere(plain, fake_cloud, monkeypatch):
    def identify():
        raise Problem("Nobody is signed in.", kind=Kind.CREDENTIALS)

    monkeypatch.setattr(fake_cloud, "identify", identify)
    with pytest.raises(Problem, match="Nobody is signed in"):
        plain()


def test_whoever_closes_the_input_wants_what_ctrl_c_does(plain):
    with pytest.raises(KeyboardInterrupt):
        plain("", "bg-night")


def test_a_terminal_without_our_signs_gets_plainer_ones(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stderr", stream)
    people("Reading … a → b · tag é")
    assert stream.buffer.getvalue() == b"Reading ... a -> b - tag \\xe9\n"
