"""The organization of the account. Service control policies do not apply to its management account.

Sources: Organizations API, DescribeOrganization; Organizations User Guide, "Service control policies".
"""

from __future__ import annotations

from breakglass_tui.aws.api import Api
from breakglass_tui.domain.problems import Problem

NO_ORGANIZATION = "AWSOrganizationsNotInUseException"


def manages_organization(api: Api, account_id: str) -> bool | None:
    """Return whether the account is the management account of an organization.

    The result is None if it cannot be read. Many callers lack the permission.
    """
    try:
        answer = api.call("organizations:DescribeOrganization")
    except Problem as problem:
        return False if problem.code == NO_ORGANIZATION else None
    management = (answer.get("Organization") or {}).get("MasterAccountId")
    return str(management) == account_id if management else None
