"""FirstSignInScreen: replaces the temporary password by a sealed permanent one, and validates the user again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from breakglass_tui.domain.events import Asked
from breakglass_tui.domain.questions import StoreSecret
from breakglass_tui.ui.configuration.secret_panel import SecretPanel
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.first_sign_in.controller import FirstSignInController
from breakglass_tui.ui.first_sign_in.guide import Guide
from breakglass_tui.ui.first_sign_in.pages import page, truth
from breakglass_tui.ui.first_sign_in.progress import SignInSteps
from breakglass_tui.ui.first_sign_in.state import STEP, FirstSignInState, Stage
from breakglass_tui.ui.shell.clipboard import SecretClipboard
from breakglass_tui.ui.shell.secrecy import Secrecy
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.state.validation import UserValidation
from breakglass_tui.ui.validation.verdict import VerdictLine, verdict_document
from breakglass_tui.ui.widgets.next_try import LOOKS_AGAIN, TRIES_AGAIN, NextTry
from breakglass_tui.ui.widgets.phase_bar import UserBar
from breakglass_tui.ui.widgets.phase_screen import PhaseScreen

DRAW_S = 0.5
ROOMY = 20
"""The least height, in rows, at which the steps, a password and its facts fit."""
ABOUT = """\
What it does
  A temporary password must be changed at the first sign-in. This change is a write to IAM. If IAM's control plane is \
down, the user cannot sign in. So you make the first sign-in now. First this program generates a permanent password. \
{keeps} Then you sign in at AWS and set it. This screen asks AWS every few seconds whether the password has changed. \
Then it validates the user again.

What it will change
  The console password of this user. You change it yourself, on the sign-in page of AWS. {changes}

What it cannot know
  Which password you set. If you set a different password from the one shown here, the stored password does not work. \
Change the password in AWS again, to the one shown here.

