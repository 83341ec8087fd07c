"""The role operations of the simulated IAM: principals must exist, and roles of AWS cannot be changed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from moto.core.responses import ActionResult
from moto.iam.policy_validation import IAMTrustPolicyDocumentValidator

from breakglass_tui.demo.overlay.api_errors import ApiRefusal, exists, invalid, over_quota
from breakglass_tui.demo.overlay.evaluation import as_list
from breakglass_tui.demo.overlay.iam_base import IamBase, check_name, check_path
from breakglass_tui.demo.overlay.iam_policies import check_document, size
from breakglass_tui.demo.overlay.iam_users import check_tags
from breakglass_tui.demo.overlay.principals import identity_of

ROLE_NAME_LIMIT = 64
TRUST_SIZE = 2048
_DESCRIPTION = re.compile(r"[\t\n\r -~\xa1-\xff]{0,1000}")
PROTECTED = ("/aws-service-role/", "/aws-reserved/")
"""The paths of service-linked roles and of the roles of IAM Identity Center."""
CHANGES = frozenset(
    f"iam:{name}"
    for name in (
        "AttachRolePolicy",
        "DeleteRole",
        "DeleteRolePolicy",
        "DetachRolePolicy",
        "PutRolePolicy",
        "UpdateAssumeRolePolicy",
        "UpdateRole",
        "UpdateRoleDescription",
    )
)
"""The actions that AWS refuses for protected roles with UnmodifiableEntity (IAM API)."""
_OTHER_PRINCIPAL = re.compile(r"\*|[0-9]{12}|arn:aws:(?:iam|sts)::[0-9]{12}:.+")


class IamRoles(IamBase):
    """The role operations of IAM that are less strict in moto than in AWS."""

    def authorize(self, action: str) -> None:
        """Raise ``ApiRefusal`` if the caller may not call ``action``, or with UnmodifiableEntity for a role of AWS.

        Sources: IAM API, UpdateAssumeRolePolicy; re:Post, "identity-center-aws-reserved-sso".
        """
        super().authorize(action)
        name = self._get_param("RoleName")
        if action in CHANGES and any(
            role.name == name and role.path.startswith(PROTECTED) for role in self.backend.roles.values()
        ):
            why = f"Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS"
            raise ApiRefusal("UnmodifiableEntity", why)

    def create_role(self) -> ActionResult:
        """Create a role. Its name must be valid, and unique regardless of case. Its trust policy must be valid."""
        name = self._get_param("RoleName")
        check_name("roleName", name, ROLE_NAME_LIMIT)
        check_path(self._get_param("Path"))
        check_tags(self._get_param("Tags", []))
        if not _DESCRIPTION.fullmatch(self._get_param("Description") or ""):
            raise invalid("description", "It must contain only printable characters of Latin-1.")
        if any(name.lower() == role.name.lower() for role in self.backend.roles.values()):
            raise exists(f"Role with name {name}")
        self._check_trust(self._get_param("AssumeRolePolicyDocument"))
        return super().create_role()

    def update_assume_role_policy(self) -> ActionResult:
        """Replace the whole trust policy of a role."""
        self._check_trust(self._get_param("PolicyDocument"))
        return super().update_assume_role_policy()

    def _check_trust(self, document: str) -> None:
        check_document(document)
        IAMTrustPolicyDocumentValidator(document).validate()
        for principal in trusted_principals(document):
            if not self._principal_exists(principal):
                raise ApiRefusal("MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{principal}"')
        if size(document) > TRUST_SIZE:
            raise over_quota("ACLSizePerRole", TRUST_SIZE)

    def _principal_exists(self, principal: str) -> bool:
        own = f"arn:aws:iam::{self.world.account_id}:"
        if principal.startswith(own) and principal != f"{own}root":
            return identity_of(self.backend, principal) is not None
        return bool(_OTHER_PRINCIPAL.fullmatch(principal))


def trusted_principals(document: str) -> Iterable[str]:
    """Yield the AWS principals that a trust policy names. ``document`` is its JSON text."""
    for statement in as_list(json.loads(document).get("Statement")):
        principal = statement.get("Principal", {})
        yield from [principal] if isinstance(principal, str) else map(str, as_list(principal.get("AWS")))
