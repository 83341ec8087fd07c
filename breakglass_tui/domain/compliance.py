"""The compliance lens: the same results, sorted by what a standard demands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.controls import CONTROLS, Control


class Standing(StrEnum):
    """How a control stands: an exception that the mission demands is none of the failures."""

    MET = "met"
    EXCEPTION = "expected-exception"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """A control, how it stands, and what was found or why it is an exception."""

    control: Control
    standing: Standing
    text: str


def answers(results: Iterable[CheckResult]) -> tuple[Answer, ...]:
    """One answer for each control, in the order of the standards. What was not checked is unknown, never met."""
    found = {result.id: result for result in results}
    return tuple(_answer(control, [found.get(check) for check in control.checks]) for control in CONTROLS)


def _answer(control: Control, results: list[CheckResult | None]) -> Answer:
    known = [result for result in results if result is not None and result.status is not CheckStatus.SKIP]
    bad = [result for result in known if result.status in (CheckStatus.FAIL, CheckStatus.WARN)]
    if control.exception and (bad or (control.inherent and known)):
        return Answer(control, Standing.EXCEPTION, control.exception)
    if bad:
        return Answer(control, Standing.NOT_MET, "; ".join(result.found for result in bad))
    if len(known) < len(results):
        return Answer(control, Standing.UNKNOWN, "not all of it could be looked at")
    return Answer(control, Standing.MET, "; ".join(result.found for result in known))
