"""No key of the footer is cut off, even in a narrow window."""

from __future__ import annotations

from reviewing import looked


async def test_every_key_of_the_footer_is_shown_whole(fake_cloud, summary, until, screen_text):
    async with summary(fake_cloud, (60, 18)) as pilot:
        await looked(pilot, until)
        for width in (60, 80, 66, 60, 76):
            await pilot.resize_terminal(width, 18)
            await until(
                lambda width=width: ("palette" in last_line(screen_text(pilot.app))) is (width >= 66), f"{width}"
            )
            footer = last_line(screen_text(pilot.app))
            assert len(footer) == width
            for key in ("esc Edit", "f1 Help", "⏎ Create", "p Policy", "c Commands"):
                assert key in footer


def last_line(text):
    return text.splitlines()[-1]
