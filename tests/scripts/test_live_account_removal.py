"""The script for a live account removes everything that it created, also after failures and signals."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import live_account
import pytest
from live_experiments import EXPERIMENTS
from live_experiments.guardrail import guarded_policy
from live_experiments.resources import PREFIX, TAG
from live_facts import facts_with

from breakglass_tui.domain.problems import Problem

ACCOUNT = "123456789012"
SCRIPT = Path(live_account.__file__)


def leave(iam):
    """Create what a killed run can leave behind."""
    tags, name, path = [{"Key": TAG, "Value": "dead"}], f"{PREFIX}-dead-1", f"/{PREFIX}/"
    iam.create_user(UserName=name, Path=path, Tags=tags)
    iam.create_access_key(UserName=name)
    iam.create_login_profile(UserName=name, Password="Left-Behind-77-Left")
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(guarded_policy("*")))
    iam.attach_user_policy(UserName=name, PolicyArn="arn:aws:iam::aws:policy/SecurityAudit")
    iam.add_user_to_group(UserName=name, GroupName="auditors")
    iam.create_virtual_mfa_device(VirtualMFADeviceName=f"{PREFIX}-dead-2", Path=path, Tags=tags)
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam.create_role(RoleName=f"{PREFIX}-dead-3", Path=path, AssumeRolePolicyDocument=document, Tags=tags)


@pytest.mark.parametrize("error", [RuntimeError("a bug"), Problem("refused", why="by a policy", code="AccessDenied")])
def test_after_a_failure_in_the_middle_the_others_run_and_everything_is_removed(run, contents, error):
    def broken(lab):
        user = lab.user()
        lab.key(user)
        lab.enabled_device(user)
        raise error
        yield

    before = contents()
    code, document, _ = run(experiments=(broken, EXPERIMENTS[1]))
    assert contents() == before
    assert code == live_account.FAILED
    assert facts_with(document, "failed") == {"broken": 1}
    assert facts_with(document, "as-expected") == {"mfa_codes_ahead": 3}


def test_what_cannot_be_removed_is_named_with_the_command_that_removes_it(run, iam, contents, demo, monkeypatch):
    deny = {"Effect": "Deny", "Action": "iam:DeleteUser", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})

    def forbidden(lab):
        lab.user()
        iam.put_user_policy(UserName="ops-admin", PolicyName="keep", PolicyDocument=document)
        yield lab.fact("It exists.", expected="yes", found="yes", holds=True)

    before = contents()
    monkeypatch.setattr("live_experiments.resources.WITHIN_S", 1.0)
    code, document, messages = run(experiments=(forbidden,))
    iam.delete_user_policy(UserName="ops-admin", PolicyName="keep")
    assert code == live_account.LEFT
    assert document["run"]["status"] == "left-behind"
    assert document["left"][0].startswith(f"user {PREFIX}-")
    assert "iam:DeleteUser" in document["left"][0]
    again = f"{sys.executable} {SCRIPT} --account-id {ACCOUNT} --endpoint-url {demo.start()} --clean"
    assert f"Try again: {again}" in messages
    assert contents() != before
    assert run("--clean")[0] == live_account.DONE
    assert contents() == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_real_process_without_anything_left(arguments, environment, contents, number):
    before = contents()
    command = [sys.executable, str(SCRIPT), *arguments, "--json"]
    with subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        lines = []
        for line in process.stderr:
            lines.append(line)
            if line.startswith("created device"):
                process.send_signal(number)
                break
        out, err = process.communicate(timeout=60)
    document = json.loads(out)
    assert process.returncode == live_account.INTERRUPTED, (lines, err)
    assert (document["run"]["status"], document["left"]) == ("interrupted", [])
    assert len(document["facts"]) < len(EXPERIMENTS)
    assert "Everything that the run created was removed." in err
    assert contents() == before


def test_signals_during_the_removal_do_not_end_it(arguments, environment, contents):
    before = contents()
    with subprocess.Popen(
        [sys.executable, str(SCRIPT), *arguments], env=environment, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        for line in process.stderr:
            if line.startswith(("created device", "removing")):
                process.send_signal(signal.SIGTERM)
            if line.startswith("removing"):
                break
        process.communicate(timeout=60)
    assert process.returncode == live_account.INTERRUPTED
    assert contents() == before


def test_clean_removes_what_a_killed_run_left_and_nothing_else(run, iam, contents):
    trap = iam.create_user(UserName=f"{PREFIX}-untagged", Path=f"/{PREFIX}/")["User"]["UserName"]
    try:
        before = contents()
        leave(iam)
        code, document, messages = run("--clean")
        assert (code, document) == (live_account.DONE, {"schema_version": 1, "left": []})
        assert f"Remove user {PREFIX}-dead-1" in messages
        assert contents() == before
        assert trap in before["users"]
        assert run("--clean")[0] == live_account.DONE
    finally:
        iam.delete_user(UserName=trap)


def test_a_run_leaves_the_resources_of_another_run_alone(run, iam, contents):
    leave(iam)
    before = contents()
    run(experiments=EXPERIMENTS[1:2])
    assert contents() == before
    run("--clean")
