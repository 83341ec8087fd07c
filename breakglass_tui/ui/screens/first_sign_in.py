"""The first sign-in: from a temporary password to a lasting one that is sealed, and to the proof of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from breakglass_tui.domain.events import Asked
from breakglass_tui.domain.questions import StoreSecret
from breakglass_tui.ui.ceremony import STEP, Ceremony, Stage
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.flow import Phase, Session
from breakglass_tui.ui.next_try import LOOKS_AGAIN, TRIES_AGAIN, NextTry
from breakglass_tui.ui.proof import Visit
from breakglass_tui.ui.screens.phase_screen import PhaseScreen
from breakglass_tui.ui.widgets.configuration.secret_panel import SecretPanel
from breakglass_tui.ui.widgets.first_sign_in.bar import FirstSignInBar
from breakglass_tui.ui.widgets.first_sign_in.guide import Guide
from breakglass_tui.ui.widgets.first_sign_in.pages import page, truth
from breakglass_tui.ui.widgets.first_sign_in.progress import SignInSteps
from breakglass_tui.ui.widgets.validation.verdict import VerdictLine, verdict_document

DRAW_S = 0.5
ROOMY = 20
"""Rows that hold the steps beside a password and what belongs to it."""
ABOUT = """\
What it does
  A temporary password must be changed at the first sign-in, and that is a write to IAM: in an outage of IAM's control \
plane the user could not come in. So the first sign-in is made now. The lasting password is made and sealed first, \
to the same seals as before; then you sign in, and give it to AWS; this screen asks AWS every few seconds whether it \
has it, and proves the user again.

What it will change
  The console password of this user, by your own hands. New envelopes are written before, and those of the temporary \
password are removed when AWS has confirmed. Whatever cuts it off, the password that AWS holds is in an envelope of \
this run, and f goes on from there.

What it cannot know
  Which password you give to AWS. If it is another than the one shown here, the new envelope holds the wrong one: \
change it once more, to the one that is sealed.

