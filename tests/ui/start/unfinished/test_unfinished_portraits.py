"""Portrait of an unfinished run, with its state in AWS."""

from __future__ import annotations

from portrait import portrait


async def test_an_unfinished_run(fake_cloud, started, interrupted, sees, snapshot):
    interrupted(fake_cloud, "bg-old", after="login-profile")
    async with started(fake_cloud) as pilot:
        await sees(pilot, "r resume")
        assert await portrait(pilot) == snapshot
