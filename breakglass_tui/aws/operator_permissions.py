"""The permissions that the operator needs for a whole request, from its assessment to its validation."""

from __future__ import annotations

from breakglass_tui.aws.assess import assessment_permissions
from breakglass_tui.aws.checks import validation_checks
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.permission_scope import PermissionScope
from breakglass_tui.aws.preflight import preflight_checks
from breakglass_tui.domain.permissions import OperatorPermissions
from breakglass_tui.engine.cloud import Setup, Subject
from breakglass_tui.engine.plan import Plan


def operator_permissions(clients: Clients, setup: Setup, plan: Plan) -> OperatorPermissions:
    """Return what the operator needs for the request of ``setup``. Makes no AWS call.

    They are what ``plan``, the preflight checks and the validation checks declare. The first sign-in needs no more.
    """
    subject = Subject(setup.request.user_name, setup.account, request=setup.request)
    preflight, checks = preflight_checks(clients, setup), validation_checks(clients, subject)
    scope = PermissionScope(setup.account, setup.request)
    key = setup.signer.kms_key_id if setup.signer else ""
    signing = scope.key_in(clients.region, key, "kms:GetPublicKey", "kms:Sign")
    return OperatorPermissions(
        prepare=(
            *assessment_permissions(scope),
            *(permission for check in preflight for permission in check.permissions),
            *signing,
        ),
        apply=tuple(permission for step in plan.steps for permission in step.permissions),
        undo=tuple(permission for step in plan.steps for permission in step.undo_permissions),
        validate=tuple(permission for check in checks for permission in check.permissions),
    )
