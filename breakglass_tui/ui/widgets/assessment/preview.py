"""Preview: what the draft will create, updated while the operator types."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.console import Console, ConsoleOptions, RenderResult
from rich.style import Style
from rich.text import Text
from textual.widgets import Static

from breakglass_tui.domain.account import Account
from breakglass_tui.ui.draft import Draft
from breakglass_tui.ui.forecast import Forecast, forecast

Row = tuple[str, str, str, str]
"""The prefix of the first line, the prefix of wrapped lines, the text, and the name of its style."""


class _Outline:
    """Rows that wrap to the available width, with the lines of the tree continued."""

    def __init__(self, rows: list[Row], style_of: Callable[[str], Style]) -> None:
        self._rows, self._style_of = rows, style_of

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for first, rest, text, part in self._rows:
            width = max(4, options.max_width - len(first))
            lines = Text(text, style=self._style_of(part)).wrap(console, width, overflow="fold") or [Text()]
            for number, line in enumerate(lines):
                yield Text.assemble((rest if number else first, "dim"), line)


class Preview(Static):
    """A tree of names, the storage of the secrets, warnings, and the approximate number of calls."""

    COMPONENT_CLASSES = {"preview--name", "preview--quiet", "preview--warning"}

    def tell(self, draft: Draft, account: Account | None) -> None:
        """Draw ``draft``."""
        self.update(_Outline(list(_rows(forecast(draft, account))), self._style_of))

    def _style_of(self, part: str) -> Style:
        """Return the style in the theme at the time of drawing, since the theme may change."""
        return self.get_component_rich_style(f"preview--{part}", partial=True) if part else Style.null()


def _rows(coming: Forecast) -> Iterator[Row]:
    yield "", "", coming.user_name, "name"
    yield "", "", coming.about, "quiet"
    for number, branch in enumerate(coming.branches, 1):
        last = number == len(coming.branches)
        bar = "  " if last else "│ "
        yield "└ " if last else "├ ", bar, branch.text, ""
        if branch.detail:
            yield bar + "  ", bar + "  ", branch.detail, "quiet"
    yield "", "", "", ""
    for text in coming.kept:
        yield "", "  ", text, ""
    for text in coming.warnings:
        yield "⚠ ", "  ", text, "warning"
    yield "", "", f"About {coming.calls} calls to AWS.", "quiet"
