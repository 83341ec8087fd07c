from __future__ import annotations

import re
from dataclasses import replace

import pytest

from breakglass_tui.domain.account import AccountList, User
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.permissions import OperatorPermissions, Permission
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.plan import Change, Plan


def test_the_plan_names_steps_actions_policy_and_what_is_not_touched(
    command, connected, fake_cloud, fake_step, request_file
):
    diff = Change("diff", "One statement is added.", "--- now\n+++ then\n+  \x1b[31mnew")
    user = frozenset({"create-user"})
    fake_cloud.steps = [fake_step("create-user"), fake_step("access-key", user), fake_step("role", user, change=diff)]
    ran = command("plan", "--request", request_file)
    assert ran.code == ExitCode.DONE
    for text in (
        "bg-alice in account 123456789012 (acme-sandbox), eu-west-1",
        "iam:Makecreate-user",
        "in parallel with role",
        "+  \\x1b[31mnew",
        "Inline policy BreakGlassAdministratorAccess",
        "Not touched: other users",
        "the permissions policies of the groups and of the role",
        "PASS  Check caller-identity",
    ):
        assert text in ran.out
    assert all(step.log == [] for step in fake_cloud.steps)


def test_with_json_stdout_is_exactly_the_plan(command, connected, fake_cloud, request_file):
    ran = command("plan", "--json", "--request", request_file)
    assert set(ran.json) == {
        "schema_version", "account", "request", "waves", "steps", "policy", "not_touched", "preflight"
    }  # fmt: skip
    assert ran.json["waves"] == [["create-user"]]
    assert ran.json["request"]["user_name"] == "bg-alice"
    assert ran.json["policy"]["document"]["Statement"]
    assert fake_cloud.steps[0].log == []


def test_a_blank_user_name_is_filled_in(command, connected, tmp_path):
    path = tmp_path / "r.toml"
    path.write_text('region = "eu-west-1"\nkms_key_id = "alias/break-glass"')
    assert command("plan", "--json", "--request", path).json["request"]["user_name"].startswith("break-glass-2")


def test_what_the_account_contradicts_is_a_bad_request(command, connected, fake_cloud, account, request_file):
    fake_cloud.account = replace(account, users=AccountList((User("BG-Alice"),)))
    ran = command("plan", "--request", request_file)
    assert ran.code == ExitCode.USAGE
    assert "breakglass-tui: user_name: a user with this name already exists as BG-Alice" in ran.err
    assert ran.out == ""


def test_a_failed_preflight_check_makes_the_plan_unusable_but_shows_it(
    command, connected, fake_cloud, fake_check, request_file
):
    fake_cloud.looks = [fake_check("seal-works", CheckStatus.FAIL)]
    ran = command("plan", "--request", request_file)
    assert ran.code == ExitCode.USAGE
    assert "FAIL  Check seal-works" in ran.out
    assert "Check seal-works: seen" in ran.err


def test_the_temporary_directory_of_a_plan_is_not_called_writable(
    command, connected, fake_cloud, fake_check, request_file
):
    fake_cloud.looks = [fake_check("output-writable"), fake_check("seal-works")]
    ran = command("plan", "--request", request_file)
    assert "SKIP  Check output-writable: not tested: plan writes no files, and apply tests its own directory" in ran.out
    assert "PASS  Check seal-works" in ran.out
    output, *_ = command("plan", "--json", "--request", request_file).json["preflight"]
    assert (output["id"], output["status"]) == ("output-writable", "skip")
    assert "tmp" not in str(output)


def test_no_credentials_is_an_exit_code_of_its_own(command, monkeypatch, request_file):
    def connect(**given):
        raise Problem("No AWS credentials were found.", next="Run: aws sso login", kind=Kind.CREDENTIALS)

    monkeypatch.setattr("breakglass_tui.aws.connect.connect", connect)
    ran = command("plan", "--request", request_file)
    assert ran.code == ExitCode.CREDENTIALS
    assert ran.err.splitlines()[:2] == ["breakglass-tui: No AWS credentials were found.", "  Run: aws sso login"]
    assert len(ran.err.splitlines()) == 3


def test_an_unexpected_error_shows_its_place_and_nothing_else(command, monkeypatch, request_file):
    def connect(**given):
        raise RuntimeError("hunter2")

    monkeypatch.setattr("breakglass_tui.aws.connect.connect", connect)
    ran = command("plan", "--request", request_file)
    assert ran.code == ExitCode.UNEXPECTED
    assert "RuntimeError at test_plan_command.py" in ran.err
    assert "hunter2" not in ran.err


