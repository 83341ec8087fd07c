"""Hostile text in every command: on the terminal, in the document, and in the reports."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hostile import ALL, STEERING, WORST, steering

from breakglass_tui.domain.account import AdminPolicy
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, StepOutcome

NEW_LINE = "good\nPWNED"
TEXTS = (*WORST, NEW_LINE, "a\rPWNED", "a\u2028PWNED", "| x |\n# PWNED <b>[y](z)</b>")


class Page(HTMLParser):
    """The words of a page and its tags."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words = set(), ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)

    def handle_data(self, data):
        self.words += data


def harmless_output(*streams):
    """Assert that there is no control byte, and no line that the payload created."""
    for text in streams:
        assert steering(text) == []
        assert not [line for line in text.splitlines() if line.startswith(("PWNED", "# PWNED"))]


@pytest.fixture(params=TEXTS, ids=ascii)
def text(request):
    return request.param


@pytest.fixture
def hostile(fake_cloud, fake_step, fake_check, connected, text):
    """Return a cloud that answers everything with ``text``."""
    mine = fake_cloud.account
    caller = replace(mine.caller, alias=text, arn=f"{mine.caller.arn}{text}")
    policy = AdminPolicy(text, text, {"Version": text, text: [text]})
    fake_cloud.account = replace(mine, caller=caller, admin_policy=policy)
    call = Call(text, text, 5, 2, text)
    result = CheckResult("user-exists", text, CheckStatus.FAIL, *[text] * 7, calls=(call,))

    def work(context):
        context.note(text)
        context.call_delayed("iam:CreateUser", text, 0.1)
        context.call_finished(call)
        context.call_settled("iam:CreateUser", text)
        context.unmanaged_found(text)
        envelope = EnvelopeInfo(f"/tmp/{text}", (text,), (text,), text, (text,), 2)
        return StepOutcome(text, {"user_arn": text, "user_id": text}, (envelope,))

    class Step(fake_step):
        title = text

    class Check(fake_check):
        title = text

        def inspect(self, context):
            context.call_finished(call)
            return replace(result, id=self.id)

    change = Change("diff", text, f"--- {text}\n+{text}")
    fake_cloud.steps = [
        Step("create-user", work=work, change=change, observed=ObservedState(Observation.UNMANAGED, text))
    ]
    fake_cloud.proofs = [Check("user-exists"), Check("access")]
    fake_cloud.looks = [fake_check("quota", CheckStatus.WARN)]
    return fake_cloud


def fails(text):
    def unwork(context):
        raise Problem(text, why=text, next=text)

    return unwork


def test_plan_shows_it_as_text(command, hostile, request_file, text):
    ran = command("plan", "--request", request_file)
    harmless_output(ran.out, ran.err)
    assert show(text) in ran.out


def test_apply_prints_it_reports_it_and_can_be_validated(command, hostile, request_file, tmp_path, text):
    out = tmp_path / "out"
    ran = command("apply", "--yes", "--request", request_file, "--out", out)
    assert ran.code == ExitCode.CHECK_FAILED
    harmless_output(ran.out, ran.err)
    assert show(text) in ran.out
    assert show(text) in ran.err
    reports = {path.name: path.read_text() for path in out.iterdir()}
    harmless_output(*reports.values())
    spelled = text.encode("utf-8", "backslashreplace").decode()
    assert spelled in [check["found"] for check in json.loads(reports["report.json"])["checks"]]
    for name in ("report.html", "runbook.html"):
        page = Page(reports[name])
        assert show(text) in page.words
        assert page.tags.isdisjoint({"b", "script", "img", "a"} - {"b"})
    assert not [line for line in reports["report.md"].splitlines() if line.startswith("|") and line.count(" | ") < 1]
    for form in ((), ("--json",), ("--junit",)):
        ran = command("validate", "--user-name", "bg-alice", *form)
        harmless_output(ran.out, ran.err)
    (_,) = ET.fromstring(ran.out)
    ran = command("verify", out / "report.json")
    harmless_output(ran.out, ran.err)


def test_a_step_that_cannot_be_undone_is_printed_and_listed(command, hostile, request_file, tmp_path, text):
    user = hostile.steps[0]
    user.work, user.unwork = fails(text), fails(text)
    ran = command("apply", "--yes", "--request", request_file, "--out", tmp_path / "out")
    assert ran.code == ExitCode.INCOMPLETE
    harmless_output(ran.out, ran.err)
    assert show(text) in ran.err
    for arguments in (["runs"], ["runs", "--json"], ["undo", "--yes"], ["resume"]):
        run_id = command("runs", "--json").json["runs"][0]["id"]
        ran = command(*arguments, *([run_id] if arguments[0] != "runs" else []))
        harmless_output(ran.out, ran.err)


