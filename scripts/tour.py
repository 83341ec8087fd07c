"""Combine the pictures in screenshots/ into one animation, and record the snapshots that they were drawn from."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "screenshots"
STOPS = {
    "start": "The account, unfinished runs, and which users are ready",
    "assessment": "Choose the settings and see what they will create",
    "seals": "Any two of three people can open the secrets, without AWS",
    "summary": "The exact plan, before anything is written",
    "configuration": "Steps run in parallel, and permissions are granted last",
    "validation": "Every check with its evidence, and a verdict",
    "first-sign-in": "Replace the temporary password before the emergency",
}
"""The caption of each picture, by its name, in the order of the animation."""
SECONDS = 4
CAPTION_ROOM = 60


def tour(pictures: Path) -> str:
    """Return the animation of the pictures in ``pictures`` as SVG.

    With the browser setting ``prefers-reduced-motion``, it shows only the first picture.
    """
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
    """Return the SHA-256 of all screen snapshots, with a line break.

    While it equals the recorded one, the pictures are current.
    """
    digest = hashlib.sha256()
    for snapshot in sorted(ROOT.glob("tests/ui/**/*.ambr")):
        digest.update(snapshot.read_bytes())
    return f"{digest.hexdigest()}\n"


def _size(picture: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', picture)
    assert found is not None, "the picture has no viewBox"
    return float(found[1]), float(found[2])


def _stop(number: int, picture: str, height: float) -> str:
    """Return one picture with its caption as an SVG group. Its CSS names get a prefix, so that they do not clash."""
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
