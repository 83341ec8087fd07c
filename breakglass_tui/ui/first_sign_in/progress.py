"""SignInSteps: shows the five steps of a first sign-in and their states."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content
from textual.widgets import Static

from breakglass_tui.domain.events import StepStatus
from breakglass_tui.domain.seal_summary import seal_summary
from breakglass_tui.domain.text import show
from breakglass_tui.ui.first_sign_in.state import FirstSignInState, Stage
from breakglass_tui.ui.widgets.signs import STEP_SIGNS

STATE = 11
TITLE = 30
DONE, NEXT, RUNNING, WAITING = StepStatus.DONE, StepStatus.NEXT, StepStatus.RUNNING, StepStatus.WAITING


class SignInSteps(Static):
    """A widget with a row for each step of a first sign-in: state, title and a note.

    The screen draws it again every half second, because one note has the age of the last read of AWS.
    """

    def __init__(self, id: str) -> None:
        super().__init__(id=id, markup=False)

    def draw(self, state: FirstSignInState, *, signed_in: bool, now: datetime) -> None:
        """Draw the steps at the time ``now``.

        ``signed_in`` says that the operator has signed in and must now set the new password.
        """
        rows = (
            (_sealing(state), _first_title(state), _sealed(state)),
            (_operator_status(state, done=signed_in, started=True), "Sign in with the temporary password", ""),
            (_operator_status(state, done=False, started=signed_in), "Set the permanent password", ""),
            (_reading_status(state), "AWS confirms", _reads(state, now)),
            *_validation_row(state),
        )
        self.update(Content("\n").join(self._row(*row) for row in rows))

    def _row(self, state: StepStatus, title: str, tail: str) -> Content:
        sign = STEP_SIGNS[state].content()
        gap = " " * max(1, STATE - sign.cell_length)
        title = title.ljust(TITLE) if tail else title
        row = Content.assemble(sign, gap, title, (tail, "$secondary"))
        return row.truncate(max(1, self.size.width), ellipsis=True) if self.size.width else row


def _first_title(state: FirstSignInState) -> str:
    """Return the title of the first step, which depends on whether the run has a seal.

    Until the run is read, that is unknown, and the title is a general one.
    """
    if state.setup is None:
        return "Generate the permanent password"
    return "Seal the permanent password" if state.seals else "Store the permanent password"


def _failed(state: FirstSignInState, stage: Stage) -> bool:
    return state.over and state.problem is not None and state.stage is stage


def _sealing(state: FirstSignInState) -> StepStatus:
    if state.stage is Stage.STORING:
        return WAITING
    if state.stage is Stage.SEALING:
        return StepStatus.FAILED if state.problem else RUNNING
    return DONE


def _sealed(state: FirstSignInState) -> str:
    if state.stage is Stage.STORING:
        return "waiting for you to store it"
    if state.stage is Stage.SEALING:
        return ""
    ways = seal_summary(state.new_envelopes)
    return show(f"sealed: {', '.join(ways)}") if ways else "stored by you"


def _operator_status(state: FirstSignInState, *, done: bool, started: bool) -> StepStatus:
    """Return the state of a step that the operator does on the sign-in page.

    The program sees only its result in AWS.
    """
    if state.stage is Stage.CONFIRMED or (done and state.stage is Stage.SIGNING_IN):
        return DONE
    return WAITING if started and state.stage is Stage.SIGNING_IN else NEXT


def _reading_status(state: FirstSignInState) -> StepStatus:
    if state.stage is Stage.CONFIRMED:
        return DONE
    if _failed(state, Stage.SIGNING_IN):
        return StepStatus.FAILED
    return RUNNING if state.stage is Stage.SIGNING_IN else NEXT


def _reads(state: FirstSignInState, now: datetime) -> str:
    if state.read_at is None:
        return ""
    times = "1 check" if state.reads == 1 else f"{state.reads} checks"
    if state.stage is Stage.CONFIRMED:
        return times
    ago = max(0, round((now - state.read_at).total_seconds()))
    said = "failed" if state.unread else "not yet"
    return f"{said} · {times}, {ago} s ago"


def _validation_row(state: FirstSignInState) -> tuple[tuple[StepStatus, str, str]]:
    title, validation = "Validate the user again", state.validation
    if state.stage is not Stage.CONFIRMED or not state.over:
        return ((NEXT, title, ""),)
    if validation.inspecting:
        return (
            (
                RUNNING,
                title,
                f"{len(validation.titles) - len(validation.unchecked)} of {len(validation.titles)} checks done",
            ),
        )
    return ((DONE, title, validation.record.readiness.words),)