Keys
  enter   continue, check AWS now, or validate at the end
  ↑ ↓     scroll the facts above the password
  b       back to the temporary password
  r       reveal the password for 15 s
  c       copy the password for 30 s
{confirms}  v       show the verdict with its reasons, at the end
  p       simulate the sign-in, in a simulated account
  ctrl+r  after a problem: retry, or ask AWS again
  esc     leave, and continue later
  ctrl+q  quit"""
SEALED = {
    "keeps": "It seals this password with the seals of the run.",
    "changes": (
        "New envelopes are written before that. The envelopes of the temporary password are removed after AWS has "
        "confirmed the change. If the first sign-in is interrupted, f continues it. The password that AWS has stays in "
        "an envelope of this run."
    ),
    "confirms": "",
}
"""What the help says about a password that is sealed."""
STORED = {
    "keeps": "Nothing seals it, because the run has no seal. You store it yourself before you set it.",
    "changes": (
        "No envelope is written. If the first sign-in is interrupted, f continues it. AWS has one of the two passwords "
        "that you stored."
    ),
    "confirms": "  y       confirm that you have stored the password (press twice)\n",
}
"""What the help says about a password that the operator stores."""


class FirstSignInScreen(PhaseScreen):
    """The screen of a first sign-in: its steps, and the instructions for the current step.

    A worker in a thread asks AWS whether the password has changed.
    """

    PHASE = Phase.VALIDATION
    AUTO_FOCUS = "#guide-scroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "Continue", id="sign-in-next", tooltip="Continue with the permanent password."),
        Binding("enter", "look", "Check", id="sign-in-next", tooltip="Ask AWS now whether the password has changed."),
        Binding("enter", "try_again", "Retry", id="sign-in-next", tooltip="Start the first sign-in again."),
        Binding("enter", "done", "Done", id="sign-in-next", tooltip="Go back to the validation."),
        Binding("p", "practise", "Simulate", id="sign-in-practise", tooltip="Sign in to the simulated account."),
        Binding("y", "stored", "Confirm", id="sign-in-stored", tooltip="Confirm that you have stored the password."),
        Binding("b", "go_back", "Back", show=False, id="sign-in-back", tooltip="Go back to the temporary password."),
        Binding("r", "reveal", "Reveal", id="sign-in-reveal", tooltip="Reveal the password for some seconds."),
        Binding("c", "copy", "Copy", show=False, id="sign-in-copy", tooltip="Copy the password to the clipboard."),
        Binding("v", "verdict", "Verdict", show=False, id="verdict", tooltip="Show the verdict with its reasons."),
        Binding("escape", "leave", "Leave", id="sign-in-leave", tooltip="Leave. You can continue later."),
    ]

    def __init__(self, session: Session, state: FirstSignInState, controller: FirstSignInController) -> None:
        super().__init__(session)
        self._controller = controller
        self.state = state
        self._signed_in = False
        self._asked: Asked | None = None
        self._returning = False
        self._keys: tuple[object, ...] = ()

    def compose_place(self) -> Widget:
        """Return the line with the name of the user. It replaces the phase bar."""
        return UserBar("First sign-in of", self.state.user_name)

    def compose_body(self) -> Iterable[Widget]:
        """Compose the steps, the instructions, the panel to store a password that has no seal, and the new verdict."""
        yield SignInSteps("sign-in-steps")
        yield Guide("guide")
        yield SecretPanel("sign-in-store")
        yield VerdictLine(id="sign-in-verdict")

    def on_mount(self) -> None:
        """Draw the state of the first sign-in, and draw it again when it changes."""
        self._controller.changed.subscribe(self, lambda _: self._draw())
        self.set_interval(DRAW_S, self._draw)
        self._draw()

    def on_resize(self) -> None:
        """Set the class ``-low`` in a terminal with few rows. It hides what would take the space of a password."""
        self.set_class(self.size.height < ROOMY, "-low")

    def on_unmount(self) -> None:
        """Stop the worker. For a user that no run of this session created, stop the checks too.

        The checks continue if the validation is the next screen.
        """
        self.state.leave()
        self._clipboard.forget()
        if isinstance(self.state.validation, UserValidation) and not self._returning:
            self.state.validation.leave()

    @property
    def _clipboard(self) -> SecretClipboard:
        assert isinstance(self.app, Secrecy)
        return self.app.secret_clipboard

    def _draw(self) -> None:
        if not self.query(Guide):
            return  # the app is ending
        state = self.state
        self.query_one(SignInSteps).draw(state, signed_in=self._signed_in, now=self.session.clock.now())
        self.query_one(Guide).draw(page(self.session, state, signed_in=self._signed_in))
        self._draw_storing()
        proven = state.stage is Stage.CONFIRMED and state.over
        self.set_class(proven, "-proven")
        if proven:
            self.query_one(VerdictLine).draw(state.validation)
        keys = (state.stage, state.over, self._signed_in)
        if keys != self._keys:  # composing the footer is the slowest part of drawing
            self._keys = keys
            self.refresh_bindings()

    def _draw_storing(self) -> None:
        state, panel = self.state, self.query_one(SecretPanel)
        storing = state.stage is Stage.STORING and not state.over
        self.set_class(storing, "-storing")
        if storing and self._asked is None and state.permanent is not None:
            account = ("Account", state.setup.account.caller.account_id if state.setup else "")
            question = StoreSecret("Permanent console password", state.permanent, (account,))
            self._asked = Asked(self.session.clock.now(), STEP, 1, question)
            panel.ask(self._asked)
        elif not storing and self._asked is not None:
            self._asked = None
            panel.close()

    @on(SecretPanel.Stored)
    def _stored(self) -> None:
        if self.state.worker is not None:
            self.state.worker.confirm_stored()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable only the actions that are possible now."""
        state = self.state
        signing_in = state.stage is Stage.SIGNING_IN and not state.over
        storing = state.stage is Stage.STORING and not state.over
        simulated = (
            self.session.connection.cloud is not None and self.session.connection.cloud.simulated_sign_in is not None
        )
        known = state.temporary is not None and state.permanent is not None
        offered = {
            "go_on": signing_in and not self._signed_in,
            "look": signing_in and self._signed_in,
            "go_back": signing_in and self._signed_in,
            "try_again": state.over and state.stage is not Stage.CONFIRMED,
            "done": state.over and state.stage is Stage.CONFIRMED,
            "verdict": state.over and state.stage is Stage.CONFIRMED and not state.validation.inspecting,
            "practise": signing_in and simulated and known,
            "stored": storing,
            "reveal": storing or signing_in,
            "copy": storing or signing_in,
        }
        return offered[action] if action in offered else super().check_action(action, parameters)

    def action_help(self) -> None:
        """Open the help of the first sign-in."""
        self.breakglass.explain("First sign-in", ABOUT.format(**(SEALED if self.state.seals else STORED)))

    def next_try(self) -> NextTry | None:
        """Return the retry of ctrl+r, or None: start again after a failure, or ask AWS again after a read failed."""
        state = self.state
        if state.over and state.stage is not Stage.CONFIRMED:
            return NextTry(TRIES_AGAIN, self.action_try_again)
        looking = state.stage is Stage.SIGNING_IN and not state.over and state.unread is not None
        return NextTry(LOOKS_AGAIN, self.action_look) if looking else None

    def action_go_on(self) -> None:
        """Show the permanent password, because AWS now asks the operator for a new password."""
        self._signed_in = True
        self._draw()

    def action_go_back(self) -> None:
        """Show the temporary password again."""
        self._signed_in = False
        self._draw()

    def action_look(self) -> None:
        """Ask AWS now whether the password has changed."""
        if self.state.worker is not None:
            self.state.worker.check_now()

    def action_practise(self) -> None:
        """Sign in at the simulated sign-in page. This is possible in a simulated account only."""
        self._controller.practise(self.state)

    def action_stored(self) -> None:
        """Confirm that the operator has stored the password, which has no seal."""
        self.query_one(SecretPanel).stored()

    def action_reveal(self) -> None:
        """Show or hide the current password. It hides itself after some seconds."""
        if self._asked is not None:
            self.query_one(SecretPanel).reveal()
        else:
            self.query_one(Guide).reveal()

    def action_copy(self) -> None:
        """Copy the current password to the terminal's clipboard for some seconds."""
        if self._asked is not None:
            self.query_one(SecretPanel).copy()
        else:
            self.query_one(Guide).copy()

    def action_try_again(self) -> None:
        """Start the first sign-in again. It continues from what the journal records."""
        self._returning = True
        self._controller.open(self.state.validation)

    def action_leave(self) -> None:
        """Go back to the validation. If the first sign-in has not ended, explain its state and ask for confirmation."""
        if self.state.over:
            self.action_done()
        else:
            state = truth(self.state)
            self.put_over(ConfirmDialog("Leave the first sign-in?", state, yes="Leave", no="Stay"), self._answered)

    def _answered(self, yes: bool | None) -> None:
        if yes:
            self.action_done()

    def action_verdict(self) -> None:
        """Open the dialog with the verdict and its reasons."""
        self.put_over(DocumentDialog("Verdict", verdict_document(self.state.validation.record.readiness)))

    def action_done(self) -> None:
        """Stop the worker, and go back to the validation."""
        self._returning = True
        self.state.leave()
        self._controller.close()
