"""The simulated Organizations."""

from __future__ import annotations

from typing import Any

from breakglass_tui.demo.demo_account import DemoAccount


def test_the_account_belongs_to_no_organization(demo: DemoAccount, client_for: Any, refused: Any) -> None:
    with refused("AWSOrganizationsNotInUseException", "not a member of an organization"):
        client_for(demo, "organizations").describe_organization()
