"""The Regions of the caller's partition, with their opt-in status in this account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.service_data import builtin_loader
from breakglass_tui.domain.account import AccountList, Region
from breakglass_tui.domain.problems import Problem

_OPT_IN = {
    "ENABLED": "opted-in",
    "ENABLED_BY_DEFAULT": "opt-in-not-required",
    "DISABLED": "not-opted-in",
    "ENABLING": "being enabled",
    "DISABLING": "being disabled",
}
"""Maps each RegionOptStatus of the Account Management API to the value that ec2:DescribeRegions has for it."""


def read_regions(api: Api, partition: str) -> AccountList[Region]:
    """Return the Regions that AWS lists for the account.

    If AWS refuses both calls, return the Regions that botocore knows, marked ``unverified``, and the problem.
    """
    known = _known(partition)
    problem: Problem | None = None
    for list_regions in (_from_account, _from_ec2):
        try:
            found = list_regions(api)
        except Problem as refused:
            problem = problem or refused
            continue
        items = (Region(name, opt_in, known.get(name, "")) for name, opt_in in sorted(found.items()))
        return AccountList(tuple(items))
    return AccountList(tuple(Region(name, "unverified", text) for name, text in sorted(known.items())), problem)


def _from_account(api: Api) -> dict[str, str]:
    regions = api.paginate("account:ListRegions", "Regions", MaxResults=50)
    return _not_empty({str(item["RegionName"]): _state(str(item.get("RegionOptStatus"))) for item in regions})


def _from_ec2(api: Api) -> dict[str, str]:
    answer = api.call("ec2:DescribeRegions", AllRegions=True)
    regions = answer.get("Regions", ())
    return _not_empty({str(item["RegionName"]): str(item.get("OptInStatus") or "unverified") for item in regions})


def _not_empty(regions: dict[str, str]) -> dict[str, str]:
    if not regions:
        raise Problem("AWS listed no Regions.", why="The answer was empty.", next="Type the name of the Region.")
    return regions


def _state(status: str) -> str:
    return _OPT_IN.get(status, status.lower())


def _known(partition: str) -> dict[str, str]:
    """Return the Regions of a partition that botocore knows. Maps names to descriptions."""
    for item in builtin_loader().load_data("partitions")["partitions"]:
        if item["id"] == partition:
            return {name: _description(of) for name, of in item["regions"].items() if not name.endswith("-global")}
    return {}


def _description(region: Mapping[str, Any]) -> str:
    return str(region.get("description", ""))
