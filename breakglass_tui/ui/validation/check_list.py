"""CheckList: the list of checks with their statuses."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from breakglass_tui.domain.text import show
from breakglass_tui.ui.state.validation import Validation
from breakglass_tui.ui.widgets.row_list import RowList
from breakglass_tui.ui.widgets.signs import CHECK_SIGNS, NEXT, RUNNING, Sign, counted

STATUS = 10


class CheckList(RowList):
    """A list with a row for each check: sign, title and current call.

    ``doing`` has the current call of each running check, by check id.
    """

    def __init__(self, validation: Validation, doing: Mapping[str, str]) -> None:
        super().__init__("checks")
        self._validation, self._doing = validation, doing

    @property
    def row_count(self) -> int:
        """The number of checks."""
        return len(self._validation.titles)

    @property
    def check(self) -> str | None:
        """The id of the selected check, or None if no row is selected."""
        ids = list(self._validation.titles)
        return ids[self.highlighted] if self.highlighted is not None and self.highlighted < len(ids) else None

    def sign(self, check: str) -> Sign:
        """Return the sign for the check with the id ``check``: its status, or that it is running or next."""
        if check in self._validation.unchecked:
            return RUNNING if check in self._doing else NEXT
        result = self._validation.record.checks.get(check)
        return CHECK_SIGNS[result.status] if result else NEXT

    def row(self, index: int, width: int) -> Content:  # noqa: ARG002 - cut by the list
        """Return the row of the check ``index``."""
        check, title = list(self._validation.titles.items())[index]
        doing = self._doing.get(check, "") if check in self._validation.unchecked else ""
        return Content.assemble(
            self.sign(check).content(STATUS), show(title), (f"  {show(doing)}" if doing else "", "$secondary")
        )


def counts(validation: Validation) -> Content:
    """Return a line with the number of checks for each status, and of those without a result."""
    if not validation.titles:
        return Content("")
    parts = counted(result.status for id, result in validation.record.checks.items() if id not in validation.unchecked)
    if validation.unchecked:
        parts.append(Content.styled(f"{len(validation.unchecked)} to come", "$primary"))
    return Content(" · ").join(parts)
