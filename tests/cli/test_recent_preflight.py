"""The preflight checks of the review count for the run that follows at once, and not for one that follows later.

Those that need only the caller of the account run during its assessment.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field, replace

import pytest

import breakglass_tui.cli.reviewed_run
import breakglass_tui.cli.reviewed_setup
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Problem
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


WITHIN_S = 30
"""For how many seconds two threads wait for each other before a test fails."""


@dataclass
class Meeting:
    """A check that ends only during the assessment, and an assessment that ends only after the check has started."""

    check: Counted
    cloud: object
    started: threading.Event = field(default_factory=threading.Event)
    assessing: threading.Event = field(default_factory=threading.Event)

    def __getattr__(self, name):
        return getattr(self.check, name)

    def inspect(self, context):
        self.started.set()
        assert self.assessing.wait(WITHIN_S)
        return self.check.inspect(context)

    def assess(self, region, caller):
        self.assessing.set()
        assert self.started.wait(WITHIN_S)
        yield replace(self.cloud.account, region=region)


@pytest.fixture
def meet(fake_cloud, fake_check, monkeypatch):
    def _meet(status=CheckStatus.PASS):
        meeting = Meeting(Counted(fake_check("quotas", status)), fake_cloud)
        fake_cloud.looks, fake_cloud.early = [fake_check("clock"), meeting, fake_check("policy-readable")], {"quotas"}
        monkeypatch.setattr(fake_cloud, "assess", meeting.assess, raising=False)
        return meeting.check

    return _meet


def test_a_check_that_needs_no_account_is_made_once_during_the_assessment(applied, meet):
    check = meet()
    assert applied(recent_s=3600).code == ExitCode.DONE
    assert check.made == ["quotas"]
    assert [result["id"] for result in recorded()][:3] == ["clock", "quotas", "policy-readable"]


def test_a_check_that_fails_during_the_assessment_stops_the_run_before_its_first_step(applied, meet, fake_cloud):
    meet(CheckStatus.FAIL)
    assert applied(recent_s=3600).code == ExitCode.UNDONE
    assert fake_cloud.steps[0].log == []


def test_a_check_that_is_no_longer_recent_after_the_assessment_is_made_again(applied, meet, monkeypatch):
    monkeypatch.setattr(breakglass_tui.cli.reviewed_setup, "RECENT_S", 0)
    check = meet()
    assert applied(recent_s=3600).code == ExitCode.DONE
    assert check.made == ["quotas", "quotas"]


def test_a_request_that_contradicts_the_account_is_refused_after_the_check_has_ended(applied, meet, fake_cloud):
    check = meet(CheckStatus.FAIL)
    fake_cloud.account = replace(fake_cloud.account, admin_policy=Problem("AdministratorAccess could not be read."))
    ran = applied(recent_s=3600)
    assert ran.code != ExitCode.DONE
    assert "AdministratorAccess could not be read" in ran.err
    assert check.made == ["quotas"]
    assert not list(runs_root(demo=False).rglob("journal.jsonl"))
