"""The simulated IAM, composed of one mixin for each topic."""

from __future__ import annotations

from breakglass_tui.demo.overlay.account_alias import IamAccountAlias
from breakglass_tui.demo.overlay.iam_access_keys import IamAccessKeys
from breakglass_tui.demo.overlay.iam_credential_report import IamCredentialReport
from breakglass_tui.demo.overlay.iam_groups import IamGroups
from breakglass_tui.demo.overlay.iam_login_profiles import IamLoginProfiles
from breakglass_tui.demo.overlay.iam_mfa_devices import IamMfaDevices
from breakglass_tui.demo.overlay.iam_policies import IamPolicies
from breakglass_tui.demo.overlay.iam_roles import IamRoles
from breakglass_tui.demo.overlay.iam_users import IamUsers
from breakglass_tui.demo.overlay.pagination import IamPagination
from breakglass_tui.demo.overlay.policy_simulator import IamPolicySimulator


class DemoIam(
    IamUsers,
    IamGroups,
    IamRoles,
    IamAccessKeys,
    IamLoginProfiles,
    IamCredentialReport,
    IamMfaDevices,
    IamPolicies,
    IamPolicySimulator,
    IamPagination,
    IamAccountAlias,
):
    """The IAM of moto with stricter rules, as AWS has them. An operation that no mixin overrides works as in moto."""
