"""Masked: a secret that is shown on request, for a short time, whole or not at all. It cannot be selected."""

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
"""Seconds after a request within which a pending layout has surely ended."""
NOTHING = Size(0, 0)


class Masked(Static):
    """A secret under a cover. The cover has the size of the secret, so that nothing moves when it is shown."""

    ALLOW_SELECT = False

    @dataclass
    class Told(Message):
        """The secret was shown or hidden. ``left`` has the remaining seconds, 0 when hidden."""

        masked: Masked
        left: float

    def __init__(self, *, shown_s: float = SHOWN_S, id: str) -> None:
        super().__init__(id=id, markup=False)
        self._shown_s = shown_s
        self._secret: Hidden | None = None
        self._left = 0.0
        self._asked_at: float | None = None

    # For subclasses

    def cover(self) -> Content:
        """Return the text shown while the secret is masked."""
        raise NotImplementedError

    def bare(self, secret: Hidden, left: float) -> Content:
        """Return the secret, with the remaining seconds if there is room for them."""
        raise NotImplementedError

    def needs(self, secret: Hidden, width: int) -> Size:
        """Return the size of the shown secret, in cells, in a column of ``width``."""
        raise NotImplementedError

    def no_room(self, lacking: Size) -> Content:
        """Return the message that the terminal is too small by ``lacking``."""
        more = " and ".join(missing(lacking))
        return Content.styled(f"No room to show it whole: {more} needed. Enlarge the terminal.", "$warning")

    # For the panel that contains it

    @property
    def shown(self) -> bool:
        """Whether the secret is on the screen."""
        return self._left > 0

    def hold(self, secret: Hidden | None) -> None:
        """Set the secret, masked, or remove it with None."""
        self.hide()
        self._secret, self._asked_at = secret, None
        self.update(self.cover())

    def toggle(self) -> bool:
        """Show or hide the secret. Return whether it is shown."""
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
            self.update(self.no_room(self.lacking()))

    def on_resize(self) -> None:
        """Handle room that appears after a request: show the secret after a recent request, else the cover."""
        if self._asked_at is None or self.lacking() != NOTHING:
            return
        if self._app.app_focus and self._app.ticks() - self._asked_at < AT_ONCE_S:
            self._show_or_say()
        else:
            self._asked_at = None
            self.update(self.cover())

    def hide(self) -> None:
        """Remove the secret from the screen."""
        if self.shown:
            self._app.hide_secrets()

    def lacking(self) -> Size:
        """Return the columns and rows that are missing to show the whole secret."""
        if self._secret is None:
            return NOTHING
        seen = self._visible()
        need = self.needs(self._secret, self.size.width)
        return Size(max(need.width - seen.width, 0), max(need.height - seen.height, 0))

    def _visible(self) -> Size:
        """Return the size of the visible part, in cells."""
        try:
            return self.screen.find_widget(self).visible_region.size
        except (NoWidget, NoMatches):
            return NOTHING

    # For the App while the secret is shown

    def tell_left(self, seconds: float) -> None:
        """Draw the secret, or hide it if another widget has taken its room."""
        assert self._secret is not None
        self._left = seconds
        if self.lacking() != NOTHING:
            self._app.hide_secrets()
            return
        self.update(self.bare(self._secret, seconds))
        self.post_message(self.Told(self, seconds))

    def mask(self) -> None:
        """Draw the cover."""
        self._left = 0
        self.update(self.cover())
        self.post_message(self.Told(self, 0))

    @property
    def _app(self) -> Clipboard:
        app = self.app
        assert isinstance(app, Clipboard)
        return app

    # For Textual

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the height of the shown secret, also while it is masked."""
        height = super().get_content_height(container, viewport, width)
        return max(height, self.needs(self._secret, width).height) if self._secret is not None else height

    def get_selection(self, selection: Selection) -> None:  # noqa: ARG002 - Textual's signature
        """Return nothing, even if the whole screen is selected."""
        return

    def on_unmount(self) -> None:
        """Hide the secret."""
        self.hide()


def missing(lacking: Size) -> list[str]:
    """Return what the terminal lacks, such as ``2 more columns`` and ``1 more row``."""
    counts = ((lacking.width, "column"), (lacking.height, "row"))
    return [f"{count} more {name}{'s' if count > 1 else ''}" for count, name in counts if count > 0]
