"""Puts the pictures of screenshots/ into one that moves, and notes how the screens looked when they were drawn."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "screenshots"
STOPS = {
    "start": "Where am I, and are we ready?",
    "assessment": "What shall be made, and what will come of it",
    "seals": "Secrets open without AWS, by any two of three",
    "summary": "The exact plan, before anything is written",
    "configuration": "Made side by side; power is granted last",
    "validation": "Proven by use, with a verdict",
    "first-sign-in": "The temporary password is behind you before the day comes",
}
"""The pictures in their order, and what stands under each."""
SECONDS = 4
CAPTION_ROOM = 60


def tour(pictures: Path) -> str:
    """The moving picture, as SVG. Whoever asks for less motion sees the first stop only."""
    frames = [(pictures / f"{name}.svg").read_text(encoding="utf-8") for name in STOPS]
    sizes = [_size(frame) for frame in frames]
    width, height = max(size[0] for size in sizes), max(size[1] for size in sizes)
    drawn = [_stop(number, frame, height) for number, frame in enumerate(frames)]
    return "\n".join(
        [
            f'<svg viewBox="0 0 {width:g} {height + CAPTION_ROOM:g}" xmlns="http://www.w3.org/2000/svg">',
            f"<style>{_motion(len(frames))}</style>",
            *drawn,
            "</svg>\n",
        ]
    )


def looks() -> str:
    """The SHA-256 of the portraits that the tests keep of all screens: while it stays, the pictures are current."""
    digest = hashlib.sha256()
    for kept in sorted(ROOT.glob("tests/ui/**/*.ambr")):
        digest.update(kept.read_bytes())
    return f"{digest.hexdigest()}\n"


def _size(picture: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', picture)
    assert found is not None, "not a picture of a screen"
    return float(found[1]), float(found[2])


def _stop(number: int, picture: str, height: float) -> str:
    """One picture, its names made its own, and its caption."""
    inner = picture[picture.index(">") + 1 : picture.rindex("</svg>")]
    inner = re.sub(r"@font-face \{.*?\n    \}", "", inner, flags=re.DOTALL).replace("terminal-", f"t{number}-")
    caption = list(STOPS.values())[number]
    return (
        f'<g class="stop stop-{number}">{inner}'
        f'<text class="caption" x="20" y="{height + CAPTION_ROOM * 0.6:g}">{number + 1}  {caption}</text></g>'
    )


def _motion(stops: int) -> str:
    share = 100 / stops
    delays = "".join(f".stop-{number} {{ animation-delay: {number * SECONDS}s }}" for number in range(stops))
    return (
        f"@keyframes show {{ 0%, {share:.3f}% {{ opacity: 1 }} {share + 0.001:.3f}%, 100% {{ opacity: 0 }} }}"
        f".stop {{ opacity: 0; animation: show {stops * SECONDS}s linear infinite }} {delays}"
        ".caption { font: bold 26px sans-serif; fill: #7a8699 }"
        "@media (prefers-reduced-motion: reduce) { .stop { animation: none } .stop-0 { opacity: 1 } }"
    )


if __name__ == "__main__":
    (PICTURES / "tour.svg").write_text(tour(PICTURES), encoding="utf-8")
    (PICTURES / "looks.sha256").write_text(looks(), encoding="ascii")
