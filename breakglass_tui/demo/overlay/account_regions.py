"""The simulated Account Management service: the Regions and their opt-in status."""

from __future__ import annotations

from moto.account.responses import AccountResponse
from moto.core.responses import ActionResult

from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.overlay.authorization import AuthorizedRequests

BY_DEFAULT = (
    "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 "
    "eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2"
)
OPTED_IN = "ap-southeast-4 ca-west-1 eu-central-2 eu-south-1 eu-south-2"
OPTED_OUT = (
    "af-south-1 ap-east-1 ap-east-2 ap-south-2 ap-southeast-3 ap-southeast-5 ap-southeast-6 ap-southeast-7 "
    "il-central-1 me-central-1 me-south-1 mx-central-1"
)
REGIONS = dict(
    sorted(
        [(name, "ENABLED_BY_DEFAULT") for name in BY_DEFAULT.split()]
        + [(name, "ENABLED") for name in OPTED_IN.split()]
        + [(name, "DISABLED") for name in OPTED_OUT.split()]
    )
)
PAGE = 50


class DemoAccountService(AuthorizedRequests, AccountResponse):
    """ListRegions and GetRegionOptStatus, which moto does not have."""

    def resource(self) -> str:
        """Return the ARN of the account (Service Authorization Reference, Account Management)."""
        return f"arn:aws:account::{self.world.account_id}:account"

    def list_regions(self) -> ActionResult:
        """Return one page of Regions, sorted by name. RegionOptStatusContains limits them to some states."""
        states = self._get_param("RegionOptStatusContains") or set(REGIONS.values())
        found = [{"RegionName": name, "RegionOptStatus": state} for name, state in REGIONS.items() if state in states]
        start, size = int(self._get_param("NextToken") or 0), int(self._get_param("MaxResults") or PAGE)
        token = str(start + size) if start + size < len(found) else None
        return ActionResult({"Regions": found[start : start + size], "NextToken": token})

    def get_region_opt_status(self) -> ActionResult:
        """Return the opt-in status of one Region."""
        name = self._get_param("RegionName")
        if name not in REGIONS:
            raise ApiRefusal("ValidationException", "The request has an invalid Region name.")
        return ActionResult({"RegionName": name, "RegionOptStatus": REGIONS[name]})
