"""The sign-in addresses of an IAM user, by partition. They can be typed.

They contain the account id and not the alias: the lookup of an alias is one more service that can be down. Sources:
IAM User Guide, "How IAM users sign in to your AWS account". For the other partitions, botocore and their own guides.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

HOSTS = {
    "aws": "signin.aws.amazon.com",
    "aws-cn": "signin.amazonaws.cn",
    "aws-us-gov": "signin.amazonaws-us-gov.com",
}
GLOBAL_REGION = "us-east-1"
"""The Region of the global sign-in endpoint and of IAM's control plane in the partition ``aws``."""
FALLBACK_REGION = "us-west-2"
FIRST_SIGN_IN_KEY = "f on the Validation screen"
"""The key that starts the first sign-in of a user that a run of this program created."""
MAX_ROLE_CHARACTERS = 64
"""Characters of path and name together, for a role that the console can switch to.

Source: IAM User Guide, "IAM role management".
"""


@dataclass(frozen=True, slots=True)
class SignInUrls:
    """Sign-in addresses. ``console`` is the usual one. ``regional`` does not need us-east-1, and can be empty."""

    console: str
    regional: str


def partition_of(*arns: str, region: str = "") -> str:
    """Return the partition of the first ARN that has one, or else of ``region``. Empty if neither shows it."""
    for arn in arns:
        kind, _, rest = arn.partition(":")
        partition = rest.partition(":")[0]
        if kind == "arn" and partition in HOSTS:
            return partition
    if region.startswith("cn-"):
        return "aws-cn"
    if region.startswith("us-gov-"):
        return "aws-us-gov"
    return "aws" if region else ""


def sign_in_urls(account_id: str, partition: str, region: str) -> SignInUrls | None:
    """Return the addresses of the console, or None for an unknown partition or without an account id."""
    host = HOSTS.get(partition)
    if host is None or not account_id:
        return None
    console = f"https://{quote(account_id, safe='')}.{host}/console"
    if partition == "aws-cn":
        console += "/"
    if partition != "aws":
        return SignInUrls(console, "")
    other = region if region and region != GLOBAL_REGION else FALLBACK_REGION
    return SignInUrls(console, f"{console}?region={quote(other, safe='')}")


def switch_link(role_arn: str) -> str:
    """Return the address that switches to a role, including its path. Empty if the console cannot switch to it."""
    parts = role_arn.split(":", 5)
    if len(parts) != 6 or parts[1] not in HOSTS or not parts[5].startswith("role/"):
        return ""
    role = parts[5].removeprefix("role/")
    if len(role) > MAX_ROLE_CHARACTERS:
        return ""
    return f"https://{HOSTS[parts[1]]}/switchrole?account={quote(parts[4], safe='')}&roleName={quote(role, safe='/')}"
