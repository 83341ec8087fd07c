"""The policy operations of the simulated IAM: valid characters, quotas, and a condition for deletion."""

from __future__ import annotations

from moto.core.responses import ActionResult

from breakglass_tui.demo.overlay.api_errors import ApiRefusal, conflict, invalid, over_quota
from breakglass_tui.demo.overlay.iam_base import IamBase, check_name

POLICY_NAME_LIMIT = 128
USER_POLICY_SIZE = 2048
ATTACHED_PER_USER = 10


class IamPolicies(IamBase):
    """The policy operations of IAM that are less strict in moto than in AWS."""

    def put_user_policy(self) -> ActionResult:
        """Write an inline policy. Those of one user have at most 2048 characters without white space (IAM quotas)."""
        user, name, document = self.user(), self._get_param("PolicyName"), self._get_param("PolicyDocument")
        check_name("policyName", name, POLICY_NAME_LIMIT)
        check_document(document)
        others = sum(size(text) for other, text in user.policies.items() if other != name)
        if others + size(document) > USER_POLICY_SIZE:
            message = f"Maximum policy size of {USER_POLICY_SIZE} bytes exceeded for user {user.name}"
            raise ApiRefusal("LimitExceeded", message, 409)
        return super().put_user_policy()

    def attach_user_policy(self) -> ActionResult:
        """Attach a managed policy to a user. A user can have at most ten."""
        user, arn = self.user(), self._get_param("PolicyArn")
        if arn not in user.managed_policies and len(user.managed_policies) >= ATTACHED_PER_USER:
            raise over_quota("PoliciesPerUser", ATTACHED_PER_USER)
        return super().attach_user_policy()

    def create_policy(self) -> ActionResult:
        """Create a managed policy. Its name and document must be valid."""
        check_name("policyName", self._get_param("PolicyName"), POLICY_NAME_LIMIT)
        check_document(self._get_param("PolicyDocument"))
        return super().create_policy()

    def delete_policy(self) -> ActionResult:
        """Delete a managed policy that is not attached to anything."""
        policy = self.backend.get_policy(self._get_param("PolicyArn"))
        if policy.attachment_count:
            raise conflict("detach policy from all entities")
        return super().delete_policy()


def check_document(document: str) -> None:
    """Raise ``ApiRefusal`` for characters other than tab, line ends and U+0020-U+00FF (IAM API: policyDocumentType)."""
    if not all(character in "\t\n\r" or " " <= character <= "\xff" for character in document):
        raise invalid("policyDocument", "It must contain only printable ASCII characters.")


def size(document: str) -> int:
    """Return the number of characters of a policy that count towards a quota, which are all but white space."""
    return sum(not character.isspace() for character in document)
