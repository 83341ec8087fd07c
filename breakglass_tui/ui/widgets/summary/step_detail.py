"""StepDetail: what the selected step does, and how it is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breakglass_tui.domain.text import show
from breakglass_tui.ui.widgets.paragraphs import Paragraphs, labelled

if TYPE_CHECKING:
    from breakglass_tui.engine.plan import Step

LABEL = 9


class StepDetail(Paragraphs):
    """A sentence, the IAM actions of the step, and the actions that undo it."""

    def draw(self, step: Step) -> None:
        """Show ``step``."""
        change = show(step.change.sentence) + ("  (d: show diff)" if step.change.diff else "")
        rows = [
            ("does", change),
            ("calls", ", ".join(map(show, step.actions))),
            ("undo", ", ".join(map(show, step.undo_actions))),
        ]
        self.tell(labelled(rows, LABEL))
