"""The colours: one accent, red only for danger and failure."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="breakglass-dark",
    dark=True,
    primary="#7aa2c9",
    secondary="#8a94a6",
    accent="#e0b354",
    foreground="#d6dae0",
    background="#14171c",
    surface="#1a1e25",
    panel="#222832",
    success="#8dbf82",
    warning="#e0b354",
    error="#e0645c",
    variables={"footer-key-foreground": "#e0b354", "input-selection-background": "#7aa2c9 35%"},
)

LIGHT = Theme(
    name="breakglass-light",
    dark=False,
    primary="#2d5f8b",
    secondary="#5c6573",
    accent="#8a5a00",
    foreground="#1d2127",
    background="#fbfbf9",
    surface="#f1f1ed",
    panel="#e6e6e0",
    success="#2f6d34",
    warning="#8a5a00",
    error="#b3261e",
    variables={"footer-key-foreground": "#8a5a00"},
)

THEMES = (DARK, LIGHT)
