"""The first sign-in by keys: which actions are offered, which password is shown, and where it can be left."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from toy_password import NEW, OLD

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.sign_in import first_sign_in_way
from breakglass_tui.engine import first_sign_in as engine
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
from breakglass_tui.secrets.vault import Vault
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.dialogs.passphrase import PassphraseDialog
from breakglass_tui.ui.first_sign_in.screen import FirstSignInScreen
from breakglass_tui.ui.validation.screen import ValidationScreen

CLEARS = f"Before an emergency, {first_sign_in_way('breakglass-tui', 'bg-alice')}"
DUE = CheckResult("access", "Credentials", CheckStatus.PASS, "x", "y", pending="the reset", clears=CLEARS)


@pytest.fixture
def cloud(fake_cloud, tmp_path, monkeypatch):
    """A run that sealed a temporary password, and an AWS that has it until the test changes it."""
    monkeypatch.setattr(engine, "READ_EVERY_S", 0.5)
    old = tmp_path / "bg.password.age"
    old.write_bytes(b"old")
    info = EnvelopeInfo(str(old), ("password",), ("age",), hashlib.sha256(b"old").hexdigest())
    fake_cloud.on_apply["login-profile"] = lambda context: StepOutcome("sealed", envelopes=(info,))
    fake_cloud.password.directory = tmp_path
    fake_cloud.results["access"] = DUE
    return fake_cloud


def confirm(cloud):
    """Let AWS have the permanent password from now on."""
    cloud.results.pop("access")
    cloud.password.reset = False


@pytest.fixture
def started(cloud, validation, until, screen_text):
    """``async with started(size) as pilot``: the checks are done, and f was pressed."""
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def begin(size=(80, 24), *, waits_for="not yet", **draft):
        async with validation(cloud, size, **draft) as pilot:
            await until(lambda: "1 STEP LEFT" in screen_text(pilot.app), "the verdict")
            await pilot.press("f")
            await until(lambda: isinstance(pilot.app.screen, FirstSignInScreen), "the screen")
            await until(lambda: waits_for in screen_text(pilot.app), waits_for)
            await pilot.pause()
            try:
                yield pilot
            finally:
                pilot.app.first_sign_in._state.leave()

    return begin


async def test_it_is_not_offered_to_a_user_that_needs_none(fake_cloud, validation, until, screen_text):
    async with validation(fake_cloud) as pilot:
        await until(lambda: "✓ READY" in screen_text(pilot.app), "the verdict")
        await pilot.press("f")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ValidationScreen)
        assert "First sign-in" not in screen_text(pilot.app)
    assert fake_cloud.password.did == []


async def test_no_address_is_shown_in_a_partition_whose_sign_in_page_aws_does_not_document(cloud, started, screen_text):
    arn = cloud.account.caller.arn.replace("arn:aws:", "arn:aws-iso:")
    cloud.account = replace(cloud.account, caller=replace(cloud.account.caller, arn=arn))
    async with started((120, 40)) as pilot:
        text = " ".join(screen_text(pilot.app).split())
        assert "the sign-in page of this partition (unknown to this program)" in text
        assert "https://" not in text


async def test_it_leads_from_the_temporary_password_to_ready_even_if_left_half_way(cloud, started, until, screen_text):
    async with started(mfa="authenticator") as pilot:
        app = pilot.app
        text = screen_text(app)
        for part in (
            "First sign-in of break-glass-20261122-k7qm3x",
            "✓ done     Seal the permanent password   sealed: age",
            "◐ waiting  Sign in with the temporary password",
            "https://123456789012.signin.aws.amazon.com/console",
            "1234-5678-9012",
            "the six-digit code of the enrolled",
            "r  reveal for 15 s",
        ):
            assert part in text
        assert (OLD in text, NEW in text) == (False, False)
        await pilot.press("f1")
        await until(lambda: "Help: First sign-in" in screen_text(app), "the help")
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, FirstSignInScreen), "the screen again")
        await pilot.press("r")
        await until(lambda: OLD in screen_text(app), "the temporary password")
        await pilot.press("enter")
        await until(lambda: "Set the permanent password" in screen_text(app), "the next page")
        assert (OLD in screen_text(app), NEW in screen_text(app)) == (False, False)
        await pilot.press("r")
        await until(lambda: NEW in screen_text(app), "the permanent password")
        assert "If you typed another one" in " ".join(screen_text(app).split())
        await pilot.press("b")
        await until(lambda: "in a private window" in screen_text(app), "the page before")
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, ConfirmDialog), "the question")
        text = " ".join(str(app.screen.query_one("#confirm-text").render()).split())
        for part in (
            "(bg.password.age)",
            "After that the permanent password works",
            "(bg.password.lasting.age: lasting means permanent)",
        ):
            assert part in text
        await pilot.press("y")
        await until(lambda: isinstance(app.screen, ValidationScreen), "the validation")
        await until(lambda: not any(worker.is_running for worker in app.workers), "the end of the looking")
        await pilot.press("f")
        await until(lambda: "not yet" in screen_text(app), "the sign-in again")
        await pilot.press("enter", "r")
        await until(lambda: NEW in screen_text(app), "the same password")
        app.session.run.validation.exported = (Path("report.json"),)
        confirm(cloud)
        await until(lambda: "✓ done     Validate the user again       READY" in screen_text(app), "the proof")
        assert (app.session.run.validation.exported, app.session.run.validation.outdated) == ((), True)
        text = screen_text(app)
        assert "It is sealed in bg.password.lasting.age (lasting means permanent)." in " ".join(text.split())
        assert (OLD in text, NEW in text) == (False, False)
        await pilot.press("v")
        await until(lambda: "Nothing is left to do." in screen_text(app), "the verdict")
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, FirstSignInScreen), "the screen once more")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, ValidationScreen), "the validation")
        await until(lambda: "✓ READY" in screen_text(app), "the verdict")
        assert "First sign-in" not in screen_text(app)
        assert [envelope.path.rpartition("/")[2] for envelope in app.session.run.record.envelopes] == [
            "bg.password.lasting.age"
        ]
    assert cloud.password.did.count("create") == 1
    assert cloud.password.did[-1] == "remove"


async def test_the_first_row_names_every_seal_at_80_columns(cloud, started, screen_text):
    seals = (("age", 2), ("passphrase", 1), ("kms", 1))
    sealed = tuple(
        EnvelopeInfo(f"bg.password.lasting.{seal}", ("password",), (seal,), "00", ("a", "b")[:needs], needs)
        for seal, needs in seals
    )
    cloud.password.sealed = sealed
    async with started() as pilot:
        assert "Seal the permanent password   sealed: age (2 of 2), passphrase, KMS\n" in trimmed(
            screen_text(pilot.app)
        )


def trimmed(text):
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


async def test_failures_are_shown_and_an_unknown_password_has_the_command_that_opens_it(
    cloud, started, until, screen_text
):
    denied = Problem("KMS refused.", why="No [/] right.", next="Get it.", kind=Kind.REFUSED)
    cloud.password.fails["create"], cloud.password.temporary = denied, None
    async with started((120, 36), waits_for="KMS refused.") as pilot:
        text = screen_text(pilot.app)
        for part in ("✗ failed   Seal the permanent password", "No [/] right.", "Get it.", "enter  retry"):
            assert part in text
        cloud.password.fails.clear()
        await pilot.press("enter")
        await until(lambda: "✓ done     Seal the permanent password" in screen_text(pilot.app), "the second attempt")
        await until(lambda: "the temporary password, in its envelope:" in screen_text(pilot.app), "the command")
        text = screen_text(pilot.app)
        assert "breakglass-tui --demo --region eu-west-1 open --identity FILE" in " ".join(text.split())
        assert "bg.password.age" in text.replace("\n", "").replace(" ", "")
        assert "p Simulate" not in text
        cloud.password.reset = Problem("AWS is not reachable.", next="Look at the network.", kind=Kind.UNREACHABLE)
        await until(lambda: "could not be read" in screen_text(pilot.app), "the problem")
        await until(lambda: "AWS is not reachable." in screen_text(pilot.app), "why")
        assert "ctrl+r asks AWS again." in screen_text(pilot.app)
        confirm(cloud)
        await pilot.press("ctrl+r")
        await until(lambda: "Validate the user again       READY" in screen_text(pilot.app), "the proof")


async def test_without_a_seal_the_password_is_shown_until_stored_and_a_simulated_sign_in_is_checked_at_once(
    cloud, started, until, screen_text, monkeypatch
):
    monkeypatch.setattr(engine, "READ_EVERY_S", 60)
    practised, refusals = [], [Problem("The page refuses.", next="Again.")]

    def practice(*given):
        if refusals:
            raise refusals.pop()
        practised.append((given[0], given[1].reveal(), given[2].reveal()))
        confirm(cloud)

    cloud.simulated_sign_in, cloud.password.directory = practice, None
    async with started(waits_for="Store this now: Permanent console password") as pilot:
        app = pilot.app
        assert NEW not in screen_text(app)
        assert "◐ waiting  Store the permanent password" in screen_text(app), "nothing seals it"
        await pilot.press("f1")
        await until(
            lambda: (
                "Nothing seals it, because the run has no seal"
                in " ".join(str(app.screen.query_one("#document Paragraphs").render()).split())
            ),
            "the help",
        )
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, FirstSignInScreen), "the screen again")
        await pilot.press("y", "r")
        await until(lambda: NEW in screen_text(app), "the password")
        await pilot.press("y", "y")
        await until(lambda: "stored by you" in screen_text(app) and "not yet" in screen_text(app), "the next step")
        assert NEW not in screen_text(app)
        await pilot.press("p")
        await until(lambda: any("The page refuses" in note.message for note in app._notifications), "the no")
        await pilot.press("p")
        await until(lambda: "Validate the user again       READY" in screen_text(app), "the proof")
    assert practised == [("break-glass-20261122-k7qm3x", OLD, NEW)]


async def test_it_is_one_of_six_keys_when_due_and_asks_for_an_unknown_passphrase(
    cloud, validation, until, screen_text, paste
):
    async with validation(cloud) as pilot:
        app = pilot.app
        footer = app.screen.query_one("Footer")
        await until(lambda: "f Sign in" in screen_text(app), "the key")
        assert "→ Before an emergency, press f." in screen_text(app)
        assert footer.max_scroll_x == 0
        assert 4 <= len(footer.query("FooterKey")) <= 6
        await pilot.press("c")
        await until(lambda: not isinstance(app.screen, ValidationScreen), "the other key")
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, ValidationScreen), "the validation again")
        setup = app.session.run.setup
        request = setup.request.model_copy(update={"seal_passphrase": True})
        app.session.run.setup = replace(setup, request=request, vault=Vault())
        assert "First sign-in" in [command.title for command in app.get_system_commands(app.screen)]
        await pilot.press("f")
        await until(lambda: isinstance(app.screen, PassphraseDialog), "the question")
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, ValidationScreen), "the validation")
        assert cloud.password.did == []
        await pilot.press("f")
        await until(lambda: isinstance(app.screen, PassphraseDialog), "the question again")
        await paste(pilot, "words")
        await pilot.press("enter")
        await until(lambda: "not yet" in screen_text(app), "the sign-in")
        assert app.session.run.setup.vault.get(PASSPHRASE).reveal() == "words"
        app.first_sign_in._state.leave()


async def test_no_size_loses_the_password_and_quitting_leaves_the_journal_unchanged(cloud, started, until, screen_text):
    async with started(mfa="authenticator") as pilot:
        app = pilot.app
        footer = app.screen.query_one("Footer")
        assert footer.max_scroll_x == 0
        assert len(footer.query("FooterKey")) <= 6
        await pilot.press("r")
        await until(lambda: OLD in screen_text(app), "the password")
        await pilot.resize_terminal(60, 16)
        await until(lambda: OLD not in screen_text(app), "the mask")
        await pilot.press("r")
        await until(lambda: OLD in screen_text(app), "the password where there is little room")
        await pilot.press("ctrl+q")
        await until(lambda: app.return_code is not None, "the exit")
    assert app.return_code == 0
    record = app.session.journals.store.find(app.session.run.setup.run_id).record
    assert record.permanent is not None
    assert record.signed_in_at is None
    assert len(record.envelopes) == 2
