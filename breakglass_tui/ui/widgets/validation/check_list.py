"""CheckList: every check by sign, word and title, filling in live."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from breakglass_tui.domain.text import show
from breakglass_tui.ui.proof import Proof
from breakglass_tui.ui.signs import CHECK_SIGNS, NEXT, RUNNING, Sign, counted
from breakglass_tui.ui.widgets.row_list import RowList

STATUS = 10


class CheckList(RowList):
    """One row a check; ``doing`` is the call each running one is at."""

    def __init__(self, proof: Proof, doing: Mapping[str, str]) -> None:
        super().__init__("checks")
        self._proof, self._doing = proof, doing

    @property
    def row_count(self) -> int:
        """One row a check."""
        return len(self._proof.titles)

    @property
    def check(self) -> str | None:
        """The id of the chosen check."""
        ids = list(self._proof.titles)
        return ids[self.highlighted] if self.highlighted is not None and self.highlighted < len(ids) else None

    def sign(self, check: str) -> Sign:
        """How ``check`` stands."""
        if check in self._proof.unchecked:
            return RUNNING if check in self._doing else NEXT
        result = self._proof.record.checks.get(check)
        return CHECK_SIGNS[result.status] if result else NEXT

    def row(self, index: int, width: int) -> Content:  # noqa: ARG002 - cut by the list
        """The check of that number."""
        check, title = list(self._proof.titles.items())[index]
        doing = self._doing.get(check, "") if check in self._proof.unchecked else ""
        return Content.assemble(
            self.sign(check).content(STATUS), show(title), (f"  {show(doing)}" if doing else "", "$secondary")
        )


def counts(proof: Proof) -> Content:
    """How many of each status there are, and how many are still to come."""
    if not proof.titles:
        return Content("")
    parts = counted(result.status for id, result in proof.record.checks.items() if id not in proof.unchecked)
    if proof.unchecked:
        parts.append(Content.styled(f"{len(proof.unchecked)} to come", "$primary"))
    return Content(" · ").join(parts)
