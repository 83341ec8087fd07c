"""A secret on the screen: only on request, only for a short time, never to be selected."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.selection import Selection
from textual.widgets import Static

from breakglass_tui.domain.questions import Hidden
from breakglass_tui.engine.clock import Clock

SHOWN_S = 15


class Revealed(Static):
    """Shows ``masked`` until a secret is revealed, and again after 15 s or when the terminal loses the focus."""

    ALLOW_SELECT = False

    def __init__(self, clock: Clock, layout: Callable[[str], Content], *, masked: str = "", id: str) -> None:
        super().__init__(masked, id=id, markup=False)
        self._clock, self._layout, self._masked = clock, layout, masked
        self._secret: Hidden | None = None
        self._until = 0.0

    def on_mount(self) -> None:
        """Count down; an operator who looks elsewhere does not leave the secret behind."""
        self.set_interval(0.5, self.tick)
        self.watch(self.app, "app_focus", self._looked_away, init=False)

    @property
    def shown(self) -> bool:
        """Whether the secret is on the screen."""
        return self._secret is not None

    def get_selection(self, selection: Selection) -> None:  # noqa: ARG002 - Textual's signature
        """Nothing, also when the whole screen is selected."""
        return

    def reveal(self, secret: Hidden) -> None:
        """Show it for 15 s."""
        self._secret, self._until = secret, self._clock.ticks() + SHOWN_S
        self.tick()

    def hide(self) -> None:
        """Take it off the screen."""
        if self._secret is not None:
            self._secret = None
            self.update(self._masked)

    def tick(self) -> None:
        """Draw what is left of the time, or hide."""
        if self._secret is None:
            return
        left = self._until - self._clock.ticks()
        if left <= 0:
            self.hide()
            return
        rest = Content.styled(f"\nhidden again in {left:.0f} s", "$secondary")
        self.update(self._layout(self._secret.reveal()) + rest)

    def _looked_away(self, focus: bool) -> None:
        if not focus:
            self.hide()


def spaced(text: str) -> Content:
    """Groups of four with gaps: how authenticator apps take a seed."""
    return Content.styled(" ".join(text[i : i + 4] for i in range(0, len(text), 4)), "bold $foreground")


def striped(text: str) -> Content:
    """Groups of four on two shades in turn: easy to read, and no gap that is not part of the secret."""
    groups = [text[i : i + 4] for i in range(0, len(text), 4)]
    shades = ("bold", "bold on $primary 30%")
    return Content.assemble(*((group, shades[index % 2]) for index, group in enumerate(groups)))
