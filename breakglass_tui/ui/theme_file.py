"""ThemeFile: saves the selected theme in a file, for later processes."""

from __future__ import annotations

from pathlib import Path

from textual.theme import Theme

from breakglass_tui.domain.problems import Problem
from breakglass_tui.limited_files import read_limited
from breakglass_tui.ui.shell.session_app import SessionApp

FILE = "theme"
LONGEST_NAME = 60


class ThemeFile:
    """Saves the selected theme in a file. If that fails, the theme is used until the program ends."""

    def __init__(self, app: SessionApp) -> None:
        self._app = app
        self._file: Path | None = None
        self._drawn = ""

    def watch(self) -> None:
        """Follow every change of the theme from now on."""
        self._drawn = self._app.theme
        self._app.theme_changed_signal.subscribe(self._app, self._theme_changed)

    def keep_in(self, file: Path) -> None:
        """Save every theme that is selected from now on in ``file``, which then has the name of the theme."""
        self._file = file

    def _theme_changed(self, theme: Theme) -> None:
        """Draw everything in the colours of ``theme``, and save it."""
        if theme.name == self._drawn:
            return
        self._drawn = theme.name
        # The colours of style sheets change by themselves. Those inside a Content change at the next drawing.
        for screen in self._app.screen_stack:
            for widget in screen.walk_children():
                widget.refresh()
        if self._file is not None:
            self._save(theme.name, self._file)

    def _save(self, name: str, file: Path) -> None:
        from breakglass_tui.secrets.envelope_files import make_private_directory, write_private

        try:
            make_private_directory(file.parent)
            write_private(file, f"{name}\n".encode())
        except Problem as problem:
            self._app.tell(f"The theme could not be saved. {problem}", failed=True)


def saved_theme(file: Path) -> str:
    """Return the name of the theme saved in ``file``. It is empty if there is none or the file cannot be read."""
    try:
        return read_limited(file, LONGEST_NAME)[0].decode().strip()
    except (OSError, UnicodeError):
        return ""
