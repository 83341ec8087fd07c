"""The console sign-in addresses of an IAM user, by partition. A person can type them.

They contain the account id and not the account alias. The lookup of an alias needs one more service, which can fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Partition:
    """The sign-in facts of one AWS partition.

    ``regions`` is a pattern that matches its Region names. ``home`` is the Region of IAM's control plane. ``host`` is
    the host of the sign-in pages. ``account_page`` is the documented sign-in address of an account, and ``region_page``
    that of a Region. Both are templates, and empty if AWS documents none. ``fallback`` is the Region to use if ``home``
    is down.
    """

    regions: str
    home: str
    host: str
    account_page: str = ""
    region_page: str = ""
    fallback: str = ""


PARTITIONS = {
    "aws": Partition(
        r"(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+",
        "us-east-1",
        "signin.aws.amazon.com",
        "https://{account}.signin.aws.amazon.com/console",
        "https://{region}.console.aws.amazon.com/",
        "us-west-2",
    ),
    "aws-cn": Partition(
        r"cn-\w+-\d+", "cn-north-1", "signin.amazonaws.cn", "https://{account}.signin.amazonaws.cn/console/"
    ),
    "aws-eusc": Partition(
        r"eusc-(de)-\w+-\d+",
        "eusc-de-east-1",
        "signin.amazonaws-eusc.eu",
        region_page="https://{region}.signin.amazonaws-eusc.eu/",
    ),
    "aws-iso": Partition(r"us-iso-\w+-\d+", "us-iso-east-1", "signin.c2shome.ic.gov"),
    "aws-iso-b": Partition(r"us-isob-\w+-\d+", "us-isob-east-1", "signin.sc2shome.sgov.gov"),
    "aws-iso-e": Partition(r"eu-isoe-\w+-\d+", "eu-isoe-west-1", "signin.csphome.adc-e.uk"),
    "aws-iso-f": Partition(r"us-isof-\w+-\d+", "us-isof-south-1", "signin.csphome.hci.ic.gov"),
    "aws-us-gov": Partition(
        r"us-gov-\w+-\d+",
        "us-gov-west-1",
        "signin.amazonaws-us-gov.com",
        "https://{account}.signin.amazonaws-us-gov.com/console",
        "https://{region}.signin.amazonaws-us-gov.com/",
        "us-gov-east-1",
    ),
}
"""Every partition of botocore 1.44.5, by name.

Sources:

- Region patterns: botocore, partitions.
- Home Regions: botocore, the signing Region of each IAM endpoint.
- Hosts: botocore, endpoint rules of the service ``signin``, which put the Region before the host.
- Account pages: IAM User Guide, "How IAM users sign in to your AWS account", and the guides of China and GovCloud (US).
- Region pages: AWS General Reference, endpoints of the AWS Management Console (``aws``) and of AWS Sign-In
  (``aws-us-gov``), and AWS Marketplace Seller Guide, European Sovereign Cloud (``aws-eusc``).
"""
GLOBAL_REGION = PARTITIONS["aws"].home
"""The Region of the global sign-in endpoint and of IAM's control plane in the partition ``aws``."""
LANDING_REGIONS = {"aws": ("us-east-1", "us-east-2", "eu-north-1", "ap-southeast-2")}
"""The Regions whose CloudTrail can record an IAM user's sign-in at the global endpoint, by partition.

Source: CloudTrail User Guide, "AWS Management Console sign-in events", which lists none for other partitions.
"""
FIRST_SIGN_IN_WAY = "start the app with this command, press v, choose"
"""The start of the text for a remedy that says how to reach the first sign-in of the app from a shell."""
DEMO_FIRST_SIGN_IN_WAY = "To practise the first sign-in, create a user in the app"
"""The start of the text for a remedy in the demo, whose account has no user of an earlier process."""
MAX_ROLE_CHARACTERS = 64
"""The most characters of a role's path and name together if the console must be able to switch to that role.

Source: IAM User Guide, "IAM role management".
"""


