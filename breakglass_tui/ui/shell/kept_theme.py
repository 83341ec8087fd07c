"""The theme that was chosen: the same at the next start."""

from __future__ import annotations

from pathlib import Path

from textual.theme import Theme

from breakglass_tui.ui.shell.leaving import Leaving

FILE = "theme"


class KeptTheme(Leaving):
    """Keeps the operator's choice in a file of one word; what cannot be kept holds for this time."""

    _kept_in: Path | None = None
    _present = ""

    def keep_theme_in(self, file: Path) -> None:
        """From now on a theme that is chosen is written there."""
        self._kept_in = file

    def on_mount(self) -> None:
        """Hear of another theme."""
        self._present = self.theme
        self.theme_changed_signal.subscribe(self, self._take_on)

    def _take_on(self, theme: Theme) -> None:
        if theme.name == self._present:
            return
        self._present = theme.name
        # Colours that stand in a text rather than in a style sheet are drawn anew only with their widget.
        for screen in self.screen_stack:
            for widget in screen.walk_children():
                widget.refresh()
        if self._kept_in is not None:
            self._keep(theme.name, self._kept_in)

    def _keep(self, name: str, file: Path) -> None:
        from breakglass_tui.domain.problems import Problem
        from breakglass_tui.secrets.envelope_files import make_private_directory, write_private

        try:
            make_private_directory(file.parent)
            write_private(file, f"{name}\n".encode())
        except Problem as problem:
            self.tell(f"The theme holds until the end only. {problem}", failed=True)


def kept_theme(file: Path) -> str:
    """The name that was kept; empty if none was, or it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")[:60].strip()
    except (OSError, UnicodeError):
        return ""
