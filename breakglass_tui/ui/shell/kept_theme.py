"""The saved theme: the operator's choice is used at the next start."""

from __future__ import annotations

from pathlib import Path

from textual.theme import Theme

from breakglass_tui.ui.shell.leaving import Leaving

FILE = "theme"


class KeptTheme(Leaving):
    """Saves the theme in a file of one word. If that fails, the theme is used until the program ends."""

    _kept_in: Path | None = None
    _present = ""

    def keep_theme_in(self, file: Path) -> None:
        """Save every theme that is chosen from now on in ``file``."""
        self._kept_in = file

    def on_mount(self) -> None:
        """Follow changes of the theme."""
        self._present = self.theme
        self.theme_changed_signal.subscribe(self, self._take_on)

    def _take_on(self, theme: Theme) -> None:
        if theme.name == self._present:
            return
        self._present = theme.name
        # Colours inside a text, unlike those of a style sheet, change only when their widget is drawn again.
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
            self.tell(f"The theme could not be saved. {problem}", failed=True)


def kept_theme(file: Path) -> str:
    """Return the saved name, empty if there is none or it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")[:60].strip()
    except (OSError, UnicodeError):
        return ""
