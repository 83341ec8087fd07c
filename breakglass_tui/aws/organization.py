"""Whether the account manages an organization: service control policies do not bind a management account.

Sources: Organizations API, DescribeOrganization; Organizations User Guide, "Service control policies".
"""

from __future__ import annotations

from breakglass_tui.aws.api import Api
from breakglass_tui.domain.problems import Problem

NO_ORGANIZATION = "AWSOrganizationsNotInUseException"


def manages_organization(api: Api, account_id: str) -> bool | None:
    """Yes, no, or None where AWS does not say; the permission to ask is one that many go without."""
    try:
        said = api.call("organizations:DescribeOrganization")
    except Problem as problem:
        return False if problem.code == NO_ORGANIZATION else None
    management = (said.get("Organization") or {}).get("MasterAccountId")
    return str(management) == account_id if management else None
