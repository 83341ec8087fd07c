"""A QR code in half blocks: its modules, its size and its lines."""

from __future__ import annotations

import re

Matrix = tuple[tuple[bool, ...], ...]
"""Rows of modules without a quiet zone. True is dark."""

QUIET_ZONES = (4, 3, 2)
"""Modules of white around the code: four by the standard (ISO/IEC 18004). Two are enough on a screen."""
HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_COMPACT = re.compile(r"([0-9]{12,}|[A-Z2-7]{16,})")


def matrix_of(text: str) -> Matrix:
    """Return the modules of ``text`` at error correction L, in the smallest version that fits.

    Account id and seed become separate segments: digits take 3.3 and base32 takes 5.5 bits a character instead of 8.
    This keeps the code of an authenticator within the rows of a small terminal.
    """
    import segno

    segments = [part for part in _COMPACT.split(text) if part]
    code = segno.make_qr(segments, error="l", boost_error=False)  # type: ignore[arg-type]  # its stubs omit segments
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def quiet_zone(matrix: Matrix, width: int, height: int) -> int:
    """Return the widest quiet zone with which the code fits ``width`` x ``height`` cells, or 0 if it does not fit."""
    for zone in QUIET_ZONES:
        side = len(matrix) + 2 * zone
        if side <= width and rows(side) <= height:
            return zone
    return 0


def rows(side: int) -> int:
    """Return the number of lines for ``side`` rows of modules."""
    return (side + 1) // 2


def drawing(matrix: Matrix, zone: int) -> str:
    """Return the code as lines of half blocks, with its quiet zone."""
    side = len(matrix) + 2 * zone
    blank = (False,) * side
    margin = (False,) * zone
    padded = [*[blank] * zone, *(margin + row + margin for row in matrix), *[blank] * zone]
    if len(padded) % 2:
        padded.append(blank)
    pairs = zip(padded[::2], padded[1::2], strict=True)
    return "\n".join("".join(HALVES[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in pairs)
