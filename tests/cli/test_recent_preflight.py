"""The preflight checks of the review count for the run that follows at once, and not for one that follows later."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

import breakglass_tui.cli.reviewed_run
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.settings import runs_root


@dataclass
class Counted:
    """A check that counts how often it was made."""

    check: object
    made: list[str] = field(default_factory=list)

    def __getattr__(self, name):
        return getattr(self.check, name)

    def inspect(self, context):
        self.made.append(self.check.id)
        return self.check.inspect(context)


@pytest.fixture
def applied(command, connected, request_file, tmp_path, monkeypatch):
    def _applied(*, recent_s):
        monkeypatch.setattr(breakglass_tui.cli.reviewed_run, "RECENT_S", recent_s)
        return command("apply", "--yes", "--request", request_file, "--out", tmp_path / "out")

    return _applied


def recorded():
    """Return the preflight results in the journal of the run."""
    (journal,) = runs_root(demo=False).rglob("runs/*/journal.jsonl")
    events = map(json.loads, journal.read_text().splitlines())
    return [event["result"] for event in events if event["event"] == "PreflightFinished"]


def test_checks_that_were_made_a_moment_ago_are_recorded_and_not_made_again(applied, fake_cloud, fake_check):
    counted = Counted(fake_check("quotas", CheckStatus.WARN))
    fake_cloud.looks = [counted]
    assert applied(recent_s=3600).code == ExitCode.DONE
    assert counted.made == ["quotas"]
    found = next(result for result in recorded() if result["id"] == "quotas")
    assert found["status"] == "warn"
    assert [call["operation"] for call in found["calls"]] == ["iam:GetUser"]


def test_checks_that_are_not_recent_are_made_again(applied, fake_cloud, fake_check):
    counted = Counted(fake_check("quotas"))
    fake_cloud.looks = [counted]
    assert applied(recent_s=0).code == ExitCode.DONE
    assert counted.made == ["quotas", "quotas"]
    assert [result["id"] for result in recorded()].count("quotas") == 1


def test_a_recent_check_that_failed_stops_the_run_before_its_first_step(applied, fake_cloud, fake_check):
    counted = Counted(fake_check("quotas", CheckStatus.FAIL))
    fake_cloud.looks = [counted]
    assert applied(recent_s=3600).code == ExitCode.UNDONE
    assert counted.made == ["quotas"]
    assert fake_cloud.steps[0].log == []
