"""The resources of a user that must be removed before AWS deletes the user (IAM API: DeleteUser).

AWS does not require the removal of the permissions boundary and the tags.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from breakglass_tui.aws.api import Api
from breakglass_tui.domain.problems import Kind, Problem

Command = tuple[str, dict[str, str]]
"""An IAM operation of the AWS CLI and its options, for example ``("delete-login-profile", {"user_name": "x"})``."""
ANSWERED = frozenset({Kind.REFUSED, Kind.MISSING})
"""The kinds of problems after which AWS still answers other reads."""


def commands_for_user_resources(
    api: Api, user_name: str, command: Callable[..., str], known: Mapping[str, Sequence[str]], cause: Problem
) -> list[str]:
    """Read the resources of the user and return the shell commands that remove them, in an order that AWS accepts.

    ``command`` makes a command line from an operation and its options. ``known`` maps step ids to commands, which are
    used if the resources of that kind cannot be read. ``cause`` is the ``Problem`` of the removal. If AWS did not
    answer that call, no read is sent.
    """
    lines: list[str] = []
    answered = cause.kind in ANSWERED
    for kind, read in _READERS.items():
        found: list[Command] | None = None
        if answered:
            try:
                found = list(read(api, user_name))
            except Problem as problem:
                answered = problem.kind in ANSWERED
        if found is None:
            lines += known.get(kind, ())
        else:
            lines += [command(operation, **options) for operation, options in found]
    return lines


def _access_keys(api: Api, user: str) -> Iterator[Command]:
    for item in api.paginate("iam:ListAccessKeys", "AccessKeyMetadata", UserName=user):
        yield "delete-access-key", {"user_name": user, "access_key_id": str(item["AccessKeyId"])}


def _login_profile(api: Api, user: str) -> Iterator[Command]:
    if api.find("iam:GetLoginProfile", UserName=user) is not None:
        yield "delete-login-profile", {"user_name": user}


def _mfa_devices(api: Api, user: str) -> Iterator[Command]:
    for item in api.paginate("iam:ListMFADevices", "MFADevices", UserName=user):
        serial = str(item["SerialNumber"])
        yield "deactivate-mfa-device", {"user_name": user, "serial_number": serial}
        if ":mfa/" in serial:  # the ARN of a virtual device (IAM User Guide, IAM identifiers)
            yield "delete-virtual-mfa-device", {"serial_number": serial}


def _inline_policies(api: Api, user: str) -> Iterator[Command]:
    for name in api.paginate("iam:ListUserPolicies", "PolicyNames", UserName=user):
        yield "delete-user-policy", {"user_name": user, "policy_name": str(name)}


def _attached_policies(api: Api, user: str) -> Iterator[Command]:
    for item in api.paginate("iam:ListAttachedUserPolicies", "AttachedPolicies", UserName=user):
        yield "detach-user-policy", {"user_name": user, "policy_arn": str(item["PolicyArn"])}


def _groups(api: Api, user: str) -> Iterator[Command]:
    for item in api.paginate("iam:ListGroupsForUser", "Groups", UserName=user):
        yield "remove-user-from-group", {"user_name": user, "group_name": str(item["GroupName"])}


def _signing_certificates(api: Api, user: str) -> Iterator[Command]:
    for item in api.paginate("iam:ListSigningCertificates", "Certificates", UserName=user):
        yield "delete-signing-certificate", {"user_name": user, "certificate_id": str(item["CertificateId"])}


def _ssh_public_keys(api: Api, user: str) -> Iterator[Command]:
    for item in api.paginate("iam:ListSSHPublicKeys", "SSHPublicKeys", UserName=user):
        yield "delete-ssh-public-key", {"user_name": user, "ssh_public_key_id": str(item["SSHPublicKeyId"])}


def _service_credentials(api: Api, user: str) -> Iterator[Command]:
    for item in api.paginate("iam:ListServiceSpecificCredentials", "ServiceSpecificCredentials", UserName=user):
        credential = str(item["ServiceSpecificCredentialId"])
        yield (
            "delete-service-specific-credential",
            {"user_name": user, "service_specific_credential_id": credential},
        )


_READERS: dict[str, Callable[[Api, str], Iterator[Command]]] = {
    "access-key": _access_keys,
    "login-profile": _login_profile,
    "mfa-device": _mfa_devices,
    "inline-policy": _inline_policies,
    "attached-policies": _attached_policies,
    "group-membership": _groups,
    "signing-certificates": _signing_certificates,
    "ssh-public-keys": _ssh_public_keys,
    "service-specific-credentials": _service_credentials,
}
"""Maps a step id, or the name of a kind of resource that no step creates, to the function that yields its commands."""
