"""Where an IAM user signs in: addresses that can be typed, by partition.

By account id, not by alias: looking an alias up is one more thing that can be down (IAM User Guide, "How IAM users
sign in to your AWS account"; the other partitions as botocore and their own guides have them).
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

HOSTS = {
    "aws": "signin.aws.amazon.com",
    "aws-cn": "signin.amazonaws.cn",
    "aws-us-gov": "signin.amazonaws-us-gov.com",
}
NORMAL_HOME = "us-east-1"
"""Where the global sign-in endpoint and IAM's control plane of the partition ``aws`` are."""
ELSEWHERE = "us-west-2"
FIRST_SIGN_IN_KEY = "f on the Validation screen"
"""What leads through the first sign-in of a user that a run of this program made."""
LONGEST_ROLE = 64
"""Of path and name together, where the console shall switch to the role (IAM User Guide, "IAM role management")."""


@dataclass(frozen=True, slots=True)
class SignInUrls:
    """``console`` is the usual address, ``regional`` one that does not need us-east-1, empty where none is known."""

    console: str
    regional: str


def partition_of(*arns: str, region: str = "") -> str:
    """The partition of the first ARN that names one, else that of the Region; empty if nothing tells."""
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
    """The addresses for the console; None for a partition that is not known."""
    host = HOSTS.get(partition)
    if host is None or not account_id:
        return None
    console = f"https://{quote(account_id, safe='')}.{host}/console"
    if partition == "aws-cn":
        console += "/"
    if partition != "aws":
        return SignInUrls(console, "")
    there = region if region and region != NORMAL_HOME else ELSEWHERE
    return SignInUrls(console, f"{console}?region={quote(there, safe='')}")


def switch_link(role_arn: str) -> str:
    """The address that switches to a role, its path included; empty where the console cannot."""
    parts = role_arn.split(":", 5)
    if len(parts) != 6 or parts[1] not in HOSTS or not parts[5].startswith("role/"):
        return ""
    role = parts[5].removeprefix("role/")
    if len(role) > LONGEST_ROLE:
        return ""
    return f"https://{HOSTS[parts[1]]}/switchrole?account={quote(parts[4], safe='')}&roleName={quote(role, safe='/')}"
