"""The simulated Organizations.

The account belongs to no organization unless a test sets ``World.management_account``.
"""

from __future__ import annotations

from moto.core.responses import ActionResult

from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.overlay.authorization import AuthorizedRequests


class DemoOrganizations(AuthorizedRequests):
    """The one Organizations operation of the simulated account."""

    def __init__(self) -> None:
        super().__init__(service_name="organizations")

    def describe_organization(self) -> ActionResult:
        """Return the organization. Raises ``ApiRefusal`` with AWSOrganizationsNotInUseException if there is none."""
        management = self.world.management_account
        if not management:
            raise ApiRefusal("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
        return ActionResult({"Organization": {"Id": "o-exampleorgid", "MasterAccountId": management}})
