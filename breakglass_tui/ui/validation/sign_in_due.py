"""Whether the first sign-in of a user is due."""

from __future__ import annotations

from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.first_sign_in import awaits_first_sign_in
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.state.validation import UserValidation, Validation


def may_sign_in(session: Session, validation: Validation) -> bool:
    """Return whether the operator can start or continue the first sign-in of the user of ``validation``.

    It is possible if the check ``access`` reports that the first sign-in is missing, or if one was started and did not
    finish.
    """
    access = validation.record.checks.get("access")
    pending = access is not None and bool(access.pending)
    if isinstance(validation, UserValidation):
        subject, request = validation.subject, validation.subject.request
        asked = request is not None and request.console and request.password_reset_required
        return asked and not subject.signed_in and (subject.signing_in or pending)
    return session.run.done and _awaits(session.run.record, access)


def _awaits(record: RunRecord, access: CheckResult | None) -> bool:

    started = record.permanent is not None
    return awaits_first_sign_in(record) and (started or (access is not None and bool(access.pending)))
