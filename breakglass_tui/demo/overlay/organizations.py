"""The simulated Organizations: one question, and an account that belongs to none unless a test says otherwise."""

from __future__ import annotations

from moto.core.responses import ActionResult

from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.overlay.authorization import AuthorizedRequests


class DemoOrganizations(AuthorizedRequests):
    """The one call that this account answers."""

    def __init__(self) -> None:
        super().__init__(service_name="organizations")

    def describe_organization(self) -> ActionResult:
        """The organization by its management account, or AWS's word for there being none."""
        management = self.world.management_account
        if not management:
            raise ApiRefusal("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
        return ActionResult({"Organization": {"Id": "o-exampleorgid", "MasterAccountId": management}})
