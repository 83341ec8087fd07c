"""Preview: shows what the draft would create, while the operator edits it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.console import Console, ConsoleOptions, RenderResult
from rich.style import Style
from rich.text import Text
from textual.widgets import Static

from breakglass_tui.domain.account import Account
from breakglass_tui.ui.assessment.plan_preview import Forecast, forecast
from breakglass_tui.ui.state.draft import Draft

Row = tuple[str, str, str, str]
"""A row of the preview: the prefixes of its first line and of wrapped lines, its text, and the name of its style."""


class _Outline:
    """A Rich renderable for the rows of the preview. The text of a row wraps to the width that its prefixes leave."""

    def __init__(self, rows: list[Row], style_of: Callable[[str], Style]) -> None:
        self._rows, self._style_of = rows, style_of

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for first, rest, text, part in self._rows:
            width = max(4, options.max_width - max(len(first), len(rest)))
            lines = Text(text, style=self._style_of(part)).wrap(console, width, overflow="fold") or [Text()]
            for number, line in enumerate(lines):
                yield Text.assemble((rest if number else first, "dim"), line)


class Preview(Static):
    """A widget that shows the forecast of a draft: the user, its resources as a tree, the seals, and the warnings."""

    COMPONENT_CLASSES = {"preview--name", "preview--quiet", "preview--warning"}

    def show(self, draft: Draft, account: Account | None) -> None:
        """Show what ``draft`` would create in ``account``, which is None before it is read."""
        self.update(_Outline(list(_rows(forecast(draft, account))), self._style_of))

    def _style_of(self, part: str) -> Style:
        """Return the style for the name ``part``.

        It depends on the current theme, so it is computed at each drawing.
        """
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
