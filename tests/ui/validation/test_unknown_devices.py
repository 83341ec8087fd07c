"""Key a of the Validation screen: accept an MFA device that no run on this machine enrolled."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from breakglass_tui.domain.checks import UNKNOWN_DEVICES, CheckResult, CheckStatus
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.user_history import DeviceAccepted
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.user_journal import UserJournal
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.validation.screen import ValidationScreen

ACCOUNT, USER, USER_ID = "123456789012", "night-shift", "AIDAEXAMPLE"
PHONE, TOKEN = "arn:aws:iam::123456789012:mfa/phone", "arn:aws:iam::123456789012:mfa/token"
ACCEPT = "breakglass-tui validate --user-name night-shift --accept-device"


@dataclass
class DeviceCheck:
    """Finds every device of the account that the subject's history does not accept, as the real check does."""

    cloud: object
    subject: object
    id: str = "mfa-devices"
    title: str = "MFA devices"
    devices: list = field(default_factory=list)

    def inspect(self, context):
        self.cloud.inspected.append(self.id)
        self.cloud.pass_gate(self.id)
        unknown = [one for one in self.cloud.devices if not self.subject.history.accepts(USER_ID, one)]
        if not unknown:
            return CheckResult(self.id, self.title, CheckStatus.PASS, "no unknown device", "every device is known")
        return CheckResult(
            self.id,
            self.title,
            CheckStatus.WARN,
            "no unknown device",
            f"{len(unknown)} devices",
            remedy="Deactivate it unless you know who holds it: aws iam deactivate-mfa-device",
            clears="; ".join(f"If you know who holds it, accept it: {ACCEPT} {one}" for one in unknown),
            unproven="MFA devices: one is unknown",
            facts={UNKNOWN_DEVICES: " ".join(unknown), "user_id": USER_ID},
        )


@pytest.fixture
def cloud(fake_cloud):
    """An account whose user has one device that no run enrolled. ``cloud.devices`` are those devices."""
    fake_cloud.devices, checks = [PHONE], fake_cloud.checks
    fake_cloud.checks = lambda subject: (*checks(subject)[:3], DeviceCheck(fake_cloud, subject))
    return fake_cloud


@pytest.fixture
def accepted():
    """``accepted(app, name)``: the devices of the user in the journal on the disk."""

    def read(app, name=USER):
        journal = UserJournal(RunStore(app.session.journals.directory), ACCOUNT, name, Place.AWS)
        return set(journal.read().accepted.get(USER_ID, {}))

    return read


@pytest.fixture
def sees(until, screen_text):
    """``await sees(pilot, "text")``: wait until the text is on the screen, wrapped or not."""

    async def wait(pilot, text):
        try:
            await until(lambda: text in " ".join(screen_text(pilot.app).split()))
        except AssertionError:
            raise AssertionError(f"{text} is not on the screen:\n{screen_text(pilot.app)}") from None

    return wait


@pytest.fixture
def told(until):
    """``await told(app, "text")``: wait for a notice with that text, and return its severity."""

    async def wait(app, text):
        await until(lambda: any(text in note.message for note in app._notifications), text)
        return next(note.severity for note in app._notifications if text in note.message)

    return wait


@pytest.fixture
def checked(validation, until):
    """``async with checked(cloud, size) as pilot``: the checks of a run's user have ended."""

    @asynccontextmanager
    async def run(cloud, size=(80, 24)):
        async with validation(cloud, size, user_name=USER) as pilot:
            await until(lambda: cloud.inspected and not pilot.app.session.run.validation.inspecting, "the checks")
            await until(lambda: pilot.app.screen._pending is None, "the drawing")
            await pilot.pause()
            cloud.inspected.clear()
            yield pilot

    return run


async def asked(pilot, until, serial):
    """Wait for the question about ``serial``."""
    screen = lambda: pilot.app.screen  # noqa: E731 - it changes
    await until(
        lambda: isinstance(screen(), ConfirmDialog) and serial in screen()._text, f"the question about {serial}"
    )
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_an_unknown_device_is_accepted_with_a_and_y_and_the_check_passes(
    cloud, checked, accepted, until, sees, size
):
    async with checked(cloud, size) as pilot:
        app = pilot.app
        await sees(pilot, "NOT PROVEN")
        await sees(pilot, "press a to accept it")
        await pilot.press("a")
        await asked(pilot, until, PHONE)
        assert app.screen.query_one("#dialog").max_scroll_y == 0
        assert accepted(app) == set()
        await pilot.press("y")
        await until(lambda: accepted(app) == {PHONE}, "the journal")
        await sees(pilot, "✓ READY")
        assert cloud.inspected == ["mfa-devices"]
        await pilot.press("a")
        await pilot.pause()
        assert isinstance(app.screen, ValidationScreen)


@pytest.mark.parametrize("key", ["n", "escape", "enter"])
async def test_no_changes_nothing(cloud, checked, accepted, until, sees, key):
    async with checked(cloud) as pilot:
        await pilot.press("a")
        await asked(pilot, until, PHONE)
        (journal,) = (pilot.app.session.journals.directory / "users").iterdir()
        before = journal.read_bytes()
        await pilot.press(key)
        await until(lambda: isinstance(pilot.app.screen, ValidationScreen), "the checks again")
        await pilot.pause()
        await sees(pilot, "NOT PROVEN")
        assert (accepted(pilot.app), cloud.inspected) == (set(), [])
        assert journal.read_bytes() == before


