"""Encode a text as a QR code, and draw the code with half-block characters."""

from __future__ import annotations

import re

Matrix = tuple[tuple[bool, ...], ...]
"""The modules of a QR code, row by row, without the quiet zone. True is dark."""

QUIET_ZONES = (4, 3, 2)
"""The possible widths of the quiet zone, in modules. ISO/IEC 18004 requires four. Two are enough on a screen."""
HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_COMPACT = re.compile(r"([0-9]{12,}|[A-Z2-7]{16,})")


def matrix_of(text: str) -> Matrix:
    """Return the modules of the QR code for ``text``, in the smallest version that fits, at error correction level L.

    The account id and the seed in ``text`` become segments of their own. Then a digit takes 3.3 bits and a base32
    character takes 5.5, instead of 8. So the code of an authenticator URI fits a small terminal.
    """
    import segno

    segments = [part for part in _COMPACT.split(text) if part]
    code = segno.make_qr(segments, error="l", boost_error=False)  # type: ignore[arg-type]  # its stubs omit segments
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def quiet_zone(matrix: Matrix, width: int, height: int) -> int:
    """Return the widest quiet zone, in modules, with which the code fits ``width`` x ``height`` cells.

    Return 0 if the code does not fit.
    """
    for zone in QUIET_ZONES:
        side = len(matrix) + 2 * zone
        if side <= width and rows(side) <= height:
            return zone
    return 0


def rows(side: int) -> int:
    """Return how many terminal rows ``side`` rows of modules take. A terminal row has two rows of modules."""
    return (side + 1) // 2


def drawing(matrix: Matrix, zone: int) -> str:
    """Return the code as lines of half-block characters, with a quiet zone of ``zone`` modules around it."""
    side = len(matrix) + 2 * zone
    blank = (False,) * side
    margin = (False,) * zone
    padded = [*[blank] * zone, *(margin + row + margin for row in matrix), *[blank] * zone]
    if len(padded) % 2:
        padded.append(blank)
    pairs = zip(padded[::2], padded[1::2], strict=True)
    return "\n".join("".join(HALVES[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in pairs)
