"""The Regions of the caller's partition, and which of them this account may use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.loaders import create_loader

from breakglass_tui.aws.api import Api
from breakglass_tui.domain.account import AccountList, Region
from breakglass_tui.domain.problems import Problem

_OPT_IN = {
    "ENABLED": "opted-in",
    "ENABLED_BY_DEFAULT": "opt-in-not-required",
    "DISABLED": "not-opted-in",
    "ENABLING": "being enabled",
    "DISABLING": "being disabled",
}
"""Account Management API, RegionOptStatus, in the words of ec2:DescribeRegions."""


def read_regions(api: Api, partition: str) -> AccountList[Region]:
    """The Regions as AWS lists them; if it will not, those botocore knows, marked ``unverified``."""
    known = _known(partition)
    problem: Problem | None = None
    for ask in (_from_account, _from_ec2):
        try:
            found = ask(api)
        except Problem as refused:
            problem = problem or refused
            continue
        items = (Region(name, opt_in, known.get(name, "")) for name, opt_in in sorted(found.items()))
        return AccountList(tuple(items))
    return AccountList(tuple(Region(name, "unverified", text) for name, text in sorted(known.items())), problem)


def _from_account(api: Api) -> dict[str, str]:
    regions = api.pages("account:ListRegions", "Regions", MaxResults=50)
    return _some({str(item["RegionName"]): _state(str(item.get("RegionOptStatus"))) for item in regions})


def _from_ec2(api: Api) -> dict[str, str]:
    answer = api.call("ec2:DescribeRegions", AllRegions=True)
    regions = answer.get("Regions", ())
    return _some({str(item["RegionName"]): str(item.get("OptInStatus") or "unverified") for item in regions})


def _some(regions: dict[str, str]) -> dict[str, str]:
    if not regions:
        raise Problem("AWS listed no Region.", why="The answer was empty.", next="Type the Region's name.")
    return regions


def _state(status: str) -> str:
    return _OPT_IN.get(status, status.lower())


def _known(partition: str) -> dict[str, str]:
    """Names and descriptions of a partition's Regions, from botocore's own data."""
    for item in create_loader().load_data("partitions")["partitions"]:
        if item["id"] == partition:
            return {name: _description(of) for name, of in item["regions"].items() if not name.endswith("-global")}
    return {}


def _description(region: Mapping[str, Any]) -> str:
    return str(region.get("description", ""))