Keys
  enter   go on; look at AWS now; at the end, the proof
  ↑ ↓     scroll what belongs to the password
  b       back to the temporary password
  r       reveal the password for 15 s; hidden at once when something happens
  c       copy it, for 30 s
  y       it is stored (twice), where nothing seals it
  v       at the end, the verdict with all its reasons
  p       practise: sign in to the simulated account
  ctrl+r  after a problem: try, or look, again
  esc     leave; nothing is lost
  ctrl+q  quit"""


class FirstSignInScreen(PhaseScreen):
    """The steps on top, what to do now below; AWS is asked in a thread."""

    PHASE = Phase.VALIDATION
    ABOUT = ABOUT
    AUTO_FOCUS = "#guide-scroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "Next", id="sign-in-next"),
        Binding("enter", "look", "Look now", id="sign-in-next"),
        Binding("enter", "try_again", "Try again", id="sign-in-next"),
        Binding("enter", "proof", "See the proof", id="sign-in-next"),
        Binding("p", "practise", "Practise", id="sign-in-practise"),
        Binding("y", "stored", "Stored", id="sign-in-stored"),
        Binding("b", "go_back", "Back", show=False, id="sign-in-back"),
        Binding("r", "reveal", "Reveal", id="sign-in-reveal"),
        Binding("c", "copy", "Copy", show=False, id="sign-in-copy"),
        Binding("v", "verdict", "Verdict", show=False, id="verdict"),
        Binding("escape", "leave", "Leave", id="sign-in-leave"),
    ]

    def __init__(self, session: Session, ceremony: Ceremony) -> None:
        super().__init__(session)
        self.ceremony = ceremony
        self._signed_in = False
        self._asked: Asked | None = None
        self._returning = False
        self._keys: tuple[object, ...] = ()

    def compose_place(self) -> Widget:
        """Whose first sign-in it is."""
        return FirstSignInBar(self.ceremony.user_name)

    def compose_body(self) -> Iterable[Widget]:
        """The steps; the verdict when there is one again; the operator's turn."""
        yield SignInSteps("sign-in-steps")
        yield Guide("guide")
        yield SecretPanel("sign-in-store")
        yield VerdictLine(id="sign-in-verdict")

    def on_mount(self) -> None:
        """Draw what is known, and follow."""
        super().on_mount()
        self.breakglass.sign_in_changed.subscribe(self, lambda _: self._draw())
        self.set_interval(DRAW_S, self._draw)
        self._draw()

    def on_resize(self) -> None:
        """``-low`` leaves out what a password may need the room of."""
        self.set_class(self.size.height < ROOMY, "-low")

    def on_unmount(self) -> None:
        """However the screen goes, nothing works on unseen; checks of a visit end, unless they are what comes next."""
        self.ceremony.leave()
        self.breakglass.forget_copying()
        if isinstance(self.ceremony.proof, Visit) and not self._returning:
            self.ceremony.proof.leave()

    def _draw(self) -> None:
        if not self.query(Guide):
            return  # the app is leaving
        ceremony = self.ceremony
        self.query_one(SignInSteps).draw(ceremony, signed_in=self._signed_in, now=self.session.clock.now())
        self.query_one(Guide).draw(page(self.session, ceremony, signed_in=self._signed_in))
        self._draw_storing()
        proven = ceremony.stage is Stage.CONFIRMED and ceremony.over
        self.set_class(proven, "-proven")
        if proven:
            self.query_one(VerdictLine).draw(ceremony.proof)
        keys = (ceremony.stage, ceremony.over, self._signed_in)
        if keys != self._keys:  # the footer is composed anew, which takes longer than all the rest
            self._keys = keys
            self.refresh_bindings()

    def _draw_storing(self) -> None:
        ceremony, panel = self.ceremony, self.query_one(SecretPanel)
        storing = ceremony.stage is Stage.STORING and not ceremony.over
        self.set_class(storing, "-storing")
        if storing and self._asked is None and ceremony.permanent is not None:
            account = ("Account", ceremony.setup.account.caller.account_id if ceremony.setup else "")
            question = StoreSecret("Lasting console password", ceremony.permanent, (account,))
            self._asked = Asked(self.session.clock.now(), STEP, 1, question)
            panel.ask(self._asked)
        elif not storing and self._asked is not None:
            self._asked = None
            panel.close()

    @on(SecretPanel.Stored)
    def _stored(self) -> None:
        if self.ceremony.work is not None:
            self.ceremony.work.stored()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what makes sense now is offered."""
        ceremony = self.ceremony
        signing_in = ceremony.stage is Stage.SIGNING_IN and not ceremony.over
        storing = ceremony.stage is Stage.STORING and not ceremony.over
        simulated = self.session.cloud is not None and self.session.cloud.practice is not None
        known = ceremony.temporary is not None and ceremony.permanent is not None
        offered = {
            "go_on": signing_in and not self._signed_in,
            "look": signing_in and self._signed_in,
            "go_back": signing_in and self._signed_in,
            "try_again": ceremony.over and ceremony.stage is not Stage.CONFIRMED,
            "proof": ceremony.over and ceremony.stage is Stage.CONFIRMED,
            "verdict": ceremony.over and ceremony.stage is Stage.CONFIRMED and not ceremony.proof.inspecting,
            "practise": signing_in and simulated and known,
            "stored": storing,
            "reveal": storing or signing_in,
            "copy": storing or signing_in,
        }
        return offered[action] if action in offered else super().check_action(action, parameters)

    def action_help(self) -> None:
        """Explain the first sign-in, not the phase that it stands in."""
        self.breakglass.explain("First sign-in", self.ABOUT)

    def next_try(self) -> NextTry | None:
        """What did not get to its end begins once more; AWS is looked at again."""
        ceremony = self.ceremony
        if ceremony.over and ceremony.stage is not Stage.CONFIRMED:
            return NextTry(TRIES_AGAIN, self.action_try_again)
        looking = ceremony.stage is Stage.SIGNING_IN and not ceremony.over and ceremony.unread is not None
        return NextTry(LOOKS_AGAIN, self.action_look) if looking else None

    def action_go_on(self) -> None:
        """AWS has let the operator in, and asks for a new password."""
        self._signed_in = True
        self._draw()

    def action_go_back(self) -> None:
        """The temporary password is needed once more."""
        self._signed_in = False
        self._draw()

    def action_look(self) -> None:
        """Ask AWS at once."""
        if self.ceremony.work is not None:
            self.ceremony.work.look()

    def action_practise(self) -> None:
        """Sign in to the simulated account."""
        self.breakglass.practise_sign_in(self.ceremony)

    def action_stored(self) -> None:
        """The operator has stored what nothing seals."""
        self.query_one(SecretPanel).stored()

    def action_reveal(self) -> None:
        """Show the password of the page for a short time, or hide it."""
        if self._asked is not None:
            self.query_one(SecretPanel).reveal()
        else:
            self.query_one(Guide).reveal()

    def action_copy(self) -> None:
        """Copy the password of the page for a short time."""
        if self._asked is not None:
            self.query_one(SecretPanel).copy()
        else:
            self.query_one(Guide).copy()

    def action_try_again(self) -> None:
        """Begin once more, from where it stands."""
        self._returning = True
        self.breakglass.open_first_sign_in(self.ceremony.proof)

    def action_leave(self) -> None:
        """Back to the proof; what was begun and has not ended is told first."""
        if self.ceremony.over:
            self.action_proof()
        else:
            told = truth(self.ceremony)
            self.put_over(ConfirmDialog("Leave the first sign-in?", told), self._answered)

    def _answered(self, yes: bool | None) -> None:
        if yes:
            self.action_proof()

    def action_verdict(self) -> None:
        """Open the verdict with all its reasons."""
        self.put_over(DocumentDialog("Verdict", verdict_document(self.ceremony.proof.record.readiness)))

    def action_proof(self) -> None:
        """Back to the validation."""
        self._returning = True
        self.ceremony.leave()
        self.breakglass.close_first_sign_in()
