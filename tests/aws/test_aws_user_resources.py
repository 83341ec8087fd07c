"""The resources that keep AWS from deleting a user, and the commands that remove them."""

from __future__ import annotations

from typing import Any

import boto3

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.steps.removal_commands import iam_command
from breakglass_tui.aws.steps.user_resources import commands_for_user_resources
from breakglass_tui.domain.problems import Kind, Problem


def test_the_commands_cover_everything_that_keeps_aws_from_deleting_a_user() -> None:
    """The list of IAM API: DeleteUser. The simulated account has no SSH keys and no service-specific credentials."""
    items = {
        "iam:ListAccessKeys": {"AccessKeyMetadata": [{"AccessKeyId": "AKIA1"}]},
        "iam:GetLoginProfile": {"LoginProfile": {"UserName": "u"}},
        "iam:ListMFADevices": {"MFADevices": [{"SerialNumber": "arn:aws:iam::1:mfa/a"}, {"SerialNumber": "GAHT1"}]},
        "iam:ListUserPolicies": {"PolicyNames": ["p"]},
        "iam:ListAttachedUserPolicies": {"AttachedPolicies": [{"PolicyArn": "arn:aws:iam::aws:policy/x"}]},
        "iam:ListGroupsForUser": {"Groups": [{"GroupName": "g"}]},
        "iam:ListSigningCertificates": {"Certificates": [{"CertificateId": "C1"}]},
        "iam:ListSSHPublicKeys": {"SSHPublicKeys": [{"SSHPublicKeyId": "S1"}]},
        "iam:ListServiceSpecificCredentials": {
            "ServiceSpecificCredentials": [{"ServiceSpecificCredentialId": "ACCA1"}]
        },
    }

    class CannedApi(Api):
        def __init__(self) -> None:
            pass

        def call(self, action: str, **_: Any) -> dict[str, Any]:
            return items[action]

    denied = Problem("denied", kind=Kind.REFUSED, code="DeleteConflict")
    assert commands_for_user_resources(CannedApi(), "u", iam_command, {}, denied) == [
        "aws iam delete-access-key --user-name u --access-key-id AKIA1",
        "aws iam delete-login-profile --user-name u",
        "aws iam deactivate-mfa-device --user-name u --serial-number arn:aws:iam::1:mfa/a",
        "aws iam delete-virtual-mfa-device --serial-number arn:aws:iam::1:mfa/a",
        "aws iam deactivate-mfa-device --user-name u --serial-number GAHT1",
        "aws iam delete-user-policy --user-name u --policy-name p",
        "aws iam detach-user-policy --user-name u --policy-arn arn:aws:iam::aws:policy/x",
        "aws iam remove-user-from-group --user-name u --group-name g",
        "aws iam delete-signing-certificate --user-name u --certificate-id C1",
        "aws iam delete-ssh-public-key --user-name u --ssh-public-key-id S1",
        "aws iam delete-service-specific-credential --user-name u --service-specific-credential-id ACCA1",
    ]


def test_the_commands_name_the_profile_and_the_endpoint_that_the_operator_chose() -> None:
    session = boto3.Session("AKIA", "secret", region_name="eu-west-1")
    assert Clients(session, endpoint_url=None).cli_options == ()
    chosen = Clients(session, endpoint_url="http://127.0.0.1:4566", profile="prod")
    command = iam_command("delete-user", *chosen.cli_options, user_name="u v")
    assert command == "aws iam delete-user --user-name 'u v' --profile prod --endpoint-url http://127.0.0.1:4566"
