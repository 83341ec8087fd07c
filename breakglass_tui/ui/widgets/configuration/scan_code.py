"""What the operator's phone scans: black on white whatever the theme, so that a camera finds it."""

from __future__ import annotations

import asyncio

from textual import work
from textual.content import Content
from textual.selection import Selection
from textual.widgets import Static

from breakglass_tui.domain.questions import Hidden
from breakglass_tui.ui.widgets.configuration.qr import QUIET_ZONES, Matrix, drawing, matrix_of, quiet_zone, rows

INK = "#000000 on #ffffff"


class ScanCode(Static):
    """Draws a QR code as large as it must be, or says what room it lacks; cannot be selected: it is the seed."""

    ALLOW_SELECT = False

    def __init__(self, id: str) -> None:
        super().__init__(id=id, markup=False)
        self._uri: Hidden | None = None
        self._matrix: Matrix = ()
        self._room = (0, 0)

    def get_selection(self, selection: Selection) -> None:  # noqa: ARG002 - Textual's signature
        """Nothing, also when the whole screen is selected."""
        return

    def scan(self, uri: Hidden) -> None:
        """Draw the code of ``uri``."""
        self._uri = uri
        self._encode()

    def clear(self) -> None:
        """Forget the code."""
        self._uri, self._matrix = None, ()
        self.update("")

    def fit(self, width: int, height: int) -> None:
        """Draw it for so many cells."""
        self._room = (width, height)
        self._draw_code()

    @work(exclusive=True, group="encode", description="encode")
    async def _encode(self) -> None:
        """Compute the modules beside the event loop: it takes tens of milliseconds."""
        uri = self._uri
        if uri is not None:
            matrix = await asyncio.to_thread(matrix_of, uri.reveal())
            if uri is self._uri:
                self._matrix = matrix
                self._draw_code()

    def _draw_code(self) -> None:
        if not self._matrix:
            return
        zone = quiet_zone(self._matrix, *self._room)
        self.set_class(zone == 0, "-no-room")
        if zone:
            self.styles.width = len(self._matrix) + 2 * zone
            self.update(Content.styled(drawing(self._matrix, zone), INK))
            return
        self.styles.width = max(self._room[0], 1)
        self.update(Content(self._lacking()))

    def _lacking(self) -> str:
        side = len(self._matrix) + 2 * QUIET_ZONES[-1]
        width, height = self.app.size
        columns, lines = side - self._room[0], rows(side) - self._room[1]
        more = [f"{count} more {name}" for count, name in ((columns, "columns"), (lines, "rows")) if count > 0]
        return (
            f"No room for the code to scan: it needs {' and '.join(more)} than this terminal's {width} x {height}. "
            "Enlarge it, or press s and type the seed into the app."
        )
