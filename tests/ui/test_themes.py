"""The themes: contrast, redrawing after a change, and the saved choice."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.command import CommandList

from breakglass_tui.ui.theme_file import saved_theme
from breakglass_tui.ui.themes import ANSI, CHOSEN, CONTRAST, DARK, LIGHT, THEMES

TEXT = ("foreground", "primary", "secondary", "accent", "success", "warning", "error")
UNDER = ("background", "surface", "chosen")


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color):
    """WCAG 2.2, relative luminance."""
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


@pytest.mark.parametrize(("theme", "least"), [(DARK, 4.5), (LIGHT, 4.5), (CONTRAST, 7)], ids=str)
def test_every_text_colour_has_enough_contrast(theme, least):
    for text in TEXT:
        for under in UNDER:
            stands_on = theme.variables[CHOSEN] if under == "chosen" else getattr(theme, under)
            found = contrast(Color.parse(getattr(theme, text)), Color.parse(stands_on))
            assert found >= least, f"{text} on {under}: {found:.1f}"


def test_the_ansi_theme_has_the_terminals_own_colours_only():
    given = [value for value in vars(ANSI).values() if isinstance(value, str) and value != ANSI.name]
    assert given
    assert all(value.startswith("ansi_") for value in given)


async def test_another_theme_is_drawn_everywhere_and_kept_for_the_next_start(
    fake_cloud, assessment, until, tmp_path, screen_text
):
    file = tmp_path / "state" / "theme"
    async with assessment(fake_cloud) as pilot:
        app = pilot.app
        app.theme_file.keep_in(file)
        assert not file.exists()
        for theme in (CONTRAST, THEMES[0]):
            before = screen_text(app)
            app.theme = theme.name
            await until(lambda theme=theme: saved_theme(file) == theme.name, "the file")
            await pilot.pause()
            assert screen_text(app) == before
            others = {color.lower() for other in THEMES if other is not theme for color in colours(other)}
            drawn = {color.lower() for color in drawn_colours(app)}
            assert not drawn & (others - {color.lower() for color in colours(theme)})
        assert file.stat().st_mode & 0o777 == 0o600


async def test_a_theme_that_cannot_be_saved_is_used_with_a_notice(fake_cloud, assessment, until, tmp_path):
    (tmp_path / "full").write_text("in the way")
    async with assessment(fake_cloud, (120, 36)) as pilot:
        pilot.app.theme_file.keep_in(tmp_path / "full" / "theme")
        pilot.app.theme = LIGHT.name
        await until(
            lambda: any("could not be saved" in each.message for each in pilot.app._notifications), "the notice"
        )
        assert pilot.app.theme == LIGHT.name


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b""])
def test_an_unreadable_file_means_no_saved_theme(tmp_path, content):
    file = tmp_path / "theme"
    if content is not None:
        file.write_bytes(content)
    assert saved_theme(file) == ""


def colours(theme):
    return {getattr(theme, name) for name in TEXT if str(getattr(theme, name)).startswith("#")}


def drawn_colours(app):
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            color = segment.style.color if segment.style else None
            if segment.text.strip() and color is not None and color.triplet is not None:
                yield color.triplet.hex


async def test_the_list_of_themes_begins_with_our_own_and_has_every_one_that_can_be_named(
    fake_cloud, assessment, until, screen_text
):
    async with assessment(fake_cloud) as pilot:
        app = pilot.app
        app.action_change_theme()
        await until(lambda: app.screen.query(CommandList), "the list")
        listed = app.screen.query_one(CommandList)
        await until(lambda: listed.option_count == len(app.available_themes), "every theme")
        names = [str(option.prompt).splitlines()[0] for option in listed.options]
        assert names[: len(THEMES)] == [theme.name for theme in THEMES]
        assert set(names) == set(app.available_themes)
        await until(lambda: "Dark (in use)" in screen_text(app), "the word on the one in use")
        await pilot.press(*"light")
        await until(lambda: listed.option_count < len(names), "those that are alike")
        await pilot.press("enter")
        await until(lambda: app.theme == LIGHT.name, "our own light one")
