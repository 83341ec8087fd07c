"""TooSmall: says kindly what a window would have to be."""

from __future__ import annotations

from textual.widgets import Static

LEAST_WIDTH, LEAST_HEIGHT = 60, 16


class TooSmall(Static):
    """Takes the place of everything while there is no room for it."""

    def __init__(self) -> None:
        super().__init__(id="too-small", markup=False)

    def tell(self, width: int, height: int) -> None:
        """Name the size that is and the size it takes, in lines of at most 19 cells."""
        self.update(
            f"{width}x{height} is too small.\nPlease make it\n{LEAST_WIDTH}x{LEAST_HEIGHT} or more:\n"
            "all is kept.\nctrl+q quits"
        )
