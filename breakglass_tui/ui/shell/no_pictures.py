"""NoPictures: prevents screenshots, because a secret could be on them."""

from __future__ import annotations

from typing import Any

from breakglass_tui.domain.problems import Problem
from breakglass_tui.ui.shell.app_mixin import AppMixin
from breakglass_tui.ui.shell.secrecy import Secrecy

REFUSED = "This program writes no screenshots, because a secret could be on one."


class NoPictures(AppMixin):
    """App mixin that refuses Textual's screenshots, also those that the variable ``TEXTUAL_SCREENSHOT`` requests."""

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:  # noqa: ARG002 - Textual's signature
        """Show a notice instead of a screenshot."""
        self.notify(REFUSED, severity="warning", markup=False)

    def deliver_screenshot(self, *_: Any, **__: Any) -> None:
        """Show a notice instead of a screenshot."""
        self.notify(REFUSED, severity="warning", markup=False)

    def save_screenshot(self, *_: Any, **__: Any) -> str:
        """Show a notice instead of a screenshot. Return an empty file name."""
        self.notify(REFUSED, severity="warning", markup=False)
        return ""

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """Return the screen as SVG text. No file is written.

        Raises:
            Problem: a secret is on the screen.
        """
        if isinstance(self, Secrecy) and self.shows_secret:
            raise Problem(
                "No screenshot is made while a secret is on the screen.",
                why="A screenshot would outlive the seconds for which a secret is shown.",
                next="Hide it, or wait until it hides itself.",
            )
        return super().export_screenshot(title=title, simplify=simplify)
