"""TooSmall: the notice in a window that is too small."""

from __future__ import annotations

from textual.widgets import Static

LEAST_WIDTH, LEAST_HEIGHT = 60, 16


class TooSmall(Static):
    """A notice that replaces all other widgets while the window is too small."""

    def __init__(self) -> None:
        super().__init__(id="too-small", markup=False)

    def show(self, width: int, height: int) -> None:
        """Show the current size ``width`` x ``height`` and the required size. No line is longer than 19 cells."""
        self.update(
            f"{width}x{height} is too small.\nEnlarge it to\n{LEAST_WIDTH}x{LEAST_HEIGHT} or more.\n"
            "Nothing is lost.\nctrl+q quits"
        )
