"""The simulated IAM, put together from its themes."""

from __future__ import annotations

from breakglass_tui.demo.overlay.groups import Groups
from breakglass_tui.demo.overlay.keys import AccessKeys
from breakglass_tui.demo.overlay.listings import Listings
from breakglass_tui.demo.overlay.mfa import MfaDevices
from breakglass_tui.demo.overlay.passwords import Passwords
from breakglass_tui.demo.overlay.policies import Policies
from breakglass_tui.demo.overlay.settings import AccountSettings
from breakglass_tui.demo.overlay.simulate import Simulation
from breakglass_tui.demo.overlay.trust import Roles
from breakglass_tui.demo.overlay.users import Users


class DemoIam(Users, Groups, Roles, AccessKeys, Passwords, MfaDevices, Policies, Simulation, Listings, AccountSettings):
    """moto's IAM with AWS's strictness on top; what no theme overrides is moto's own."""
