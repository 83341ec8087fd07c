"""The preflight checks on the Summary screen."""

from __future__ import annotations

from reviewing import looked, result

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.ui.assessment.review import review
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.summary.accept_risk_dialog import AcceptRiskDialog
from breakglass_tui.ui.summary.screen import SummaryScreen


async def test_nothing_can_be_created_while_the_checks_run(fake_cloud, summary, until, screen_text):
    gate = fake_cloud.hold("quota")
    async with summary(fake_cloud) as pilot:
        await until(lambda: pilot.app.session.run.preflight, "the first check")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, SummaryScreen)
        text = screen_text(pilot.app)
        assert "checking…" in text
        assert "Not created: the preflight checks are still running." in text
        gate.set()
        await looked(pilot, until)
        assert "3 pass · 0 fail · 2 warn" in screen_text(pilot.app)


async def test_a_failed_check_blocks_with_a_notice_until_it_passes(
    fake_cloud, summary, until, ask_to_create, screen_text
):
    fake_cloud.results["quota"] = result(CheckStatus.FAIL, "5,000 of 5,000 users", "Remove a user.")
    async with summary(fake_cloud) as pilot:
        await looked(pilot, until)
        await pilot.press("enter")
        await pilot.pause()
        text = screen_text(pilot.app)
        assert isinstance(pilot.app.screen, SummaryScreen)
        assert "2 pass · 1 fail · 2 warn" in text
        assert "✗ FAIL  Quota of users: 5,000 of 5,000 users" in text
        assert "→ Remove a user." in text
        assert "Not created: Quota of users failed." in text
        fake_cloud.results.clear()
        await pilot.press("r")
        await looked(pilot, until)
        await ask_to_create(pilot)


async def test_warnings_and_unknowns_are_listed_with_their_remedy_and_do_not_block(
    fake_cloud, summary, until, screen_text
):
    fake_cloud.results["quota"] = result(CheckStatus.WARN, "few are left", "Remove some.")
    fake_cloud.results["caller-may"] = CheckResult(
        "caller-may", "You may", CheckStatus.SKIP, "", "denied [/] \x1b[31m", remedy="Allow iam:Simulate…"
    )
    async with summary(fake_cloud, kms_key_id="alias/break-glass") as pilot:
        await looked(pilot, until)
        text = screen_text(pilot.app)
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, AcceptRiskDialog))
    assert "1 pass · 0 fail · 3 warn · 1 skip" in text
    assert "⚠ WARN  Quota of users: few are left" in text
    assert "– SKIP  You may: denied [/] \\x1b[31m" in text
    assert "→ Allow iam:Simulate…" in text
    assert "⚠ WARN  KMS alone can lock you out: KMS decrypts only while AWS" in text
    assert "→ Press a to add a seal that opens without AWS." in text


async def test_secrets_without_a_seal_cause_a_warning(fake_cloud, summary, until, screen_text):
    async with summary(fake_cloud) as pilot:
        await looked(pilot, until)
        assert "No seal: each secret is shown only on the screen" in screen_text(pilot.app)


async def test_results_of_a_request_that_was_changed_meanwhile_do_not_count(fake_cloud, summary, until):
    gate = fake_cloud.hold("quota")
    fake_cloud.results["quota"] = result(CheckStatus.FAIL, "full")
    async with summary(fake_cloud) as pilot:
        app = pilot.app
        await until(lambda: "quota" in fake_cloud.inspected, "the first look")
        await pilot.press("escape")
        await until(lambda: app.phase is Phase.ASSESSMENT, "the form")
        assert not review(app.session)
        gate.set()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.session.run.preflight == {}
        assert not app.session.run.prechecking
