"""No picture of the screen is written to a file, whoever asks for it."""

from __future__ import annotations

from typing import Any

from breakglass_tui.domain.problems import Problem
from breakglass_tui.ui.shell.secrecy import Secrecy

REFUSED = "Pictures of the screen are not written to files: a secret could be on one."


class NoPictures(Secrecy):
    """Textual's ways to a picture: by action, by method, or by ``TEXTUAL_SCREENSHOT``."""

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:  # noqa: ARG002 - Textual's signature
        """Say no."""
        self.notify(REFUSED, severity="warning", markup=False)

    def deliver_screenshot(self, *_: Any, **__: Any) -> None:
        """Write no file, and say so."""
        self.notify(REFUSED, severity="warning", markup=False)

    def save_screenshot(self, *_: Any, **__: Any) -> str:
        """Write no file, and say so; an empty name stands for none."""
        self.notify(REFUSED, severity="warning", markup=False)
        return ""

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """The screen as SVG in memory; raises ``Problem`` while a secret is on it."""
        if self.shows_secret:
            raise Problem(
                "A secret is on the screen: no picture is made of it.",
                why="A picture would outlive the seconds for which a secret is shown.",
                next="Hide it, or wait until it hides itself.",
            )
        return super().export_screenshot(title=title, simplify=simplify)
