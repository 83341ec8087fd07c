"""A secret on the screen: only on request, only for a short time, whole or not at all, and never to be selected."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.css.query import NoMatches
from textual.errors import NoWidget
from textual.geometry import Size
from textual.message import Message
from textual.selection import Selection
from textual.widgets import Static

from breakglass_tui.domain.questions import Hidden
from breakglass_tui.ui.shell.clipboard import Clipboard

SHOWN_S = 15
AT_ONCE_S = 1
"""Seconds in which a layout that was under way when the secret was asked for has surely ended."""
NOTHING = Size(0, 0)


class Masked(Static):
    """Holds a secret; takes the room that it will need from the beginning, so that nothing moves when it is shown."""

    ALLOW_SELECT = False

    @dataclass
    class Told(Message):
        """It was shown, hidden, or has so many seconds ``left``."""

        masked: Masked
        left: float

    def __init__(self, *, shown_s: float = SHOWN_S, id: str) -> None:
        super().__init__(id=id, markup=False)
        self._shown_s = shown_s
        self._secret: Hidden | None = None
        self._left = 0.0
        self._asked_at: float | None = None

    # What a kind of secret says of itself

    def cover(self) -> Content:
        """What stands in its place while it is masked."""
        raise NotImplementedError

    def bare(self, secret: Hidden, left: float) -> Content:
        """The secret, with the seconds that are left where there is room for them."""
        raise NotImplementedError

    def needs(self, secret: Hidden, width: int) -> Size:
        """Cells it takes when it is shown in a column so wide."""
        raise NotImplementedError

    def no_room(self, lacking: Size) -> Content:
        """What the terminal would have to be."""
        more = " and ".join(missing(lacking))
        return Content.styled(f"No room to show it whole: it takes {more}. Enlarge the terminal.", "$warning")

    # What its panel does

    @property
    def shown(self) -> bool:
        """Whether the secret is on the screen."""
        return self._left > 0

    def hold(self, secret: Hidden | None) -> None:
        """Take this secret, masked, or none."""
        self.hide()
        self._secret, self._asked_at = secret, None
        self.update(self.cover())

    def toggle(self) -> bool:
        """Show it or hide it; tells whether it is shown."""
        if self.shown:
            self.hide()
        elif self._secret is not None and not self._show():
            # What was drawn a moment ago may not have its place yet.
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
            self.update(self.no_room(self.lacking()))

    def on_resize(self) -> None:
        """Room that came late: whoever asked a moment ago sees the secret, anybody else that it can be asked for."""
        if self._asked_at is None or self.lacking() != NOTHING:
            return
        if self._app.app_focus and self._app.ticks() - self._asked_at < AT_ONCE_S:
            self._show_or_say()
        else:
            self._asked_at = None
            self.update(self.cover())

    def hide(self) -> None:
        """Take it off the screen."""
        if self.shown:
            self._app.hide_secrets()

    def lacking(self) -> Size:
        """Columns and rows that are missing to show it whole."""
        if self._secret is None:
            return NOTHING
        seen = self._visible()
        need = self.needs(self._secret, self.size.width)
        return Size(max(need.width - seen.width, 0), max(need.height - seen.height, 0))

    def _visible(self) -> Size:
        """The part of it that is on the screen, in cells."""
        try:
            return self.screen.find_widget(self).visible_region.size
        except (NoWidget, NoMatches):
            return NOTHING

    # What the App does while it is shown

    def tell_left(self, seconds: float) -> None:
        """Draw it, unless something that came since has taken its room."""
        assert self._secret is not None
        self._left = seconds
        if self.lacking() != NOTHING:
            self._app.hide_secrets()
            return
        self.update(self.bare(self._secret, seconds))
        self.post_message(self.Told(self, seconds))

    def mask(self) -> None:
        """Put the cover over it."""
        self._left = 0
        self.update(self.cover())
        self.post_message(self.Told(self, 0))

    @property
    def _app(self) -> Clipboard:
        app = self.app
        assert isinstance(app, Clipboard)
        return app

    # What Textual asks

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Also masked, as high as it is bare."""
        height = super().get_content_height(container, viewport, width)
        return max(height, self.needs(self._secret, width).height) if self._secret is not None else height

    def get_selection(self, selection: Selection) -> None:  # noqa: ARG002 - Textual's signature
        """Nothing, also when the whole screen is selected."""
        return

    def on_unmount(self) -> None:
        """A widget that goes takes its secret along."""
        self.hide()


def missing(lacking: Size) -> list[str]:
    """``2 more columns``, ``1 more row``: what a terminal lacks."""
    counts = ((lacking.width, "column"), (lacking.height, "row"))
    return [f"{count} more {name}{'s' if count > 1 else ''}" for count, name in counts if count > 0]
