"""Waits for preflight checks, and builds their results."""

from __future__ import annotations

from breakglass_tui.domain.checks import CheckResult, CheckStatus


def result(status: CheckStatus, found: str, remedy: str = "") -> CheckResult:
    return CheckResult("quota", "Quota of users", status, "room", found, remedy=remedy)


async def looked(pilot, until):
    """Wait until the preflight checks have ended and are drawn."""
    await until(lambda: not pilot.app.session.run.prechecking, "the checks")
    await pilot.pause()
