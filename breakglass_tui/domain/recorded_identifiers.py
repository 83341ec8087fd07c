"""Verifies the identifiers in the events of a journal.

The program records only identifiers that have their form. Another form means that the journal was forged, because
anyone can compute its hashes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from breakglass_tui.domain import events as e
from breakglass_tui.domain import identifiers as form
from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain import user_history as u
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.identifiers import IdentifierForm

FACTS: Mapping[str, IdentifierForm] = {
    "user_arn": form.ARN,
    "user_id": form.UNIQUE_ID,
    "access_key_id": form.ACCESS_KEY_ID,
    "mfa_serial": form.MFA_SERIAL,
}
"""The form of each recorded fact that is an identifier."""


def identifier_error(event: e.Event | u.UserEvent) -> str:
    """Return why an identifier in ``event`` does not have its form, or an empty string if all have it.

    An empty identifier is accepted.
    """
    for expected, value in _identifiers(event):
        if value and (error := expected.error(value)):
            return error
    return ""


def _identifiers(event: e.Event | u.UserEvent) -> Iterator[tuple[IdentifierForm, object]]:
    match event:
        case e.RunStarted(header=header):
            yield form.ACCOUNT_ID, header.account_id
            yield form.ARN, header.caller_arn
            yield form.REGION, header.region
            yield form.USER_NAME, header.request.get("user_name")
        case r.FactLearned(name=name, value=value) if name in FACTS:
            yield FACTS[name], value
        case e.StepFinished(facts=facts) | e.CheckFinished(result=CheckResult(facts=facts)):
            yield from ((FACTS[name], value) for name, value in facts.items() if name in FACTS)
        case u.DeviceAccepted(user_id=user_id, serial=serial, by=by):
            yield form.UNIQUE_ID, user_id
            yield form.MFA_SERIAL, serial
            yield form.ARN, by
