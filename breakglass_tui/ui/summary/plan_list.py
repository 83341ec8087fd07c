"""PlanList: the steps of the plan in order. A bracket joins steps that run in parallel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from textual.content import Content

from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Plan, Step
from breakglass_tui.ui.widgets.row_list import RowList

MARKS = {"new": ("+ new", "$success"), "member": ("+ member", "$success"), "diff": ("~ changed", "$warning")}
GRANTS = frozenset({"inline-policy", "group-membership", "role-trust"})
"""The ids of the steps that grant permissions. They run last, so that an incomplete user has none."""
READS = ("Get", "List", "Describe", "Simulate")
TITLE_LIMIT = 24
MARK, BRACKET = 10, 10
"""The columns of the kind of change and of the bracket."""


class PlanRow(NamedTuple):
    """A step of the plan, and its part of the bracket that joins steps running at the same time."""

    step: Step
    bracket: str


def plan_rows(plan: Plan) -> tuple[PlanRow, ...]:
    """Return a row for each step of the plan, in order."""
    return tuple(
        PlanRow(step, bracket) for wave in plan.waves() for step, bracket in zip(wave, _brackets(wave), strict=True)
    )


def _brackets(wave: Sequence[Step]) -> Iterable[str]:
    grants = all(step.id in GRANTS for step in wave)
    if len(wave) == 1:
        return ("╶ last",) if grants else ("",)
    words = ["run", "last"] if grants else ["in", "parallel"]
    signs = ["┐", *"│" * (len(wave) - 2), "┘"]
    return (f"{sign} {word}" for sign, word in zip(signs, [*words, *[""] * len(wave)], strict=False))


def short_actions(actions: Sequence[str], width: int) -> str:
    """Return the IAM actions that fit into ``width`` cells, and the number of the others.

    Writes come first. The service prefix is written only where it changes.
    """
    actions = sorted(actions, key=lambda action: action.partition(":")[2].startswith(READS))
    parts: list[str] = []
    service = ""
    for action in actions:
        prefix, _, name = action.partition(":")
        parts.append(name if prefix == service else action)
        service = prefix
    for count in range(len(parts), 0, -1):
        more = f" +{len(parts) - count}" if count < len(parts) else ""
        text = ", ".join(parts[:count])
        if len(text + more) <= width:
            return text + more
        if count == 1:
            return text[: max(1, width - len(more) - 1)] + "…" + more
    return ""


class PlanList(RowList):
    """A list of the steps of a plan: number, title, IAM actions, kind of change, and bracket."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("plan")
        self._rows = plan_rows(plan)

    @property
    def row_count(self) -> int:
        """The number of steps."""
        return len(self._rows)

    @property
    def step(self) -> Step | None:
        """The selected step, or None if no row is selected."""
        return None if self.highlighted is None else self._rows[self.highlighted].step

    def row(self, index: int, width: int) -> Content:
        """Return the row of the step ``index``."""
        step, bracket = self._rows[index]
        mark, style = MARKS[step.change.mark]
        title_width = min(TITLE_LIMIT, max(len(show(row.step.title)) for row in self._rows))
        room = width - 3 - title_width - 2 - 1 - MARK - BRACKET
        return Content.assemble(
            (f"{index + 1:>2} ", "$secondary"),
            _cell(show(step.title), title_width).stylize("bold"),
            "  ",
            _cell(short_actions(step.actions, room), room).stylize("$secondary"),
            " ",
            (f"{mark:<{MARK}}", style),
            (bracket, "$secondary"),
        )


def _cell(text: str, width: int) -> Content:
    return Content(text).truncate(max(1, width), ellipsis=True, pad=True)
