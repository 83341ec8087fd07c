"""SignInSteps: shows the five steps of a first sign-in and their states."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content
from textual.widgets import Static

from breakglass_tui.domain.events import StepStatus
from breakglass_tui.domain.seal_summary import seal_summary
from breakglass_tui.domain.text import show
from breakglass_tui.ui.ceremony import Ceremony, Stage
from breakglass_tui.ui.widgets.configuration.step_words import word

STATE = 11
TITLE = 30
DONE, NEXT, RUNNING, WAITING = StepStatus.DONE, StepStatus.NEXT, StepStatus.RUNNING, StepStatus.WAITING


class SignInSteps(Static):
    """A widget with a row for each step of a first sign-in: state, title and a note.

    The screen draws it again every half second, because one note has the age of the last read of AWS.
    """

    def __init__(self, id: str) -> None:
        super().__init__(id=id, markup=False)

    def draw(self, ceremony: Ceremony, *, signed_in: bool, now: datetime) -> None:
        """Draw the steps at the time ``now``.

        ``signed_in`` says that the operator has signed in and must now set the new password.
        """
        rows = (
            (_sealing(ceremony), _first_title(ceremony), _sealed(ceremony)),
            (_operator_status(ceremony, done=signed_in, started=True), "Sign in with the temporary password", ""),
            (_operator_status(ceremony, done=False, started=signed_in), "Set the permanent password", ""),
            (_looking(ceremony), "AWS confirms", _looks(ceremony, now)),
            *_proof(ceremony),
        )
        self.update(Content("\n").join(self._row(*row) for row in rows))

    def _row(self, state: StepStatus, title: str, tail: str) -> Content:
        sign = word(state)
        gap = " " * max(1, STATE - sign.cell_length)
        title = title.ljust(TITLE) if tail else title
        row = Content.assemble(sign, gap, title, (tail, "$secondary"))
        return row.truncate(max(1, self.size.width), ellipsis=True) if self.size.width else row


def _first_title(ceremony: Ceremony) -> str:
    """Return the title of the first step, which depends on whether the run has a seal.

    Until the run is read, that is unknown, and the title is a general one.
    """
    if ceremony.setup is None:
        return "Generate the permanent password"
    return "Seal the permanent password" if ceremony.seals else "Store the permanent password"


def _failed(ceremony: Ceremony, stage: Stage) -> bool:
    return ceremony.over and ceremony.problem is not None and ceremony.stage is stage


def _sealing(ceremony: Ceremony) -> StepStatus:
    if ceremony.stage is Stage.STORING:
        return WAITING
    if ceremony.stage is Stage.SEALING:
        return StepStatus.FAILED if ceremony.problem else RUNNING
    return DONE


def _sealed(ceremony: Ceremony) -> str:
    if ceremony.stage is Stage.STORING:
        return "waiting for you to store it"
    if ceremony.stage is Stage.SEALING:
        return ""
    ways = seal_summary(ceremony.new_envelopes)
    return show(f"sealed: {', '.join(ways)}") if ways else "stored by you"


def _operator_status(ceremony: Ceremony, *, done: bool, started: bool) -> StepStatus:
    """Return the state of a step that the operator does on the sign-in page.

    The program sees only its result in AWS.
    """
    if ceremony.stage is Stage.CONFIRMED or (done and ceremony.stage is Stage.SIGNING_IN):
        return DONE
    return WAITING if started and ceremony.stage is Stage.SIGNING_IN else NEXT


def _looking(ceremony: Ceremony) -> StepStatus:
    if ceremony.stage is Stage.CONFIRMED:
        return DONE
    if _failed(ceremony, Stage.SIGNING_IN):
        return StepStatus.FAILED
    return RUNNING if ceremony.stage is Stage.SIGNING_IN else NEXT


def _looks(ceremony: Ceremony, now: datetime) -> str:
    if ceremony.looked_at is None:
        return ""
    times = "1 check" if ceremony.looks == 1 else f"{ceremony.looks} checks"
    if ceremony.stage is Stage.CONFIRMED:
        return times
    ago = max(0, round((now - ceremony.looked_at).total_seconds()))
    said = "failed" if ceremony.unread else "not yet"
    return f"{said} · {times}, {ago} s ago"


def _proof(ceremony: Ceremony) -> tuple[tuple[StepStatus, str, str]]:
    title, proof = "Validate the user again", ceremony.proof
    if ceremony.stage is not Stage.CONFIRMED or not ceremony.over:
        return ((NEXT, title, ""),)
    if proof.inspecting:
        return ((RUNNING, title, f"{len(proof.titles) - len(proof.unchecked)} of {len(proof.titles)} checks done"),)
    return ((DONE, title, proof.record.readiness.words),)
