"""The four themes of this program. Each has one accent colour, and uses red only for danger and failure."""

from __future__ import annotations

from textual.theme import BUILTIN_THEMES, Theme

CHOSEN = "block-cursor-blurred-background"
"""Textual's variable for the background of the selected row of a list that has no focus."""
TRACK = ("scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active", "scrollbar-corner-color")
"""Textual's variables for the track of a scroll bar. Set to the background colour, so that only the bar is visible."""

DARK = Theme(
    name="breakglass-dark",
    dark=True,
    primary="#7aa2c9",
    secondary="#949eb0",
    accent="#e0b354",
    foreground="#d6dae0",
    background="#14171c",
    surface="#1a1e25",
    panel="#222832",
    success="#8dbf82",
    warning="#e0b354",
    error="#ea7a72",
    variables={
        "footer-key-foreground": "#e0b354",
        "input-selection-background": "#7aa2c9 35%",
        CHOSEN: "#1f3447",
        **dict.fromkeys(TRACK, "#14171c"),
    },
)

LIGHT = Theme(
    name="breakglass-light",
    dark=False,
    primary="#2d5f8b",
    secondary="#565f6d",
    accent="#855600",
    foreground="#1d2127",
    background="#fbfbf9",
    surface="#f1f1ed",
    panel="#e6e6e0",
    success="#2f6d34",
    warning="#855600",
    error="#b3261e",
    variables={
        "footer-key-foreground": "#855600",
        CHOSEN: "#d8e2eb",
        **dict.fromkeys(TRACK, "#fbfbf9"),
    },
)

CONTRAST = Theme(
    name="breakglass-contrast",
    dark=True,
    primary="#8fd3ff",
    secondary="#e6e6e6",
    accent="#ffe14d",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#2b2b2b",
    success="#7dff8a",
    warning="#ffe14d",
    error="#ffa39c",
    text_alpha=1.0,
    variables={
        "footer-key-foreground": "#ffe14d",
        "input-selection-background": "#ffffff 40%",
        CHOSEN: "#0b2f4a",
    },
)
"""Every text colour has a contrast of at least 7:1 to its background (WCAG 2.2, 1.4.6)."""

ANSI = Theme(
    name="breakglass-ansi",
    ansi=True,
    dark=True,
    primary="ansi_blue",
    secondary="ansi_default",
    accent="ansi_yellow",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    variables={
        **BUILTIN_THEMES["ansi-dark"].variables,
        "footer-key-foreground": "ansi_yellow",
        "border-blurred": "ansi_default",
    },
)
"""A theme that uses only the sixteen colours of the terminal, so that it fits dark and light terminals."""

THEMES = (DARK, LIGHT, CONTRAST, ANSI)
