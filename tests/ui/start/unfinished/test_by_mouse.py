"""The unfinished runs by mouse."""

from __future__ import annotations

from mouse_hand import click


async def test_a_run_is_selected_and_removed_by_clicks(started, interrupted, fake_cloud, sees, until):
    interrupted(fake_cloud, "bg-old")
    interrupted(fake_cloud, "bg-new")
    async with started(fake_cloud, dialog=False) as pilot:
        await click(pilot, "bg-new")
        await sees(pilot, "Unfinished runs 1 of 2", "User bg-new")
        await click(pilot, "j k other run")
        await sees(pilot, "Unfinished runs 2 of 2", "User bg-old")
        await click(pilot, "u undo")
        await sees(pilot, "Close the run of bg-old?")
        await click(pilot, "  Close  ", 2)
        await sees(pilot, "Everything this run created was removed.")
        assert "create-user" in fake_cloud.undone
