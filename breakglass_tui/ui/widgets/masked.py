"""Masked: the base class of widgets that show a secret on request, for a short time.

The secret is shown as a whole or not at all, and the mouse cannot select it.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cached_cell_len
from textual.content import Content
from textual.css.query import NoMatches
from textual.errors import NoWidget
from textual.geometry import Region, Size
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from breakglass_tui.domain.questions import Hidden
from breakglass_tui.ui.shell.secrecy import Secrecy

SHOWN_S = 15
AT_ONCE_S = 1
"""A layout that was pending at a request has ended after this time, in seconds."""
NOTHING = Size(0, 0)


class Masked(Widget):
    """The base class of widgets that show a secret on request. Otherwise they show a cover text.

    The cover takes as much space as the secret, so that no other widget moves. The App hides the secret after
    ``shown_s`` seconds. Subclasses define ``cover``, ``bare`` and ``needs``.

    Only rows that changed are written to the terminal again. So a recording of the terminal has the secret once, and
    not once for each second of the countdown.
    """

    DEFAULT_CSS = "Masked { height: auto; }"
    ALLOW_SELECT = False

    @dataclass
    class Toggled(Message):
        """The secret of ``masked`` was shown or hidden.

        ``left`` is the remaining time in seconds, or 0 if it was hidden.
        """

        masked: Masked
        left: float

    def __init__(self, *, shown_s: float = SHOWN_S, id: str) -> None:
        super().__init__(id=id)
        self.shrink = False
        self._text = Content("")
        self._shown_s = shown_s
        self._secret: Hidden | None = None
        self._left = 0.0
        self._asked_at: float | None = None

    # For subclasses

    def cover(self) -> Content:
        """Return the text to show while the secret is hidden."""
        raise NotImplementedError

    def bare(self, secret: Hidden, left: float) -> Content:
        """Return the text with the secret. It may include the remaining seconds ``left`` if there is space."""
        raise NotImplementedError

    def needs(self, secret: Hidden, width: int) -> Size:
        """Return the size of ``bare``, in cells, if the widget is ``width`` cells wide."""
        raise NotImplementedError

    def no_room(self, lacking: Size) -> Content:
        """Return the notice that the terminal has too few columns or rows. ``lacking`` is how many are missing."""
        more = " and ".join(missing(lacking))
        return Content.styled(f"No room to show it whole: {more} needed. Enlarge the terminal.", "$warning")

    # For the panel that contains it

    @property
    def shown(self) -> bool:
        """Whether the secret is on the screen."""
        return self._left > 0

    def hold(self, secret: Hidden | None) -> None:
        """Set the secret, which is hidden at first. None removes the secret, also from the cache of text widths."""
        self.hide()
        self._secret, self._asked_at = secret, None
        self.draw(self.cover())
        cached_cell_len.cache_clear()

    def toggle(self) -> bool:
        """Show the secret, or hide it if it is shown. Return whether it is shown now.

        If there is not enough space, a notice says so.
        """
        if self.shown:
            self.hide()
        elif self._secret is not None and not self._show():
            # A widget that was mounted a moment ago may not have its region yet.
            self._asked_at = self._app.ticks()
            self.call_after_refresh(self._show_or_say)
        return self.shown

    def _show(self) -> bool:
        if self.lacking() == NOTHING:
            self._asked_at = None
            self._app.show_secret(self, self._shown_s)
        return self.shown

    def _show_or_say(self) -> None:
        if self._secret is not None and self.screen.is_active and not self._show():
            self.draw(self.no_room(self.lacking()))

    def on_resize(self) -> None:
        """Draw again if a request to show the secret had too little space and there is enough now.

        Show the secret if the request is at most ``AT_ONCE_S`` seconds old, else the cover.
        """
        if self._asked_at is None or self.lacking() != NOTHING:
            return
        if self._app.app_focus and self._app.ticks() - self._asked_at < AT_ONCE_S:
            self._show_or_say()
        else:
            self._asked_at = None
            self.draw(self.cover())

    def hide(self) -> None:
        """Hide the secret, if it is shown."""
        if self.shown:
            self._app.hide_secrets()

    def lacking(self) -> Size:
        """Return how many columns and rows are missing to show the whole secret."""
        if self._secret is None:
            return NOTHING
        seen = self._visible()
        need = self.needs(self._secret, self.size.width)
        return Size(max(need.width - seen.width, 0), max(need.height - seen.height, 0))

    def _visible(self) -> Size:
        """Return the size of the part of this widget that is on the screen, in cells."""
        try:
            return self.screen.find_widget(self).visible_region.size
        except (NoWidget, NoMatches):
            return NOTHING

    # For the App while the secret is shown

    def show_left(self, seconds: float) -> None:
        """Draw the secret with the remaining time in seconds. If it has too little space now, hide it."""
        assert self._secret is not None
        draw = self._draw_changes if self.shown else self.draw
        self._left = seconds
        if self.lacking() != NOTHING:
            self._app.hide_secrets()
            return
        draw(self.bare(self._secret, seconds))
        self.post_message(self.Toggled(self, seconds))

    def mask(self) -> None:
        """Draw the cover in place of the secret."""
        self._left = 0
        self.draw(self.cover())
        self.post_message(self.Toggled(self, 0))

    @property
    def _app(self) -> Secrecy:
        app = self.app
        assert isinstance(app, Secrecy)
        return app

    # For Textual

    def render(self) -> Content:
        """Return the text that was drawn last."""
        return self._text

    def draw(self, text: Content) -> None:
        """Show ``text``, which may need another number of rows than the text before."""
        self._text = text
        self.refresh(layout=True)

    def _draw_changes(self, text: Content) -> None:
        """Show ``text``. Refresh only the rows that differ from the text before."""
        before, after = self._rows(self._text), self._rows(text)
        if len(before) != len(after):
            self.draw(text)
            return
        self._text = text
        rows = [y for y, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        if rows:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in rows))

    def _rows(self, text: Content) -> list[Strip]:
        """Return the rows of ``text`` as they are written to the terminal."""
        return Visual.to_strips(self, text, self.size.width, None, self.visual_style)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the height that the shown secret needs, also while it is hidden."""
        height = super().get_content_height(container, viewport, width)
        return max(height, self.needs(self._secret, width).height) if self._secret is not None else height

    def get_selection(self, selection: Selection) -> None:  # noqa: ARG002 - Textual's signature
        """Return None, so that the secret cannot be selected with the mouse."""
        return

    def on_unmount(self) -> None:
        """Hide the secret when the widget is removed."""
        self.hide()


def missing(lacking: Size) -> list[str]:
    """Return what a terminal lacks, in words such as ``2 more columns`` and ``1 more row``."""
    counts = ((lacking.width, "column"), (lacking.height, "row"))
    return [f"{count} more {name}{'s' if count > 1 else ''}" for count, name in counts if count > 0]
