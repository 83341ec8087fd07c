"""The simulated Organizations: one question, and an account that belongs to none unless a test says otherwise."""

from __future__ import annotations

from moto.core.responses import ActionResult

from breakglass_tui.demo.overlay.guard import Guarded
from breakglass_tui.demo.overlay.refusal import Refused


class DemoOrganizations(Guarded):
    """The one call that this account answers."""

    def __init__(self) -> None:
        super().__init__(service_name="organizations")

    def describe_organization(self) -> ActionResult:
        """The organization by its management account, or AWS's word for there being none."""
        management = self.world.management_account
        if not management:
            raise Refused("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
        return ActionResult({"Organization": {"Id": "o-exampleorgid", "MasterAccountId": management}})
