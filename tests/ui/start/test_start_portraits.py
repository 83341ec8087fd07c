"""Portraits of the start screen: with users and their verdicts, and before anything is known."""

from __future__ import annotations

from portrait import portrait

from breakglass_tui.domain.checks import Verdict


async def test_the_start_with_emergency_users(cloud, start, proven, snapshot):
    proven("bg-alice", Verdict.READY, 12)
    proven("bg-bob", Verdict.NEEDS_CONTROL_PLANE, 1)
    async with start(cloud) as pilot:
        assert await portrait(pilot) == snapshot
