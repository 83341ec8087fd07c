"""The results of the checks, mapped to the controls of security standards such as CIS and PCI DSS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from breakglass_tui.domain.checks import ACTIVE_KEYS, CheckResult, CheckStatus
from breakglass_tui.domain.controls import CONTROLS, Control, Precondition


class ControlStatus(StrEnum):
    """The status of a control. EXCEPTION means that the emergency user breaks the control on purpose."""

    MET = "met"
    EXCEPTION = "expected-exception"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ControlResult:
    """A control and its status. ``text`` is what the checks found, or why the control is an exception."""

    control: Control
    status: ControlStatus
    text: str


def control_results(
    results: Iterable[CheckResult], request: Mapping[str, Any] | None = None
) -> tuple[ControlResult, ...]:
    """Return one result for each control, in the order of ``CONTROLS``. A control without check results is unknown.

    ``request`` has the known fields of the request, and is empty or None if there are none. A check passes if AWS
    matches the request. So a control with a precondition also depends on what the request asks for.
    """
    found = {result.id: result for result in results}
    return tuple(
        _control_result(control, [found.get(check) for check in control.checks], request or {}) for control in CONTROLS
    )


def _control_result(control: Control, results: list[CheckResult | None], request: Mapping[str, Any]) -> ControlResult:
    known = [result for result in results if result is not None and result.status is not CheckStatus.SKIP]
    if control.precondition in (Precondition.NO_KEY, Precondition.ONE_KEY):
        return _by_keys(control, known, request)
    bad = [result for result in known if result.status in (CheckStatus.FAIL, CheckStatus.WARN)]
    if _excepted(control, known, bad):
        return ControlResult(control, ControlStatus.EXCEPTION, control.exception)
    if bad:
        return ControlResult(control, ControlStatus.NOT_MET, "; ".join(result.found for result in bad))
    by_request = _by_request(control, request) if known else None
    if by_request is not None:
        return by_request
    if len(known) < len(results):
        return ControlResult(control, ControlStatus.UNKNOWN, "some of its checks have no result")
    return ControlResult(control, ControlStatus.MET, "; ".join(result.found for result in known))


def _excepted(control: Control, known: list[CheckResult], bad: list[CheckResult]) -> bool:
    """Return whether the user breaks the control on purpose.

    If the control is ``inherent``, passed checks mean that it is broken. For other controls, a warning means that. A
    failed check found something else, so it is never an exception.
    """
    if not control.exception or any(result.status is CheckStatus.FAIL for result in bad):
        return False
    return bool(known) and not bad if control.inherent else bool(bad)


def _by_keys(control: Control, known: list[CheckResult], request: Mapping[str, Any]) -> ControlResult:
    """Return the result of a control about the number of active access keys.

    It does not depend on the status of the check ``access``.
    """
    access = request.get("access")
    counted = next((result.facts[ACTIVE_KEYS] for result in known if ACTIVE_KEYS in result.facts), None)
    if counted is None:
        return ControlResult(control, ControlStatus.UNKNOWN, "the access keys could not be read")
    text = f"{counted} active access key{'' if counted == '1' else 's'}"
    if control.precondition is Precondition.ONE_KEY:
        return ControlResult(control, ControlStatus.MET if counted in ("0", "1") else ControlStatus.NOT_MET, text)
    if access == "programmatic":
        return ControlResult(control, ControlStatus.MET, "no console password was requested")
    if counted == "0":
        return ControlResult(control, ControlStatus.MET, text)
    if access is None:
        return ControlResult(control, ControlStatus.UNKNOWN, f"{text}, the request is not known")
    requested = "a password and an access key" if access == "both" else "none"
    return ControlResult(control, ControlStatus.NOT_MET, f"{text}. Requested: {requested}")


def _by_request(control: Control, request: Mapping[str, Any]) -> ControlResult | None:
    """Return the result if the request alone decides on the control, or None if the passed checks decide."""
    access, without_mfa = request.get("access"), request.get("mfa") == "none"
    match control.precondition:
        case Precondition.CONSOLE_MFA if access == "programmatic":
            return ControlResult(control, ControlStatus.MET, "the user has no console password")
        case Precondition.CONSOLE_MFA | Precondition.MFA if without_mfa:
            return ControlResult(control, ControlStatus.NOT_MET, "no MFA device was requested, and there is none")
        case _:
            return None
