"""The terminal after ctrl+z and fg."""

from __future__ import annotations

from textual.drivers.headless_driver import HeadlessDriver


async def test_after_a_suspend_the_whole_screen_is_drawn_again(fake_cloud, assessment, until, monkeypatch):
    written = []
    monkeypatch.setattr(HeadlessDriver, "is_headless", property(lambda _: False))
    monkeypatch.setattr(HeadlessDriver, "write", lambda _, data: written.append(data))
    async with assessment(fake_cloud) as pilot:
        await pilot.pause()
        written.clear()
        pilot.app.post_message(HeadlessDriver.SignalResume())
        await until(lambda: all(text in "".join(written) for text in ("Assessment", "Region", "Groups", "Quit")))
