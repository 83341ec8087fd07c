"""StepDetail: shows what the selected step of the plan does, and how it is undone."""

from __future__ import annotations

from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Step
from breakglass_tui.ui.widgets.paragraphs import Paragraphs, labelled

LABEL = 9


class StepDetail(Paragraphs):
    """A widget with a description of a step, its IAM actions, and the IAM actions that undo it."""

    def draw(self, step: Step) -> None:
        """Show the step ``step``."""
        change = show(step.change.sentence) + ("  (d: show diff)" if step.change.diff else "")
        rows = [
            ("result", change),
            ("calls", ", ".join(map(show, step.actions))),
            ("undo", ", ".join(map(show, step.undo_actions))),
        ]
        self.show(labelled(rows, LABEL))
