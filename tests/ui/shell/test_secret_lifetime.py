"""The secrets of a run leave the memory after their last use, and never while the operator still needs them."""

from __future__ import annotations

import hashlib

import pytest
from toy_password import NEW

from breakglass_tui.aws import mfa_codes, permanent_password
from breakglass_tui.aws.kms_seal import MFA_SEED
from breakglass_tui.aws.steps.access_key import ACCESS_KEY
from breakglass_tui.aws.steps.login_profile import PASSWORD
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.engine import first_sign_in as engine
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import SIGN_IN, VALIDATION
from breakglass_tui.ui.first_sign_in.screen import FirstSignInScreen
from breakglass_tui.ui.shell.idle_time import LONG_IDLE_S
from breakglass_tui.ui.validation import user_journals
from breakglass_tui.ui.validation.screen import ValidationScreen

DUE = CheckResult("access", "Credentials", CheckStatus.PASS, "x", "y", pending="the reset", clears="Sign in.")
IDLE_S = LONG_IDLE_S


def fill(app):
    """Put every kind of secret into the vault of the run."""
    for name in (*SIGN_IN, *VALIDATION):
        app.session.run.setup.vault.put(name, Secret(f"the {name}"))


def names(app):
    """Return the names of the secrets in the vault of the run."""
    return app.session.run.setup.vault.names


@pytest.fixture
def sealed(fake_cloud, tmp_path, monkeypatch):
    """A run that sealed a temporary password, which the operator must change."""
    monkeypatch.setattr(engine, "READ_EVERY_S", 0.2)
    old = tmp_path / "bg.password.age"
    old.write_bytes(b"old")
    info = EnvelopeInfo(str(old), ("password",), ("age",), hashlib.sha256(b"old").hexdigest())
    fake_cloud.on_apply["login-profile"] = lambda context: StepOutcome("sealed", envelopes=(info,))
    fake_cloud.password.directory = tmp_path
    fake_cloud.results["access"] = DUE
    return fake_cloud


@pytest.fixture
def validated(validation, until):
    """``async with validated(cloud) as pilot``: the vault is full, and the checks have ended."""
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def start(cloud, **draft):
        gate = cloud.hold("user-exists")
        async with validation(cloud, (120, 36), **draft) as pilot:
            app = pilot.app
            fill(app)
            gate.set()
            await until(
                lambda: app.session.run.record.checks and not app.session.run.validation.inspecting, "the checks"
            )
            await pilot.pause()
            yield pilot

    return start


def test_every_secret_has_a_last_use():
    used = {PASSWORD, permanent_password.PERMANENT, PASSPHRASE}
    assert set(SIGN_IN) == used
    assert set(VALIDATION) == {ACCESS_KEY, MFA_SEED, mfa_codes.LAST_PERIOD, mfa_codes.AWS_TIME}


async def test_after_a_validation_the_key_and_the_seed_are_gone(sealed, validated):
    async with validated(sealed) as pilot:
        assert names(pilot.app) == set(SIGN_IN)


async def test_after_a_failed_check_they_stay_for_the_next_validation(fake_cloud, validated):
    fake_cloud.results["access"] = CheckResult("access", "Credentials", CheckStatus.FAIL, "x", "y")
    async with validated(fake_cloud) as pilot:
        assert names(pilot.app) >= set(VALIDATION)


async def test_they_stay_if_what_they_proved_was_not_recorded(sealed, validated, monkeypatch):
    monkeypatch.setattr(user_journals, "record_validation", lambda *_: False)
    async with validated(sealed) as pilot:
        assert names(pilot.app) >= set(VALIDATION)


async def test_after_the_first_sign_in_the_passwords_are_gone(sealed, validated, until, screen_text):
    async with validated(sealed) as pilot:
        app = pilot.app
        await pilot.press("f")
        await until(lambda: "not yet" in screen_text(app), "the sign-in")
        await pilot.press("enter", "r")
        await until(lambda: NEW in screen_text(app), "the password")
        assert names(app) == set(SIGN_IN)
        sealed.results.pop("access")
        sealed.password.reset = False
        await until(lambda: "Validate the user again       READY" in screen_text(app), "the proof")
        assert names(app) == set()


async def test_no_first_sign_in_is_interrupted_and_one_that_was_left_has_an_end(
    sealed, validated, until, screen_text, hand_clock
):
    async with validated(sealed, seal_to="age1") as pilot:
        app = pilot.app
        app.session.clock = hand_clock
        await pilot.press("f")
        await until(lambda: "not yet" in screen_text(app), "the sign-in")
        hand_clock.passed += 10 * IDLE_S
        looks = sealed.password.did.count("read")
        await until(lambda: sealed.password.did.count("read") > looks + 10, "more than a tick of the idle time")
        assert names(app) == set(SIGN_IN)
        await pilot.press("escape", "y")
        await until(
            lambda: isinstance(app.screen, ValidationScreen) and app.first_sign_in._state.over, "the validation"
        )
        assert names(app) == set(SIGN_IN), "the operator can continue at once"
        hand_clock.passed += IDLE_S
        await until(lambda: not names(app) and len(app._notifications), "the end of the idle time")
        note = list(app._notifications)[-1].message
        assert note == (
            "The secrets of this run were removed from the memory after 10 minutes without a key. "
            "They are in their envelopes. To open one, run: breakglass-tui --demo --region eu-west-1 open ENVELOPE"
        )
        await pilot.press("f")
        await until(lambda: isinstance(app.screen, FirstSignInScreen), "the sign-in again")
        app.first_sign_in._state.leave()


async def test_a_key_restarts_the_idle_time(sealed, validated, hand_clock):
    async with validated(sealed) as pilot:
        app = pilot.app
        app.session.clock = hand_clock
        app._used_at = 0
        hand_clock.passed += IDLE_S - 1
        await pilot.press("j")
        hand_clock.passed += IDLE_S - 1
        app.idle_timer.check()
        assert names(app)
        hand_clock.passed += 1
        app.idle_timer.check()
        assert not names(app)


async def test_another_user_begins_without_the_secrets_of_the_last_one(sealed, validated):
    async with validated(sealed) as pilot:
        vault = pilot.app.session.run.setup.vault
        assert vault.names
        pilot.app.session.afresh()
        assert not vault.names


async def test_an_open_envelope_is_closed_after_the_idle_time(envelope, hand_clock, until, capsys):
    app = envelope()
    async with app.run_test() as pilot:
        hand_clock.passed += IDLE_S - 1
        await pilot.press("n")
        hand_clock.passed += IDLE_S - 1
        app.idle_timer.check()
        assert app.is_running
        hand_clock.passed += 1
        await until(lambda: app._exit, "the end")
    assert app.return_code == 0
    assert "The envelope was closed after 10 minutes without a key." in capsys.readouterr().err
