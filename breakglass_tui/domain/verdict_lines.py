"""The verdict, its reasons and its risks as lines of text, the same wherever text is printed."""

from __future__ import annotations

from collections.abc import Iterable

from breakglass_tui.domain.checks import Readiness, ReasonKind

RISKS = "RISKS"
KIND_WORDS = {ReasonKind.FAILED: "Failed", ReasonKind.STEP: "Step", ReasonKind.NOT_PROVEN: "Not proven"}


def verdict_lines(readiness: Readiness) -> list[str]:
    """Return the verdict as the first line, then each reason and each risk with what clears it."""
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
