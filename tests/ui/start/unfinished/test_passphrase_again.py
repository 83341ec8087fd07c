"""Resume of a run that seals with a passphrase: the App asks for it first, and it must be the same one."""

from __future__ import annotations

import pytest

from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.secrets.envelope_files import Envelopes
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE, PassphraseSeal
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.dialogs.passphrase import PassphraseDialog
from breakglass_tui.ui.start.unfinished_dialog import UnfinishedDialog

STRONG = "velvet Otter 91 under 7 lamps"


@pytest.fixture
def sealed(tmp_path):
    """Return ``sealed(context)``: a step that seals its secret with the passphrase."""

    def keep(context):
        envelopes = Envelopes(tmp_path / "out" / "bg-night", account_id="123456789012", run_id="0" * 16)
        envelopes.require_writable()
        seals = [PassphraseSeal(Secret(STRONG))]
        kept: tuple[EnvelopeInfo, ...] = envelopes.write(
            "password",
            {"password": Secret("not this")},
            seals,
            user_name="bg-night",
            before_write=context.envelope_started,
        )
        return StepOutcome(detail="sealed", envelopes=kept)

    return keep


async def asked(pilot, until):
    """Press r, and wait for the passphrase dialog."""
    await pilot.press("r")
    await until(lambda: isinstance(pilot.app.screen, PassphraseDialog), "the question")
    await pilot.pause()


async def test_the_right_one_resumes_and_a_wrong_one_is_refused_with_nothing_done(
    started, interrupted, fake_cloud, sees, until, sealed, screen_text
):
    fake_cloud.on_apply["login-profile"] = sealed
    interrupted(fake_cloud, after="login-profile", seal_passphrase=True)
    fake_cloud.on_apply.clear()
    async with started(fake_cloud) as pilot:
        await asked(pilot, until)
        assert len(pilot.app.screen.query("SecretInput")) == 1
        await pilot.press(*"another one", "enter")
        await until(lambda: pilot.app.screen.query("#confirm-text"), "the confirmation")
        await pilot.press("y")
        await sees(pilot, "This passphrase is not the one that sealed the run's envelopes.")
        assert fake_cloud.applied == []
        await asked(pilot, until)
        await pilot.press(*STRONG, "enter")
        await until(lambda: pilot.app.screen.query("#confirm-text"), "the confirmation")
        assert STRONG not in screen_text(pilot.app)
        await pilot.press("y")
        await until(lambda: pilot.app.session.run.setup is not None, "the run")
        assert pilot.app.session.run.setup.vault.get(PASSPHRASE).reveal() == STRONG
        await until(lambda: pilot.app.session.run.record.finished_at, "its end")
        assert "login-profile" in fake_cloud.applied


async def test_without_an_envelope_to_test_it_is_typed_twice_and_must_be_strong(
    started, interrupted, fake_cloud, sees, until
):
    interrupted(fake_cloud, seal_passphrase=True)
    async with started(fake_cloud) as pilot:
        await asked(pilot, until)
        await pilot.press(*"short", "enter", *"shore", "enter")
        await sees(pilot, "The two passphrases differ.")
        await pilot.press("backspace", "t", "enter")
        await sees(pilot, "Not strong enough: it has 5 characters")
        await pilot.press("ctrl+u", *STRONG, "enter", "ctrl+u", *STRONG, "enter")
        await until(lambda: pilot.app.screen.query("#confirm-text"), "the confirmation")
        await pilot.press("y")
        await sees(pilot, "3 of 3 done in")


async def test_cancel_changes_nothing(started, interrupted, fake_cloud, until):
    interrupted(fake_cloud, seal_passphrase=True)
    async with started(fake_cloud) as pilot:
        await asked(pilot, until)
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, UnfinishedDialog), "the list")
        assert fake_cloud.applied == []


async def test_removing_a_run_needs_no_passphrase(started, interrupted, fake_cloud, agreed, sees):
    interrupted(fake_cloud, seal_passphrase=True)
    async with started(fake_cloud) as pilot:
        await agreed(pilot, "u")
        await sees(pilot, "Everything this run created was removed.")