def test_documents_for_programs_say_exactly_what_was_there(command, hostile, request_file, text):
    ran = command("plan", "--json", "--request", request_file)
    assert ran.out.isascii()
    harmless_output(ran.out, ran.err)
    assert ran.json["account"]["alias"] == text


def test_an_account_that_refuses_with_hostile_text_is_a_problem(command, hostile, request_file, text):
    def refuse():
        raise Problem(text, why=text, next=text, kind=Kind.REFUSED)

    hostile.identify = refuse
    ran = command("plan", "--request", request_file)
    assert ran.code == ExitCode.UNDONE
    harmless_output(ran.out, ran.err)
    assert show(text) in ran.err


ARGUMENTS = {
    "an option": ["--{}"],
    "a command": ["{}"],
    "a profile": ["--profile", "{}", "runs"],
    "a region": ["--region", "{}", "runs"],
    "an endpoint": ["--endpoint-url", "{}", "runs"],
    "a run": ["resume", "{}"],
    "another run": ["undo", "{}"],
    "a file": ["plan", "--request", "{}"],
    "a user": ["validate", "--user-name", "{}"],
    "an envelope": ["verify", "{}"],
}


def is_argument(text):
    """Return whether the system can pass the text to a program."""
    return "\0" not in text and not set(text) & set(map(chr, (*range(0xD800, 0xDC80), *range(0xDD00, 0xE000))))


@pytest.mark.parametrize("where", ARGUMENTS)
def test_an_argument_is_repeated_harmlessly_or_not_at_all(command, connected, where):
    for text in filter(is_argument, (*ALL.values(), *WORST)):
        arguments = [part.format(text) for part in ARGUMENTS[where]]
        ran = command(*arguments)
        assert "Traceback" not in ran.err
        assert ran.code in (ExitCode.DONE, ExitCode.USAGE, ExitCode.CREDENTIALS), (text, ran.err)
        harmless_output(ran.out, ran.err)


FIELDS = ("region", "user_name", "path", "role_arn", "kms_key_id", "access", "mfa", "unknown")


@pytest.mark.parametrize("field", FIELDS)
def test_a_value_in_the_request_file_is_refused_in_words_before_aws_is_asked(command, connected, tmp_path, field):
    for name, text in ALL.items():
        path = tmp_path / "request.json"
        name_it = {field: text} if field != "unknown" else {text: "x"}
        path.write_text(json.dumps({"region": "eu-west-1", "user_name": "bg-alice"} | name_it))
        ran = command("plan", "--request", path)
        assert ran.code == ExitCode.USAGE, (name, ran.err)
        harmless_output(ran.out, ran.err)
    assert connected == []


@pytest.mark.parametrize("text", [STEERING["osc title bel"], "[/]", "a\nPWNED", "caf\udce9"], ids=ascii)
def test_a_request_file_may_be_called_anything(command, connected, tmp_path, text):
    path = tmp_path / f"{text.replace('/', '_')}.toml"
    path.write_text("region = 1")
    ran = command("plan", "--request", os.fspath(path))
    assert ran.code == ExitCode.USAGE
    harmless_output(ran.out, ran.err)


def test_the_content_of_a_broken_request_file_is_shown_harmlessly(command, connected, tmp_path):
    for text in ALL.values():
        path = tmp_path / "request.toml"
        path.write_bytes(f'region = "eu-west-1"\n{text} = 1\n"{text}" = {text}'.encode("utf-8", "surrogatepass"))
        ran = command("plan", "--request", path)
        assert ran.code == ExitCode.USAGE
        harmless_output(ran.out, ran.err)


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_IAM", "AWS_PROFILE", "AWS_REGION"])
@pytest.mark.parametrize("text", [text for text in WORST if "\0" not in text and "\ud800" not in text] + ["a\nPWNED"])
def test_a_value_of_the_environment_is_named_harmlessly(command, monkeypatch, request_file, name, text):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9")
    monkeypatch.setenv(name, text)
    ran = command("--endpoint-url", "http://127.0.0.1:9", "plan", "--request", request_file)
    assert ran.code != ExitCode.DONE
    assert "Traceback" not in ran.err
    harmless_output(ran.out, ran.err)