@dataclass(frozen=True)
class SignInUrls:
    """The sign-in addresses of an account. Try them in the order of the fields.

    An address that does not exist is empty.

    ``regional`` is ``console`` with another Region. ``own_host`` is on the host of a single Region, and does not depend
    on the host of ``console``. Its page asks for the account id. ``documented`` is False if AWS documents the host of
    ``console``, but not a page on it.
    """

    console: str
    regional: str = ""
    own_host: str = ""
    documented: bool = True


def partition_of(*arns: str, region: str = "") -> str:
    """Return the partition of the first valid ARN in ``arns``. If there is none, return the partition of ``region``.

    The result can be a partition that is not in ``PARTITIONS``. It is empty if neither shows a partition.
    """
    for arn in arns:
        found = re.match(r"arn:(aws[a-z0-9-]*):", arn)
        if found:
            return found[1]
    return next((name for name, known in PARTITIONS.items() if re.fullmatch(known.regions, region)), "")


def first_sign_in_way(app: str, user_name: str) -> str:
    """Return how to reach the first sign-in of ``user_name`` from a shell, as text for a remedy.

    ``app`` is the command line that starts the app.
    """
    return f"{FIRST_SIGN_IN_WAY} {user_name}, then press f: {app}"


def demo_first_sign_in_way(app: str) -> str:
    """Return how to practise the first sign-in of a simulated account, as a remedy. ``app`` starts the app."""
    end = "This simulated account ends with its process."
    return f"{end} {DEMO_FIRST_SIGN_IN_WAY}, and press f after its validation: {app}"


def sign_in_urls(account_id: str, partition: str, region: str) -> SignInUrls | None:
    """Return the sign-in addresses of an account, or None if the partition is unknown or ``account_id`` is empty."""
    known = PARTITIONS.get(partition)
    if known is None or not account_id:
        return None
    if not known.account_page:
        page = known.region_page or f"https://{{region}}.{known.host}/"
        own = page.format(region=quote(region or known.home, safe=""))
        return SignInUrls(own, documented=bool(known.region_page))
    console = known.account_page.format(account=quote(account_id, safe=""))
    second = quote(_second_region(known, region), safe="")
    return SignInUrls(
        console,
        f"{console}?region={second}" if partition in LANDING_REGIONS else "",
        known.region_page.format(region=second),
    )


def sign_in_regions(partition: str, chosen: str, enabled: Iterable[str] = ()) -> tuple[str, ...]:
    """Return every Region that can record a console sign-in, without duplicates.

    These are the Regions of the global endpoint, the home Region of the partition, and the Regions in ``sign_in_urls``
    for ``chosen``. The sign-in address accepts ``?region=`` with every enabled Region of the account. So the
    ``enabled`` Regions can record a sign-in too.
    """
    known = PARTITIONS.get(partition)
    home = (known.home, chosen, _second_region(known, chosen)) if known else (chosen,)
    found = (*LANDING_REGIONS.get(partition, ()), *home, *sorted(enabled))
    return tuple(dict.fromkeys(filter(None, found)))


def _second_region(partition: Partition, region: str) -> str:
    """Return the Region for the alternative addresses: ``region``, but the fallback if ``region`` is empty or home."""
    return region if region and region != partition.home else partition.fallback


def switch_link(role_arn: str) -> str:
    """Return the console address that switches to a role. It is empty if AWS documents none for the role's partition.

    It is also empty if the console cannot switch to the role.
    """
    parts = role_arn.split(":", 5)
    if not can_switch(role_arn) or not PARTITIONS[parts[1]].account_page:
        return ""
    role, account = parts[5].removeprefix("role/"), quote(parts[4], safe="")
    return f"https://{PARTITIONS[parts[1]].host}/switchrole?account={account}&roleName={quote(role, safe='/')}"


def can_switch(role_arn: str) -> bool:
    """Return whether the console can switch to the role: its partition is known, and path and name are short enough."""
    parts = role_arn.split(":", 5)
    if len(parts) != 6 or parts[1] not in PARTITIONS or not parts[5].startswith("role/"):
        return False
    return len(parts[5].removeprefix("role/")) <= MAX_ROLE_CHARACTERS
