"""StartScreen: the first screen, with the actions, the unfinished runs and the emergency users.

The first paint is a few lines of text. The lists are loaded and mounted after that.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from breakglass_tui.ui.assessment.account import AccountController
from breakglass_tui.ui.start.actions import ACTIONS, action_row
from breakglass_tui.ui.start.envelope_controller import EnvelopeController
from breakglass_tui.ui.start.history import HistoryController
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.validation.users import UserController
from breakglass_tui.ui.widgets.next_try import ASKS_AGAIN, READS_AGAIN, NextTry
from breakglass_tui.ui.widgets.phase_screen import PhaseScreen

if TYPE_CHECKING:
    from breakglass_tui.ui.start.start_body import StartBody

HEADLINE = " Emergency access to AWS, tested before you need it."
ABOUT = """\
What it does
  Shows the account, the unfinished runs, and which emergency users are ready. A run creates one user. An envelope is \
an encrypted file with one secret of a user.

What it will change
  Nothing. This screen only reads the account.

Keys
  n            create an emergency user
  v            validate any user of the account (read-only)
  o            show who can open an envelope, and the command that opens it
  r            open the unfinished runs
  enter        open the selected row
  ↑ ↓ j k g G  select a row, also from one list to the next
  f4           return to this screen from any other
  ctrl+r       after a problem: read the account and the lists again
  ctrl+p       all commands
  ctrl+q       quit

Unfinished
  Runs on this machine that were interrupted, stopped or failed, with resources left in AWS. Open one to compare its \
steps with AWS, then resume it, undo it, or leave it.

Emergency users
  Users under the default path, and users created by finished runs on this machine. The verdict is that of the last \
validation on this machine. A READY older than 90 days is shown as a warning. AWS stores no verdicts, so a user that \
was validated on another machine is shown as not validated.

