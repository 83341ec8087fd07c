"""The compliance view: the results of a validation, grouped by security standard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from textual.content import Content

from breakglass_tui.domain.compliance import ControlResult, ControlStatus, control_results
from breakglass_tui.domain.controls import CONTROLS, Control
from breakglass_tui.domain.text import show
from breakglass_tui.ui.state.validation import Validation
from breakglass_tui.ui.widgets.paragraphs import Paragraph, plain
from breakglass_tui.ui.widgets.signs import Sign

STANDING_SIGNS = {
    ControlStatus.NOT_MET: Sign("✗", "not met", "bold $error"),
    ControlStatus.EXCEPTION: Sign("◇", "expected exception", "$accent"),
    ControlStatus.UNKNOWN: Sign("?", "unknown", "$warning"),
    ControlStatus.MET: Sign("✓", "met", "$success"),
}
LONGEST = 2048
CIS = "CIS AWS"
"""The only standard whose controls are listed for several versions."""
ABOUT = (
    "The same results, grouped by standard. An expected exception is a control that an emergency user breaks on "
    "purpose. It is not counted as a failure. Unchecked controls count as unknown."
)
EARLY = "Checks are still running. A check without a result counts as unknown."


def lens(validation: Validation) -> list[Paragraph]:
    """Return paragraphs with the controls of each standard, and whether the user meets them."""
    record = validation.record
    request = record.header.request if record.header else {}
    paragraphs = [plain(ABOUT, "$secondary")]
    if validation.inspecting:
        paragraphs += [plain(EARLY, "$warning")]
    for family, demands in _by_family(control_results(record.checks.values(), request)).items():
        head = Content.assemble((f"{family}  ", "bold $primary"), _counts(demands))
        paragraphs += [plain(""), Paragraph(Content(""), head)]
        paragraphs += [part for demand in demands for part in _demand(demand)]
    return paragraphs


def controls_by_family(check: str) -> list[tuple[str, str]]:
    """Return pairs of a standard and the numbers of its controls that the check with the id ``check`` answers.

    Versions of CIS count as one standard.
    """
    found: dict[str, list[Control]] = {}
    for control in CONTROLS:
        if check in control.checks:
            found.setdefault(_family(control)[0], []).append(control)
    return [(family, _numbers(controls)) for family, controls in found.items()]


def _family(control: Control) -> tuple[str, str]:
    """Return the standard of ``control`` and its version.

    For standards of which only one version is listed, the version is part of the first text, and the second is empty.
    """
    family, _, version = control.standard.rpartition(" ")
    return (family, version) if family == CIS else (control.standard, "")


def _numbers(controls: Iterable[Control]) -> str:
    """Return the numbers of ``controls`` as text, each with the versions of the standard that use this number."""
    versions: dict[str, list[str]] = {}
    for control in controls:
        versions.setdefault(control.id, []).append(_family(control)[1])
    return " · ".join(id + (f" ({', '.join(found)})" if any(found) else "") for id, found in versions.items())


def _by_family(found: Iterable[ControlResult]) -> dict[str, list[list[ControlResult]]]:
    """Return the results by standard.

    Results of one standard that differ only in its version are in the same inner list.
    """
    families: dict[str, dict[tuple[str, ControlStatus, str], list[ControlResult]]] = {}
    for answer in found:
        demands = families.setdefault(_family(answer.control)[0], {})
        demands.setdefault((answer.control.title, answer.status, answer.text), []).append(answer)
    return {family: list(demands.values()) for family, demands in families.items()}


def _counts(demands: Iterable[list[ControlResult]]) -> Content:
    numbers = Counter(demand[0].status for demand in demands)
    parts = []
    for standing, sign in STANDING_SIGNS.items():
        number = numbers[standing]
        if number:
            plural = "s" if standing is ControlStatus.EXCEPTION and number > 1 else ""
            parts.append(Content.styled(f"{number} {sign.word}{plural}", sign.style))
    return Content(" · ").join(parts)


def _demand(demand: list[ControlResult]) -> Iterable[Paragraph]:
    first, sign = demand[0], STANDING_SIGNS[demand[0].status]
    yield Paragraph(Content("  "), Content.assemble(sign.content(), "  ", (first.control.title, "bold")))
    yield plain(_numbers(answer.control for answer in demand), "$secondary", indent=4)
    if first.text:
        yield plain(show(first.text, LONGEST), indent=4)
