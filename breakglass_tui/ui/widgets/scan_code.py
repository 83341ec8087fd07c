"""ScanCode: shows the QR code of the MFA seed on request.

It is black on white in every theme, so that cameras find it.
"""

from __future__ import annotations

import asyncio

from textual import work
from textual.content import Content
from textual.geometry import Size

from breakglass_tui.domain.questions import Hidden
from breakglass_tui.ui.widgets.masked import Masked, missing
from breakglass_tui.ui.widgets.qr import QUIET_ZONES, Matrix, drawing, matrix_of, quiet_zone, rows

INK = "#000000 on #ffffff"
SCANNED_S = 30
"""Seconds for which the code is shown. Scanning takes longer than reading a text."""
COVER = f"r  show the QR code\nfor {SCANNED_S} s, as often as needed"


class ScanCode(Masked):
    """A widget that shows a QR code on request, or how much space it lacks.

    The code contains the seed, so it is a secret.
    """

    def __init__(self, id: str) -> None:
        super().__init__(shown_s=SCANNED_S, id=id)
        self._matrix: Matrix = ()
        self._room = (0, 0)

    def hold(self, secret: Hidden | None) -> None:
        """Set the URI to encode, which is hidden at first. None removes it."""
        self._matrix = ()
        super().hold(secret)
        if secret is not None:
            self._encode(secret)

    def fit(self, width: int, height: int) -> None:
        """Set the available space to ``width`` x ``height`` cells."""
        self._room = (width, height)
        self._measure()

    @work(exclusive=True, group="encode", description="encode")
    async def _encode(self, uri: Hidden) -> None:
        """Compute the modules in a thread, because that takes tens of milliseconds."""
        matrix = await asyncio.to_thread(matrix_of, uri.reveal())
        if uri is self._secret:
            self._matrix = matrix
            self._measure()

    def _measure(self) -> None:
        """Set the size of the widget to that of the QR code. The cover has the same size."""
        if not self._matrix:
            return
        side = self._side()
        self.set_class(side == 0, "-no-room")
        self.styles.width = side or max(self._room[0], 1)
        self.styles.height = rows(side) or "auto"
        self.hide()
        self.draw(self.cover())

    def _side(self) -> int:
        """Return the width of the code with its quiet zone, in cells, or 0 if it does not fit."""
        zone = quiet_zone(self._matrix, *self._room)
        return len(self._matrix) + 2 * zone if zone else 0

    def cover(self) -> Content:
        """Return the text that names the key to show the code, or how much space the code lacks."""
        if not self._matrix:
            return Content("")
        return Content(COVER) if self._side() else self.no_room(self._short())

    def bare(self, secret: Hidden, left: float) -> Content:  # noqa: ARG002 - the panel shows the countdown
        """Return the QR code. The panel shows the remaining time."""
        return Content.styled(drawing(self._matrix, quiet_zone(self._matrix, *self._room)), INK)

    def needs(self, secret: Hidden, width: int) -> Size:  # noqa: ARG002 - a code has one size
        """Return the size of the QR code, in cells."""
        side = self._side()
        return Size(side, rows(side))

    def lacking(self) -> Size:
        """Return how many columns and rows are missing to show the whole code.

        Its column may be too small, or another widget may take the space.
        """
        return super().lacking() if self._matrix and self._side() else self._short()

    def _short(self) -> Size:
        side = len(self._matrix) + 2 * QUIET_ZONES[-1]
        return Size(max(side - self._room[0], 0), max(rows(side) - self._room[1], 0))

    def no_room(self, lacking: Size) -> Content:
        """Return the notice that the terminal is too small for the code, with the alternative to type the seed."""
        width, height = self.app.size
        return Content(
            f"No room for the QR code: it needs {' and '.join(missing(lacking))} than the {width} x {height} of this "
            "terminal. Enlarge it, or press s and type the seed into the app."
        )
