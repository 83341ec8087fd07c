"""Waiting for, and making up, the checks before the first write."""

from __future__ import annotations

from breakglass_tui.domain.checks import CheckResult, CheckStatus


def result(status: CheckStatus, found: str, remedy: str = "") -> CheckResult:
    return CheckResult("quota", "Quota of users", status, "room", found, remedy=remedy)


async def looked(pilot, until):
    """The checks before the first write are over and drawn."""
    await until(lambda: not pilot.app.session.prechecking, "the checks")
    await pilot.pause()
