"""Preview: what the draft will create, beside the questions and as up to date as they are."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderResult
from rich.style import Style
from rich.text import Text
from textual.widgets import Static

from breakglass_tui.domain.account import Account
from breakglass_tui.ui.draft import Draft
from breakglass_tui.ui.forecast import Forecast, forecast

Row = tuple[str, str, str, Style]
"""What stands before the first line, before those it wraps into, the text, and its style."""


class _Outline:
    """Rows that wrap to whatever width there is, with the branches of the tree drawn on."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for first, rest, text, style in self._rows:
            width = max(4, options.max_width - len(first))
            lines = Text(text, style=style).wrap(console, width, overflow="fold") or [Text()]
            for number, line in enumerate(lines):
                yield Text.assemble((rest if number else first, "dim"), line)


class Preview(Static):
    """A tree of names, how the secrets are kept, warnings, and about how many calls."""

    COMPONENT_CLASSES = {"preview--name", "preview--quiet", "preview--warning"}

    def tell(self, draft: Draft, account: Account | None) -> None:
        """Draw this draft."""
        self.update(_Outline(list(self._rows(forecast(draft, account)))))

    def _rows(self, coming: Forecast) -> Iterator[Row]:
        plain = Style.null()
        name, quiet, warning = (
            self.get_component_rich_style(f"preview--{part}", partial=True) for part in ("name", "quiet", "warning")
        )
        yield "", "", coming.user_name, name
        yield "", "", coming.about, quiet
        for number, branch in enumerate(coming.branches, 1):
            last = number == len(coming.branches)
            bar = "  " if last else "│ "
            yield "└ " if last else "├ ", bar, branch.text, plain
            if branch.detail:
                yield bar + "  ", bar + "  ", branch.detail, quiet
        yield "", "", "", plain
        for text in coming.kept:
            yield "", "  ", text, plain
        for text in coming.warnings:
            yield "⚠ ", "  ", text, warning
        yield "", "", f"About {coming.calls} calls to AWS.", quiet
