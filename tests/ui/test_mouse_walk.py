"""The whole wizard by mouse: from the start to the report, at 80 by 24, without a key."""

from __future__ import annotations

from functools import partial

from mouse_hand import click, lines_of

from breakglass_tui.domain.questions import StoreSecret
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.state.phase import Phase


def hand_out(label, context):
    """A step that asks the operator to store a secret."""
    context.ask(StoreSecret(label, Secret("of no worth")))
    return StepOutcome("stored")


def shown_of(labels, app):
    """Return the secrets that are on the screen."""
    return {label for label in labels if any(label in line for line in lines_of(app))}


async def test_from_the_start_to_the_report_without_a_key(fake_cloud, make_app, until):
    for step, label in (("login-profile", "Password of the night"), ("access-key", "Key of the night")):
        fake_cloud.on_apply[step] = partial(hand_out, label)
    app = make_app(fake_cloud)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: app.session.connection.is_read and app.session.journals.history, "the account")

        await click(pilot, "New emergency user")
        await until(lambda: app.phase is Phase.ASSESSMENT and app.screen.query("#review"), "the form")
        draft = app.session.draft
        await click(pilot, "eu-west-1  Europe")
        await click(pilot, "eu-central-1  Europe")
        await until(lambda: app.session.connection.account.region == "eu-central-1", "the keys of the Region")
        await click(pilot, "○ both")
        await click(pilot, "○ permanent")
        await click(pilot, "○ sealed")
        await click(pilot, "○ yes: deny")
        assert (draft.access, draft.password_reset_required, draft.mfa) == ("both", False, "sealed")
        assert draft.require_mfa
        await click(pilot, "○ none")
        assert draft.mfa == "none"
        await click(pilot, "○ authenticator")  # without a device, the Summary asks for words, and a mouse types none
        await click(pilot, "Offline   none", 12)
        await click(pilot, "Cancel")
        await click(pilot, "Groups    none", 12)
        await click(pilot, "emergency")
        await click(pilot, "enter save")
        await click(pilot, "Role      none", 12)
        await click(pilot, "EmergencyAdmin")
        assert (draft.groups, draft.role_arn.rpartition("/")[2]) == (("emergency",), "EmergencyAdmin")
        await click(pilot, "Review   ", 2)

        await until(lambda: app.phase is Phase.SUMMARY and app.session.run.preflight, "the summary")
        await until(lambda: not app.session.run.prechecking, "the looks")
        await click(pilot, "Group   ", 1)
        await click(pilot, "c Commands")
        await click(pilot, "esc close")
        await click(pilot, "⏎ Create")
        await click(pilot, "  Create  ", 3)

        await until(lambda: app.phase is Phase.CONFIGURATION, "the run")
        left = {"Password of the night", "Key of the night"}  # the steps run in parallel, so either asks first
        while left:
            await until(partial(shown_of, left, app), " or ".join(left))
            left -= shown_of(left, app)
            await click(pilot, "r Reveal")
            await click(pilot, "y Confirm")
            await click(pilot, "y Confirm")
        await until(lambda: app.session.run.done, "the end of the run")
        await click(pilot, "Role EmergencyAdm")
        await click(pilot, "⏎ Validate")

        await until(lambda: app.phase is Phase.VALIDATION and app.session.run.record.checks, "the proof")
        await until(lambda: not app.session.run.validation.inspecting, "the checks")
        await click(pilot, "Inline policy")
        fake_cloud.inspected.clear()
        await click(pilot, "r Re-run")
        await until(lambda: fake_cloud.inspected == ["inline-policy"], "the check")
        await until(lambda: not app.session.run.validation.inspecting, "its result")
        await click(pilot, "e Export")
        await until(lambda: app.session.run.validation.exported, "the report")
        await click(pilot, "^p palette")
        await click(pilot, "  Back  ", 3)
        await until(lambda: app.phase is Phase.CONFIGURATION, "the run again")
        await click(pilot, "^q Quit")
        await until(lambda: not app.is_running, "the end")
    assert app.return_code == 0
