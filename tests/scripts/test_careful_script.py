"""The sequential script that the bench compares with apply makes the same user."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.demo.demo_request import demo_request

SCRIPT = Path(__file__).parents[2] / "scripts" / "careful_script.py"
NAME = "bg-careful"


@pytest.fixture(scope="module")
def made(demo: DemoAccount, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the script, and return the directory of its envelopes."""
    directory = tmp_path_factory.mktemp("careful")
    request = directory / "request.json"
    request.write_text(json.dumps(demo_request()), "utf-8")
    keys = {"AWS_ACCESS_KEY_ID": demo.access_key_id, "AWS_SECRET_ACCESS_KEY": demo.secret_access_key}
    command = [sys.executable, str(SCRIPT), demo.start(), str(request), NAME, str(directory)]
    subprocess.run(command, env=keys, check=True, capture_output=True)
    return directory


@pytest.mark.usefixtures("made")
def test_it_makes_the_user_of_the_demo_request(iam: Any, demo: DemoAccount) -> None:
    user = iam.get_user(UserName=NAME)["User"]
    assert {tag["Key"]: tag["Value"] for tag in user["Tags"]} == demo_request()["tags"]
    assert iam.get_login_profile(UserName=NAME)["LoginProfile"]["PasswordResetRequired"]
    assert [key["Status"] for key in iam.list_access_keys(UserName=NAME)["AccessKeyMetadata"]] == ["Active"]
    assert len(iam.list_mfa_devices(UserName=NAME)["MFADevices"]) == 1
    assert [group["GroupName"] for group in iam.list_groups_for_user(UserName=NAME)["Groups"]] == ["emergency"]
    (policy,) = iam.list_user_policies(UserName=NAME)["PolicyNames"]
    document = iam.get_user_policy(UserName=NAME, PolicyName=policy)["PolicyDocument"]
    admin = iam.get_policy_version(PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess", VersionId="v1")
    assert document == admin["PolicyVersion"]["Document"]
    trust = iam.get_role(RoleName="EmergencyAdmin")["Role"]["AssumeRolePolicyDocument"]
    assert trust["Statement"][-1]["Principal"] == {"AWS": user["Arn"]}
    assert demo.account_id in user["Arn"]


def test_it_seals_each_secret_in_a_file_of_its_own(made: Path) -> None:
    envelopes = {path.name.split(".")[1]: path for path in made.glob(f"{NAME}.*.json")}
    assert set(envelopes) == {"mfa-seed", "password", "access-key"}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in envelopes.values())
    assert all("ciphertext" in json.loads(path.read_text("utf-8")) for path in envelopes.values())
