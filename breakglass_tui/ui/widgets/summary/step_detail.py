"""StepDetail: what the chosen step will do, and how it would be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breakglass_tui.domain.text import show
from breakglass_tui.ui.widgets.paragraphs import Paragraphs, labelled

if TYPE_CHECKING:
    from breakglass_tui.engine.plan import Step

LABEL = 9


class StepDetail(Paragraphs):
    """One sentence, every IAM action, and those that undo it."""

    def draw(self, step: Step) -> None:
        """Show ``step``."""
        change = show(step.change.sentence) + ("  (d shows the diff)" if step.change.diff else "")
        rows = [
            ("does", change),
            ("calls", ", ".join(map(show, step.actions))),
            ("undo", ", ".join(map(show, step.undo_actions))),
        ]
        self.tell(labelled(rows, LABEL))
