"""The verdict, its reasons and its risks as lines of text. All text outputs use these lines."""

from __future__ import annotations

from collections.abc import Iterable

from breakglass_tui.domain.checks import Readiness, ReasonKind

RISKS = "RISKS"
KIND_WORDS = {ReasonKind.FAILED: "Failed", ReasonKind.STEP: "Step", ReasonKind.NOT_PROVEN: "Not proven"}


def verdict_lines(readiness: Readiness) -> list[str]:
    """Return the lines: the verdict, each reason, then each risk. A line with what clears it follows each entry."""
    lines = [readiness.words]
    for reason in readiness.reasons:
        lines += _entry(f"{KIND_WORDS[reason.kind]}: {reason.text}", reason.clear)
    if readiness.risks:
        lines.append(RISKS)
        for risk in readiness.risks:
            lines += _entry(risk.text, risk.clear)
    return lines


def _entry(text: str, clear: str) -> Iterable[str]:
    return (f"  {text}", f"    → {clear}") if clear else (f"  {text}",)
