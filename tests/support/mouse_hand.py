"""Clicks of a mouse on drawn text, reported the way a terminal reports them."""

from __future__ import annotations

import asyncio
from typing import Any

from textual import events
from textual.geometry import Offset

PATIENCE_S = 10


def lines_of(app: Any) -> list[str]:
    """Return the drawn lines. Each cell is one character."""
    strips = app.screen._compositor.render_strips()
    return ["".join(part.text for part in strip) for strip in strips]


async def place_of(app: Any, text: str) -> Offset:
    """Wait until ``text`` is drawn exactly once, and return its first cell."""
    found: list[Offset] = []
    try:
        async with asyncio.timeout(PATIENCE_S):
            while len(found) != 1:  # the screen is the app's, not ours
                await asyncio.sleep(0.01)
                lines = lines_of(app)
                found = [Offset(line.index(text), y) for y, line in enumerate(lines) if text in line]
    except TimeoutError:
        raise AssertionError(f"{text!r} is drawn {len(found)} times:\n" + "\n".join(lines)) from None
    return found[0]


async def click(pilot: Any, text: str, dx: int = 0) -> None:
    """Press and release the button on a drawn text. The app itself decides whether this is a click."""
    at = await place_of(pilot.app, text) + Offset(dx, 0)
    for kind in (events.MouseDown, events.MouseUp):
        pilot.app.post_message(
            kind(None, at.x, at.y, 0, 0, 1, shift=False, meta=False, ctrl=False, screen_x=at.x, screen_y=at.y)
        )
    await pilot.pause()
