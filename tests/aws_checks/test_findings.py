"""The findings of one check as its result."""

from __future__ import annotations

from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.trail import TrailCheck


def test_a_risk_and_a_reason_that_are_found_twice_are_shown_once():
    findings = Findings()
    for when in ("without MFA", "with the access key alone"):
        findings.warn(f"denied {when}", "Remove it.", caution="The policy simulator denies 3 of 11 actions")
        findings.untested(f"not tested {when}", "Test it.", reason="Not tested")
    result = findings.result(TrailCheck, expected="", why="")
    assert result.caution == "The policy simulator denies 3 of 11 actions"
    assert result.unproven == "Not tested"
