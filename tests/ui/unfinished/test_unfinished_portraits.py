"""What an unfinished run looks like, with what AWS holds of it."""

from __future__ import annotations

from portrait import portrait


async def test_an_unfinished_run(fake_cloud, started, cut_off, sees, snapshot):
    cut_off(fake_cloud, "bg-old", after="login-profile")
    async with started(fake_cloud) as pilot:
        await sees(pilot, "r resume")
        assert await portrait(pilot) == snapshot
