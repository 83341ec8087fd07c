"""Preview: what the draft will create, beside the questions and as up to date as they are."""

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
"""What stands before the first line, before those it wraps into, the text, and the part whose style it has."""


class _Outline:
    """Rows that wrap to whatever width there is, with the branches of the tree drawn on."""

    def __init__(self, rows: list[Row], style_of: Callable[[str], Style]) -> None:
        self._rows, self._style_of = rows, style_of

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for first, rest, text, part in self._rows:
            width = max(4, options.max_width - len(first))
            lines = Text(text, style=self._style_of(part)).wrap(console, width, overflow="fold") or [Text()]
            for number, line in enumerate(lines):
                yield Text.assemble((rest if number else first, "dim"), line)


class Preview(Static):
    """A tree of names, how the secrets are kept, warnings, and about how many calls."""

    COMPONENT_CLASSES = {"preview--name", "preview--quiet", "preview--warning"}

    def tell(self, draft: Draft, account: Account | None) -> None:
        """Draw this draft."""
        self.update(_Outline(list(_rows(forecast(draft, account))), self._style_of))

    def _style_of(self, part: str) -> Style:
        """As the theme has it when it is drawn, which may be another by then."""
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