async def test_each_device_has_its_own_question(cloud, checked, accepted, until, sees):
    cloud.devices = [PHONE, TOKEN]
    async with checked(cloud) as pilot:
        await pilot.press("a")
        await asked(pilot, until, PHONE)
        await sees(pilot, "Accept the MFA device (1 of 2)?")
        await pilot.press("n")
        await asked(pilot, until, TOKEN)
        await sees(pilot, "Accept the MFA device (2 of 2)?")
        await pilot.press("y")
        await until(lambda: cloud.inspected == ["mfa-devices"], "the check")
        await until(lambda: not pilot.app.session.run.validation.inspecting, "its result")
        assert accepted(pilot.app) == {TOKEN}
        await sees(pilot, "NOT PROVEN")
        await pilot.press("a")
        await asked(pilot, until, PHONE)
        await sees(pilot, "Accept the MFA device?")


async def test_without_an_unknown_device_there_is_nothing_to_accept(cloud, checked, told):
    cloud.devices = []
    async with checked(cloud) as pilot:
        await pilot.press("a")
        assert await told(pilot.app, "There is no unknown MFA device to accept.") == "information"
        assert isinstance(pilot.app.screen, ValidationScreen)


async def test_while_checks_run_nothing_is_accepted(cloud, checked, told, until, accepted):
    async with checked(cloud) as pilot:
        gate = cloud.hold("access")
        await pilot.press("R")
        await until(lambda: "mfa-devices" not in pilot.app.session.run.validation.unchecked, "the result of the device")
        await pilot.press("a")
        await told(pilot.app, "Checks are running. Accept an MFA device when they are done.")
        assert isinstance(pilot.app.screen, ValidationScreen)
        gate.set()
        await until(lambda: not pilot.app.session.run.validation.inspecting, "the checks")
        assert accepted(pilot.app) == set()


async def test_an_acceptance_during_other_checks_says_that_the_check_is_still_to_run(
    cloud, checked, told, until, accepted
):
    async with checked(cloud) as pilot:
        app = pilot.app
        await pilot.press("a")
        await asked(pilot, until, PHONE)
        gate = cloud.hold("access")
        app.checks.start(app.session.run.validation, "access")
        await pilot.press("y")
        await told(app, "The MFA device is accepted. Run its check again when the checks are done.")
        assert accepted(app) == {PHONE}
        gate.set()


async def test_a_device_of_a_visited_user_is_accepted_too(cloud, assessment, accepted, until, sees):
    async with assessment(cloud) as pilot:
        app = pilot.app
        app.users.validate("Alice")
        await until(lambda: app.session.user_validation and app.session.user_validation.checked_at, "the visit")
        await until(lambda: not app.session.user_validation.inspecting, "the checks")
        await sees(pilot, "NOT PROVEN")
        await pilot.press("a")
        await asked(pilot, until, PHONE)
        await pilot.press("y")
        await sees(pilot, "✓ READY")
        assert accepted(app, "alice") == {PHONE}
        assert accepted(app, "bob") == set()


async def test_a_user_that_another_process_has_is_an_error_and_a_tries_again(
    cloud, checked, accepted, until, told, sees
):
    async with checked(cloud) as pilot:
        app = pilot.app
        with RunStore(app.session.journals.directory).claim(ACCOUNT, USER):
            await pilot.press("a")
            await asked(pilot, until, PHONE)
            await pilot.press("y")
            assert await told(app, f"Another run is active for the user {USER}") == "error"
        assert "The device is not accepted. To try again, press a" in next(iter(app._notifications)).message
        assert (accepted(app), cloud.inspected) == (set(), [])
        await sees(pilot, "NOT PROVEN")
        await pilot.press("a")
        await asked(pilot, until, PHONE)
        await pilot.press("y")
        await sees(pilot, "✓ READY")


async def test_a_journal_that_cannot_be_written_is_an_error(cloud, checked, accepted, until, told, monkeypatch):
    def fail(*_arguments):
        raise OSError(28, "No space left on device")

    async with checked(cloud) as pilot:
        await pilot.press("a")
        await asked(pilot, until, PHONE)
        with monkeypatch.context() as full:
            full.setattr("breakglass_tui.engine.journal._write_all", fail)
            await pilot.press("y")
            assert await told(pilot.app, f"The journal of the user {USER} cannot be written.") == "error"
        assert (accepted(pilot.app), cloud.inspected) == (set(), [])


async def test_another_process_can_accept_the_device_meanwhile(cloud, checked, until, sees):
    async with checked(cloud) as pilot:
        await sees(pilot, "NOT PROVEN")
        other = UserJournal(RunStore(pilot.app.session.journals.directory), ACCOUNT, USER, Place.AWS)
        other.append([DeviceAccepted(datetime(2026, 11, 22, tzinfo=UTC), USER_ID, PHONE)])
        await pilot.press("R")
        await sees(pilot, "✓ READY")


async def test_the_report_names_each_accepted_device_and_who_accepted_it(cloud, checked, until, sees):
    async with checked(cloud) as pilot:
        app = pilot.app
        await pilot.press("a")
        await asked(pilot, until, PHONE)
        await pilot.press("y")
        await sees(pilot, "✓ READY")
        await pilot.press("e")
        await until(lambda: app.session.run.validation.exported, "the report")
        path = next(path for path in app.session.run.validation.exported if path.name == "report.json")
        (device,) = json.loads(path.read_text())["user"]["accepted_devices"]
        assert (device["serial"], device["accepted_by"]) == (PHONE, app.session.run.record.header.caller_arn)
