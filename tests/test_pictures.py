"""The pictures of the README: complete, and drawn from the current screens."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "screenshots"
REDRAW = "the screens look different now: make screenshots"


def test_the_readme_shows_every_picture_and_no_other():
    shown = re.findall(r"\]\(screenshots/([a-z-]+\.svg)\)", (ROOT / "README.md").read_text())
    assert sorted(shown) == sorted(path.name for path in PICTURES.glob("*.svg"))


def test_the_tour_is_made_of_the_current_pictures():
    tour = runpy.run_path(str(ROOT / "scripts" / "tour.py"))["tour"]
    assert (PICTURES / "tour.svg").read_text() == tour(PICTURES)


def test_the_pictures_were_drawn_since_a_screen_last_looked_different():
    looks = runpy.run_path(str(ROOT / "scripts" / "tour.py"))["looks"]
    assert (PICTURES / "looks.sha256").read_text() == looks(), REDRAW


def test_no_picture_shows_a_key_that_could_be_real():
    for picture in PICTURES.glob("*.svg"):
        assert set(re.findall(r"AKIA[A-Z0-9]{16}", picture.read_text())) <= {"AKIAIOSFODNN7EXAMPLE"}
