"""The paths of the style sheets: the one that the first paint needs, and the others."""

from __future__ import annotations

from pathlib import PurePath

from breakglass_tui.settings import styles_dir

FIRST = "app"
LATER = ("widgets", "start", "assessment", "summary", "configuration", "validation", "first_sign_in", "dialogs")


def first_sheet() -> PurePath:
    """Return the path of the style sheet that every screen needs. The first paint needs no other one."""
    return styles_dir() / f"{FIRST}.tcss"


def later_sheets() -> list[PurePath]:
    """Return the paths of all other style sheets of the full-screen app."""
    return [styles_dir() / f"{name}.tcss" for name in LATER]


def envelope_sheets() -> list[PurePath]:
    """Return the paths of the style sheets for the app that shows an opened envelope."""
    return [styles_dir() / f"{name}.tcss" for name in (FIRST, "widgets", "configuration", "envelope")]
