"""KeptTheme: saves the theme that the operator selects, for the next start."""

from __future__ import annotations

from pathlib import Path

from textual.theme import Theme

from breakglass_tui.limited_files import read_limited
from breakglass_tui.ui.shell.leaving import Leaving

FILE = "theme"
LONGEST_NAME = 60


class KeptTheme(Leaving):
    """App mixin that saves the selected theme in a file. If that fails, the theme is used until the program ends."""

    _kept_in: Path | None = None
    _present = ""

    def keep_theme_in(self, file: Path) -> None:
        """Save every theme that is selected from now on in ``file``, which then has the name of the theme."""
        self._kept_in = file

    def on_mount(self) -> None:
        """Subscribe to changes of the theme."""
        self._present = self.theme
        self.theme_changed_signal.subscribe(self, self._take_on)

    def _take_on(self, theme: Theme) -> None:
        if theme.name == self._present:
            return
        self._present = theme.name
        # The colours of style sheets change by themselves. Those inside a Content change at the next drawing.
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
    """Return the name of the theme saved in ``file``. It is empty if there is none or the file cannot be read."""
    try:
        return read_limited(file, LONGEST_NAME)[0].decode().strip()
    except (OSError, UnicodeError):
        return ""