Verdicts
  READY         works, even if IAM's control plane is down
  N STEPS LEFT  works after the steps that the validation lists
  NOT READY     a required check failed
  NOT PROVEN    no check failed, but a required check has no result"""


class StartScreen(PhaseScreen):
    """The start screen: what the operator can do, the unfinished runs, and the emergency users."""

    PHASE = Phase.START
    ABOUT = ABOUT
    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="back", show=False, system=True),
        Binding("enter", "open", "Open row", id="open", show=False, tooltip="Open the selected row."),
        Binding("n", "new", "Create", id="new", tooltip="Create an emergency user."),
        Binding("v,f3", "visit", "Validate", id="visit", key_display="v", tooltip="Validate any user (read-only)."),
        Binding("o", "envelope", "Inspect", id="envelope", tooltip="Show who can open an envelope, and how."),
        Binding("r", "unfinished", "Unfinished", id="unfinished", show=False, tooltip="Open the unfinished runs."),
    ]
    _body: StartBody | None = None
    _offered = False

    def __init__(
        self,
        session: Session,
        accounts: AccountController,
        history: HistoryController,
        users: UserController,
        envelopes: EnvelopeController,
    ) -> None:
        super().__init__(session)
        self._accounts, self._history, self._users, self._envelopes = accounts, history, users, envelopes

    def compose_place(self) -> Widget:
        """Return a line that says what the program is for. It replaces the phase bar, because no phase has started."""
        return Static(HEADLINE, id="phases", markup=False)

    def compose_body(self) -> Iterable[Widget]:
        """Yield the actions as text. The lists follow after the first paint."""
        rows = [Content.assemble("  ", action_row(action)) for action in ACTIONS]
        yield Static(Content("\n").join([Content(""), *rows]), id="opening", markup=False)

    def on_mount(self) -> None:
        """Load the lists after the first paint."""
        self.call_after_refresh(self._open)

    async def _open(self) -> None:
        from breakglass_tui.ui.start.start_body import StartBody

        self.breakglass.load_styles()
        body, place = StartBody(self.session), self.query_one("#body")
        if place.is_attached:
            await place.mount(body)
        if not body.query("#users"):
            return  # the app ends before there are lists
        await self.query_one("#opening").remove()
        self._body = body
        self.breakglass.account_changed.subscribe(self, lambda _: self._draw())
        self._history.changed.subscribe(self, lambda _: self._draw())
        if self.focused is None:
            body.actions.focus()
        self._draw()
        self._read_lists()

    def _read_lists(self) -> None:
        """Read the runs, verdicts and users again. Before the caller is known, do nothing."""
        if self.session.connection.caller is not None:
            self._history.read()
            self._accounts.read_users()

    def _draw(self) -> None:
        body = self._body
        if body is None or not body.query("#users"):
            return  # the app is ending
        body.draw()
        self._draw_trouble(body)
        if not self._offered and self.session.journals.history is not None:
            self._offered = True
            self._offer(body)

    def _offer(self, body: StartBody) -> None:
        """Focus the unfinished runs if there are some and the operator has not moved the focus yet."""
        actions, runs = body.actions, body.runs
        # A focus that was requested a moment ago may not be set yet, so no focus counts as one on the actions.
        if runs.row_count and self.is_active and self.focused in (None, actions) and not actions.highlighted:
            runs.focus()

    def _draw_trouble(self, body: StartBody) -> None:
        """Show the problem in place of the lists while there is one, else the lists."""
        from breakglass_tui.ui.assessment.problem_panel import ProblemPanel

        trouble = self.session.connection.trouble
        body.query_one("#known").display = trouble is None
        had_panel = bool(self.query(ProblemPanel))
        self.query(ProblemPanel).remove()
        if trouble is not None:
            body.mount(ProblemPanel(trouble))
        elif had_panel:
            body.actions.focus()

    def on_problem_panel_retry(self) -> None:
        """Read the account again. The button of the problem's panel does the same as ctrl+r."""
        self.action_retry()

    def next_try(self) -> NextTry | None:
        """Return the retry that reads everything again, or None.

        It is None if the account, its users and the journals of this machine could be read.
        """
        if self.session.connection.trouble is not None:
            return NextTry(ASKS_AGAIN, self._accounts.reach_again)
        history, users = (
            self.session.journals.history,
            self.session.connection.account.users if self.session.connection.account else None,
        )
        missing = (history is not None and history.problem is not None) or (
            users is not None and users.problem is not None
        )
        return NextTry(READS_AGAIN, self._accounts.reach_again) if missing else None

    # Actions

    async def on_option_list_option_selected(self) -> None:
        """Open the clicked row, as enter does."""
        await self.action_open()

    async def action_open(self) -> None:
        """Open the selected row: start its action, show the unfinished run, or validate the user."""
        from breakglass_tui.ui.start.action_list import ActionList
        from breakglass_tui.ui.start.run_list import RunList
        from breakglass_tui.ui.start.user_list import UserList

        match self.focused:
            case ActionList(chosen=chosen):
                await self.run_action(chosen.action)
            case RunList(chosen=run_id):
                self.action_unfinished(run_id)
            case UserList(chosen=name) if self.is_active:
                self._users.validate(name)

    def action_new(self) -> None:
        """Go to the Assessment to create a user. The account may still be being read."""
        if self.is_active:
            self._history.begin_new()

    def action_visit(self) -> None:
        """Open the list of all users of the account, to validate one of them."""
        if self.is_active:
            self._users.show()

    def action_envelope(self) -> None:
        """Ask for the path of an envelope, and show what opens it."""
        if self.is_active:
            self._envelopes.ask()

    def action_unfinished(self, run_id: str = "") -> None:
        """Open the list of unfinished runs at the run with ``run_id``, or at the selected one if that is empty."""
        if self.is_active and self._body is not None:
            self._history.show_unfinished(run_id or self._body.runs.chosen)

    def action_back(self) -> None:
        """Say how to quit, because there is no screen before the start."""
        self.breakglass.tell("This is the start. ctrl+q quits.")
