"""What a validation proved by use is in the journal of the user, and later sessions use it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.user_history import CheckProven
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.user_journal import UserJournal

ACCOUNT, USER, KEY = "123456789012", "night-shift", "AKIAEXAMPLE"
ACCESS = CheckResult("access", "Credentials", CheckStatus.PASS, "a key", "it works", proof=KEY)


@dataclass
class KeyCheck:
    """The check ``access`` of a process without the key: only an earlier proof shows that the key works."""

    subject: object
    now: object
    id: str = "access"
    title: str = "Credentials"

    def inspect(self, context):
        proof = self.subject.history.proof(self.id, KEY, self.now)
        if proof is None:
            return CheckResult(self.id, self.title, CheckStatus.WARN, "a key", "not tested", unproven="Key: not used")
        return CheckResult(self.id, self.title, CheckStatus.PASS, "a key", f"used by a validation on {proof.at:%F}")


@pytest.fixture
def history():
    """``history(app)``: what the journal of the user on the disk contains."""
    return lambda app: UserJournal(RunStore(app.session.journals.directory), ACCOUNT, USER, Place.AWS).read()


@pytest.fixture
def ended(until):
    """``await ended(pilot)``: the checks of the run's user have ended, and their results are drawn."""

    async def wait(pilot):
        app = pilot.app
        await until(lambda: app.session.run.record.checks and not app.session.run.validation.inspecting, "the checks")
        await until(lambda: app.screen._pending is None, "the drawing")
        await pilot.pause()

    return wait


@pytest.fixture
def told(until):
    """``await told(app, "text")``: wait for an error with that text, and return it."""

    async def wait(app, text):
        await until(lambda: any(text in note.message for note in app._notifications), text)
        (note,) = app._notifications
        assert note.severity == "error"
        return note.message

    return wait


async def test_what_a_validation_proved_by_use_is_recorded(fake_cloud, validation, ended, history):
    fake_cloud.results["access"] = ACCESS
    async with validation(fake_cloud, user_name=USER) as pilot:
        await ended(pilot)
        now = pilot.app.session.clock.now()
        assert history(pilot.app).proofs == {("access", KEY): CheckProven(now, "access", KEY, "it works")}


async def test_a_validation_that_proved_nothing_by_use_records_its_verdict_only(fake_cloud, validation, ended, history):
    async with validation(fake_cloud, user_name=USER) as pilot:
        await ended(pilot)
        found, session = history(pilot.app), pilot.app.session
        assert found.proofs == {}
        (recorded,) = found.validations[session.run.record.header.id]
        assert recorded.verdict == session.run.record.readiness.verdict.value
        assert recorded.statuses == {id: result.status.value for id, result in session.run.record.checks.items()}


async def test_a_check_that_runs_again_is_recorded_with_its_own_time(
    fake_cloud, validation, ended, history, until, hand_clock
):
    """A use of the key at another time than the recorded one would count as a drill."""
    async with validation(fake_cloud, user_name=USER) as pilot:
        app = pilot.app
        await ended(pilot)
        app.session.clock = hand_clock
        hand_clock.at = app.session.journals.store.clock.now() + timedelta(hours=3)
        fake_cloud.results["access"] = ACCESS
        app.checks.start(app.session.run.validation, "access")
        await until(lambda: history(app).proofs, "the proof")
        assert history(app).proofs["access", KEY].at == hand_clock.at


async def test_checks_that_were_left_are_recorded_too(fake_cloud, assessment, until):
    fake_cloud.results["access"] = ACCESS
    gate = fake_cloud.hold("mfa-devices")
    async with assessment(fake_cloud) as pilot:
        app = pilot.app
        app.users.validate("bob")
        await until(
            lambda: app.session.user_validation and "access" in app.session.user_validation.record.checks,
            "the check of the key",
        )
        await pilot.press("escape")
        await until(lambda: app.session.user_validation is None, "the form again")
        gate.set()
        journal = UserJournal(RunStore(app.session.journals.directory), ACCOUNT, "bob", Place.AWS)
        await until(lambda: journal.read().proof("access", KEY, app.session.clock.now()), "the proof")


@pytest.mark.parametrize(("days", "verdict"), [(None, "NOT PROVEN"), (3, "✓ READY"), (46, "NOT PROVEN")])
async def test_a_visit_uses_what_an_earlier_session_proved(fake_cloud, assessment, until, screen_text, days, verdict):
    checks = fake_cloud.checks
    async with assessment(fake_cloud) as pilot:
        app = pilot.app
        now = app.session.clock.now()
        fake_cloud.checks = lambda subject: (KeyCheck(subject, now), *checks(subject)[:2], *checks(subject)[3:])
        if days is not None:
            earlier = CheckProven(now - timedelta(days=days), "access", KEY, "it worked")
            UserJournal(RunStore(app.session.journals.directory), ACCOUNT, "ALICE", Place.AWS).append([earlier])
        app.users.validate("Alice")
        await until(lambda: app.session.user_validation and app.session.user_validation.record.finished_at, "the visit")
        await until(lambda: verdict in screen_text(app), verdict)
        found = app.session.user_validation.record.checks["access"].found
        assert found == ("used by a validation on 2026-11-19" if days == 3 else "not tested")


async def test_a_user_that_another_process_has_is_an_error_below_the_results(
    fake_cloud, validation, ended, history, screen_text, told, until
):
    fake_cloud.results["access"] = ACCESS
    gate = fake_cloud.hold("access")
    async with validation(fake_cloud, user_name=USER) as pilot:
        app = pilot.app
        with RunStore(app.session.journals.directory).claim(ACCOUNT, USER):
            gate.set()
            said = await told(app, f"Another run is active for the user {USER}")
        assert "To try again, press R on the Validation screen." in said
        await ended(pilot)
        await until(lambda: "✓ READY" in screen_text(app), "the verdict")
        assert history(app).proofs == {}
        await pilot.press("R")
        await until(lambda: history(app).proofs, "the proof")


async def test_a_damaged_journal_is_an_error_and_the_checks_run_without_it(
    fake_cloud, assessment, until, screen_text, told
):
    async with assessment(fake_cloud) as pilot:
        app = pilot.app
        proof = CheckProven(app.session.clock.now(), "access", KEY, "it worked")
        UserJournal(RunStore(app.session.journals.directory), ACCOUNT, "Alice", Place.AWS).append([proof])
        (path,) = (app.session.journals.directory / "users").iterdir()
        path.write_bytes(path.read_bytes().replace(KEY.encode(), b"AKIAEXAMPLF"))
        app.users.validate("Alice")
        await until(lambda: "✓ READY" in screen_text(app), "the verdict")
        said = await told(app, "The validation continues without it.")
        assert "was changed after it was written. Move the file elsewhere." in said
