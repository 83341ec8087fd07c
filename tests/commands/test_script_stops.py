"""The script stops before its first write if a check fails. After a write it prints the removal commands."""

from __future__ import annotations

import json
import subprocess

ROLE = "arn:aws:iam::123456789012:role/EmergencyAdmin"


def users(place):
    return [user["UserName"] for user in place.iam.list_users()["Users"]]


def test_nothing_is_written_if_the_history_is_on_or_the_role_has_changed_or_an_envelope_exists(
    place, setup_in, run_script, tmp_path
):
    there = place()
    setup = setup_in(there, role_arn=ROLE)
    config = tmp_path / "config"
    config.write_text("[default]\ncli_history = enabled\n")
    keeps_history = run_script(there, setup, AWS_CONFIG_FILE=str(config))
    out = keeps_history.directory
    out.mkdir()
    (out / "bg-script.password.clear.json").touch()
    has_file = run_script(there, setup)
    (out / "bg-script.password.clear.json").unlink()
    trust = there.iam.get_role(RoleName="EmergencyAdmin")["Role"]["AssumeRolePolicyDocument"]
    trust["Statement"][0]["Sid"] = "Changed"
    there.iam.update_assume_role_policy(RoleName="EmergencyAdmin", PolicyDocument=json.dumps(trust))
    has_changed = run_script(there, setup)
    for ran, message in ((keeps_history, "cli_history"), (has_file, "already exists"), (has_changed, "has changed")):
        assert ran.code == 1
        assert message in ran.output
        assert "The script stopped" not in ran.output
    assert "bg-script" not in users(there)


def test_an_existing_user_is_not_changed_and_no_removal_is_printed(place, setup_in, run_script):
    there = place()
    setup = setup_in(there)
    there.iam.create_user(UserName="bg-script")
    ran = run_script(there, setup)
    assert ran.code == 1
    assert "EntityAlreadyExists" in ran.output
    assert "delete-user" not in ran.output
    assert there.iam.list_user_policies(UserName="bg-script")["PolicyNames"] == []


def test_the_printed_commands_remove_the_resources_that_it_created(place, setup_in, run_script):
    there = place()
    before = there.iam.list_virtual_mfa_devices()["VirtualMFADevices"]
    setup = setup_in(there, access="programmatic", mfa="sealed", seal_to=["age1nobody"], seal_mfa_to=["age1nobody"])
    ran = run_script(there, setup)
    assert ran.code != 0
    assert ran.left_over == []
    assert "bg-script" in users(there)
    assert len(there.iam.list_virtual_mfa_devices()["VirtualMFADevices"]) == len(before) + 1
    there.iam.create_access_key(UserName="bg-script")
    done = subprocess.run(
        ["bash", "-c", ran.printed_removal],
        env=ran.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "bg-script" not in users(there), done.stderr
    assert there.iam.list_virtual_mfa_devices()["VirtualMFADevices"] == before
