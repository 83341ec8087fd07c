"""No screenshot is written to a file, because a secret could be on it."""

from __future__ import annotations

from typing import Any

from breakglass_tui.domain.problems import Problem
from breakglass_tui.ui.shell.secrecy import Secrecy

REFUSED = "This program writes no screenshots, because a secret could be on one."


class NoPictures(Secrecy):
    """Refuses Textual's screenshots: by action, by method, and by ``TEXTUAL_SCREENSHOT``."""

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:  # noqa: ARG002 - Textual's signature
        """Refuse."""
        self.notify(REFUSED, severity="warning", markup=False)

    def deliver_screenshot(self, *_: Any, **__: Any) -> None:
        """Write no file, and show a notice."""
        self.notify(REFUSED, severity="warning", markup=False)

    def save_screenshot(self, *_: Any, **__: Any) -> str:
        """Write no file, and show a notice. Return an empty name."""
        self.notify(REFUSED, severity="warning", markup=False)
        return ""

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """Return the screen as SVG, in memory only. Raises ``Problem`` while a secret is on it."""
        if self.shows_secret:
            raise Problem(
                "No screenshot is made while a secret is on the screen.",
                why="A screenshot would outlive the seconds for which a secret is shown.",
                next="Hide it, or wait until it hides itself.",
            )
        return super().export_screenshot(title=title, simplify=simplify)
