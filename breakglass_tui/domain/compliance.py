"""The compliance lens: the same results, sorted by what a standard demands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from breakglass_tui.domain.checks import ACTIVE_KEYS, CheckResult, CheckStatus
from breakglass_tui.domain.controls import CONTROLS, Control, Precondition


class ControlStatus(StrEnum):
    """How a control stands: an exception that the mission demands is none of the failures."""

    MET = "met"
    EXCEPTION = "expected-exception"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ControlResult:
    """A control, how it stands, and what was found or why it is an exception."""

    control: Control
    standing: ControlStatus
    text: str


def control_results(
    results: Iterable[CheckResult], request: Mapping[str, Any] | None = None
) -> tuple[ControlResult, ...]:
    """One answer for each control, in the order of the standards. What was not checked is unknown, never met.

    ``request`` is what was asked for, as far as it is known: a check passes when it finds just that.
    """
    found = {result.id: result for result in results}
    return tuple(
        _answer(control, [found.get(check) for check in control.checks], request or {}) for control in CONTROLS
    )


def _answer(control: Control, results: list[CheckResult | None], request: Mapping[str, Any]) -> ControlResult:
    known = [result for result in results if result is not None and result.status is not CheckStatus.SKIP]
    if control.demand in (Precondition.NO_KEY, Precondition.ONE_KEY):
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
        return ControlResult(control, ControlStatus.UNKNOWN, "not all of it could be looked at")
    return ControlResult(control, ControlStatus.MET, "; ".join(result.found for result in known))


def _excepted(control: Control, known: list[CheckResult], bad: list[CheckResult]) -> bool:
    """Whether it is the mission that goes against it: a check that failed found something that no mission asks for."""
    if not control.exception or any(result.status is CheckStatus.FAIL for result in bad):
        return False
    return bool(known) and not bad if control.inherent else bool(bad)


def _by_keys(control: Control, known: list[CheckResult], request: Mapping[str, Any]) -> ControlResult:
    """What the number of active keys decides; the check that counts them may fail for quite another reason."""
    access = request.get("access")
    counted = next((result.facts[ACTIVE_KEYS] for result in known if ACTIVE_KEYS in result.facts), None)
    if counted is None:
        return ControlResult(control, ControlStatus.UNKNOWN, "the access keys could not be looked at")
    text = f"{counted} active access key{'' if counted == '1' else 's'}"
    if control.demand is Precondition.ONE_KEY:
        return ControlResult(control, ControlStatus.MET if counted in ("0", "1") else ControlStatus.NOT_MET, text)
    if access == "programmatic":
        return ControlResult(control, ControlStatus.MET, "no console password was asked for")
    if counted == "0":
        return ControlResult(control, ControlStatus.MET, text)
    if access is None:
        return ControlResult(control, ControlStatus.UNKNOWN, f"{text}; what was asked for is not known")
    asked = "a password and an access key were asked for" if access == "both" else "none was asked for"
    return ControlResult(control, ControlStatus.NOT_MET, f"{text}; {asked}")


def _by_request(control: Control, request: Mapping[str, Any]) -> ControlResult | None:
    """What the request decides once its check has passed; None where the check decides."""
    access, without_mfa = request.get("access"), request.get("mfa") == "none"
    match control.demand:
        case Precondition.CONSOLE_MFA if access == "programmatic":
            return ControlResult(control, ControlStatus.MET, "the user has no console password")
        case Precondition.CONSOLE_MFA | Precondition.MFA if without_mfa:
            return ControlResult(control, ControlStatus.NOT_MET, "no MFA device was asked for, and there is none")
        case _:
            return None
