from __future__ import annotations

import pytest

from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.settings import state_dir


@pytest.fixture
def plan(fake_cloud, fake_step):
    fake_cloud.steps = [
        fake_step("create-user", observed=ObservedState(Observation.THERE, "arn:one")),
        fake_step("access-key", observed=ObservedState(Observation.PARTLY, "a key whose secret is lost")),
    ]
    return ("create-user", "access-key")


def test_without_any_run_the_list_is_empty_and_no_file_is_created(command, connected):
    ran = command("runs", "--json")
    assert (ran.code, ran.json) == (ExitCode.DONE, {"schema_version": 1, "runs": []})
    assert command("runs").out == ""
    assert connected == []
    assert not state_dir().exists()


def test_what_is_open_comes_first_with_what_aws_says_now(command, connected, left_run, plan):
    left_run("aa", *plan)
    left_run("bb", *plan, may_exist=0, finished=True)
    ran = command("runs", "--json")
    assert ran.code == ExitCode.DONE
    first, second = ran.json["runs"]
    assert (first["id"], first["finished"], first["open"]) == ("aa", False, ["create-user"])
    assert (first["user_name"], first["account_id"]) == ("bg-aa", "123456789012")
    assert first["steps"] == [
        {"id": "create-user", "title": "Make create-user", "status": "failed", "aws": "there", "aws_detail": "arn:one"},
        {
            "id": "access-key",
            "title": "Make access-key",
            "status": "skipped",
            "aws": "partly there",
            "aws_detail": "a key whose secret is lost",
        },
    ]
    assert (second["id"], second["finished"], second["open"]) == ("bb", True, [])
    assert [step["aws"] for step in second["steps"]] == [None, None]


def test_as_text_each_unfinished_run_shows_its_steps_and_the_next_commands(command, connected, left_run, plan):
    left_run("aa", *plan, seal_to=["age1x"])
    lines = command("--region", "eu-west-1", "runs").out.splitlines()
    assert lines[0] == "aa  bg-aa  account 123456789012  2026-11-22 09:00 UTC  interrupted, or still running"
    assert lines[1] == "  create-user       interrupted            AWS now: there: arn:one"
    assert lines[3:] == [
        "  To remove the resources instead: breakglass-tui --region eu-west-1 undo aa",
        "  Resume with: breakglass-tui --region eu-west-1 resume aa",
    ]


def test_without_credentials_the_list_still_comes_with_the_reason(command, left_run, plan, monkeypatch):
    def connect(**given):
        raise Problem("No AWS credentials were found.", kind=Kind.CREDENTIALS)

    monkeypatch.setattr("breakglass_tui.aws.connect.connect", connect)
    left_run("aa", *plan)
    ran = command("runs", "--json")
    assert ran.code == ExitCode.DONE
    assert [step["aws"] for step in ran.json["runs"][0]["steps"]] == [None, None]
    assert ran.err.splitlines()[0] == "AWS was not asked. No AWS credentials were found."


def test_a_run_of_another_account_is_listed_without_asking(command, connected, left_run, plan):
    left_run("aa", *plan, account_id="222222222222")
    left_run("bb", *plan)
    ran = command("runs", "--json")
    by_id = {run["id"]: run for run in ran.json["runs"]}
    assert by_id["aa"]["steps"][0]["aws"] is None
    assert by_id["bb"]["steps"][0]["aws"] == "there"
    assert "AWS was not asked about run aa." in ran.err


def test_a_damaged_journal_is_listed_with_its_problem(command, connected, left_run, plan):
    path = left_run("aa", *plan)
    path.write_text(path.read_text().replace("bg-aa", "bg-\\u001b[2J"))
    left_run("bb", *plan, may_exist=0, finished=True)
    ran = command("runs", "--json")
    assert ran.code == ExitCode.DONE
    assert [run["id"] for run in ran.json["runs"]] == ["aa", "bb"]
    assert "Line 1 was changed" in ran.json["runs"][0]["problem"]["why"]
    lines = command("runs").out.splitlines()
    assert lines[0] == "aa  ?  account ?  ?  DAMAGED"
    assert all(line.isprintable() for line in lines)
    assert connected == []


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"user_name": "bg\x1b[2J"}, "is not an IAM user name"),
        ({"user_name": "$(id)"}, "is not an IAM user name"),
        ({"account_id": "1\n2"}, "is not an account id, which has twelve digits"),
        ({"account_id": "123456789012;id"}, "is not an account id, which has twelve digits"),
    ],
)
def test_a_journal_with_another_form_of_identifier_is_not_used(command, connected, left_run, plan, fields, says):
    left_run("aa", *plan, may_exist=0, **fields)
    lines = command("runs").out.splitlines()
    assert lines[0] == "aa  ?  account ?  ?  DAMAGED"
    assert all(line.isprintable() for line in lines)
    assert says in command("runs", "--json").json["runs"][0]["problem"]["why"]
    ran = command("undo", "aa", "--yes")
    assert ran.code != ExitCode.DONE
    assert says in ran.err
    assert connected == []