def test_the_global_options_reach_the_connection(command, connected, request_file):
    command("--profile", "ops", "--region", "eu-central-1", "plan", "--request", request_file)
    assert connected == [{"profile": "ops", "region": "eu-central-1", "endpoint_url": None}]


def test_a_region_that_is_none_is_refused_at_once(command, connected, request_file):
    ran = command("--region", "mars", "plan", "--request", request_file)
    assert ran.code == ExitCode.USAGE
    assert "--region" in ran.err
    assert connected == []


def test_a_plan_without_a_seal_warns_that_apply_would_refuse(command, connected, tmp_path):
    path = tmp_path / "r.toml"
    path.write_text('region = "eu-west-1"')
    ran = command("plan", "--request", path)
    assert ran.code == ExitCode.DONE
    assert "warning: apply would refuse this request: seal_to: give kms_key_id or seal_to, or a passphrase" in ran.err


def test_a_missing_request_and_an_unknown_option_are_usage_errors(command):
    assert command("plan").code == ExitCode.USAGE
    ran = command("plan", "--nope")
    assert ran.code == ExitCode.USAGE
    assert "--nope" in ran.err


@pytest.mark.parametrize(
    ("form", "begins"), [("--script", "#!/usr/bin/env bash\n"), ("--terraform", "# Create the emergency user")]
)
def test_the_plan_as_commands_is_all_of_stdout_and_writes_nothing(
    command, connected, fake_cloud, request_file, form, begins
):
    ran = command("plan", "--request", request_file, form)
    assert ran.code == ExitCode.DONE
    assert ran.out.startswith(begins)
    assert "bg-alice" in ran.out
    assert "Nothing has been written yet" not in ran.out
    assert fake_cloud.steps[0].log == []


def with_permissions(fake_cloud, monkeypatch):
    needed = (Permission("iam:CreateUser", ("arn:of:user",)), Permission("iam:ListUsers", ("*",), "No resource type."))
    plan = Plan(tuple(fake_cloud.steps), permissions=OperatorPermissions(apply=needed))
    monkeypatch.setattr(fake_cloud, "plan", lambda setup: plan)


def test_the_iam_policy_is_all_of_stdout_and_the_reasons_are_on_stderr(
    command, connected, fake_cloud, request_file, monkeypatch
):
    with_permissions(fake_cloud, monkeypatch)
    ran = command("plan", "--request", request_file, "--iam-policy")
    assert ran.code == ExitCode.DONE
    assert [statement["Action"] for statement in ran.json["Statement"]] == [["iam:CreateUser"], ["iam:ListUsers"]]
    assert "  ApplyAccount: *\n    No resource type.\n" in ran.err
    assert "generated name" not in ran.err
    assert fake_cloud.steps[0].log == []


def test_the_iam_policy_of_a_generated_name_says_that_the_name_must_be_kept(
    command, connected, fake_cloud, tmp_path, monkeypatch
):
    with_permissions(fake_cloud, monkeypatch)
    path = tmp_path / "r.toml"
    path.write_text('region = "eu-west-1"\nkms_key_id = "alias/break-glass"')
    ran = command("plan", "--request", path, "--iam-policy")
    assert 'Set user_name = "break-glass-2' in ran.err


@pytest.mark.parametrize("form", [(), ("--json",), ("--script",)])
def test_a_plan_with_a_generated_name_says_that_apply_generates_another(
    command, connected, fake_cloud, request_file, tmp_path, form
):
    path = tmp_path / "r.toml"
    path.write_text('region = "eu-west-1"\nkms_key_id = "alias/break-glass"')
    warning = re.compile(r"apply generates another name than (\S+)\. To keep this one, set user_name = \"\1\"")
    assert warning.search(command("plan", "--request", path, *form).err)
    assert not warning.search(command("plan", "--request", request_file, *form).err)


@pytest.mark.parametrize("other", ["--terraform", "--iam-policy"])
def test_a_plan_has_one_form_at_a_time(command, connected, request_file, other):
    ran = command("plan", "--request", request_file, "--script", other)
    assert ran.code == ExitCode.USAGE
    assert f"Choose one of --script and {other}." in ran.err or f"Choose one of {other} and --script." in ran.err
    assert ran.out == ""
    assert connected == []


def test_a_management_account_gets_a_warning_and_a_field(command, connected, fake_cloud, account, request_file):
    assert command("plan", "--json", "--request", request_file).json["account"]["management"] is None
    fake_cloud.account = replace(account, management=True)
    ran = command("plan", "--json", "--request", request_file)
    assert ran.json["account"]["management"] is True
    assert "Warning: This is the management account of an organization" in ran.err
    assert "Warning: This is the management account" in command("plan", "--request", request_file).out
