"""The sign-in addresses of an IAM user, by partition. They can be typed.

They contain the account id and not the alias: the lookup of an alias is one more service that can be down. Sources:
IAM User Guide, "How IAM users sign in to your AWS account". For the other partitions, botocore and their own guides.
"""

from __future__ import annotations

from collections.abc import Iterable
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
LANDING_REGIONS = {"aws": ("us-east-1", "us-east-2", "eu-north-1", "ap-southeast-2")}
"""The Regions that record a sign-in of an IAM user at the global endpoint, by partition.

Source: CloudTrail User Guide, "AWS Management Console sign-in events". For the other partitions, it lists none.
"""
HOME_REGIONS = {
    "aws": GLOBAL_REGION,
    "aws-cn": "cn-north-1",
    "aws-eusc": "eusc-de-east-1",
    "aws-iso": "us-iso-east-1",
    "aws-iso-b": "us-isob-east-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-south-1",
    "aws-us-gov": "us-gov-west-1",
}
"""The Region of IAM in each partition. Source: botocore 1.44.5, the signing Region of each endpoint of IAM."""
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
    return SignInUrls(console, f"{console}?region={quote(_second_region(region), safe='')}")


def sign_in_regions(partition: str, chosen: str, enabled: Iterable[str] = ()) -> tuple[str, ...]:
    """Return every Region that can record a sign-in, without duplicates. ``enabled`` are those of the account.

    These are the Regions of the global endpoint, the home Region of the partition and the Regions of ``sign_in_urls``.
    The address with ``?region=`` works for each Region of the account, so each enabled Region can record a sign-in too.
    """
    second = (_second_region(chosen),) if partition == "aws" else ()
    home = (HOME_REGIONS[partition],) if partition in HOME_REGIONS else ()
    found = (*LANDING_REGIONS.get(partition, ()), *home, chosen, *second, *sorted(enabled))
    return tuple(dict.fromkeys(filter(None, found)))


def _second_region(region: str) -> str:
    """Return the Region of the second address in the partition ``aws``: ``region``, but never us-east-1."""
    return region if region and region != GLOBAL_REGION else FALLBACK_REGION


def switch_link(role_arn: str) -> str:
    """Return the address that switches to a role, including its path. Empty if the console cannot switch to it."""
    parts = role_arn.split(":", 5)
    if len(parts) != 6 or parts[1] not in HOSTS or not parts[5].startswith("role/"):
        return ""
    role = parts[5].removeprefix("role/")
    if len(role) > MAX_ROLE_CHARACTERS:
        return ""
    return f"https://{HOSTS[parts[1]]}/switchrole?account={quote(parts[4], safe='')}&roleName={quote(role, safe='/')}"
