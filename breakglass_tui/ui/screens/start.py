"""The start: whose account this is, what is unfinished, whether somebody is ready, and what to do next.

The first paint is a few lines of text; the lists are loaded and mounted after it, and fill in as more is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from breakglass_tui.ui.flow import Phase
from breakglass_tui.ui.next_try import ASKS_AGAIN, READS_AGAIN, NextTry
from breakglass_tui.ui.screens.phase_screen import PhaseScreen
from breakglass_tui.ui.widgets.start.actions import ACTIONS, action_row

if TYPE_CHECKING:
    from breakglass_tui.ui.widgets.start.start_body import StartBody

HEADLINE = " Emergency access to AWS, proven before you need it."
ABOUT = """\
What it does
  Says whose account this is, what is unfinished, and whether somebody is ready; and leads on.

What it will change
  Nothing: the account is only read.

Keys
  n            a new emergency user: choose, review, create, prove
  v            hold any user against AWS, whoever made it; read-only
  o            say of a sealed file what opens it, and how
  r            the unfinished runs
  enter        what the row says
  ↑ ↓ j k g G  through the rows, from one list on to the next
  f4           from any other screen back to here
  ctrl+r       after a problem: ask AWS again, or read the lists again
  ctrl+p       all commands
  ctrl+q       quit

Unfinished
  Runs of this machine that were cut off, or stopped with something left in AWS. Each shows what AWS holds of its \
steps now, and can be resumed, undone, or left as it is.

Emergency users
  Users below the usual path, and those that finished runs of this machine made. The verdict is that of the \
last validation on this machine, and says when that was; READY counts as old after 90 days. AWS keeps no verdicts: who \
was proven elsewhere is told as not proven yet."""


class StartScreen(PhaseScreen):
    """Three ways on, and two lists that say where one stands."""

    PHASE = Phase.START
    ABOUT = ABOUT
    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="back", show=False, system=True),
        Binding("enter", "open", "Open the row", id="open", show=False),
        Binding("n", "new", "New", id="new"),
        Binding("v,f3", "visit", "Validate", id="visit", key_display="v"),
        Binding("o", "envelope", "Open", id="envelope"),
        Binding("r", "unfinished", "Unfinished", id="unfinished", show=False),
    ]
    _body: StartBody | None = None
    _offered = False

    def compose_place(self) -> Widget:
        """No phase has begun: the line says what all of them are for."""
        return Static(HEADLINE, id="phases", markup=False)

    def compose_body(self) -> Iterable[Widget]:
        """Text that stands where the list will, so that the first paint waits for nothing."""
        rows = [Content.assemble("  ", action_row(action)) for action in ACTIONS]
        yield Static(Content("\n").join([Content(""), *rows]), id="opening", markup=False)

    def on_mount(self) -> None:
        """The lists come once this is on the screen."""
        self.call_after_refresh(self._open)

    async def _open(self) -> None:
        from breakglass_tui.ui.widgets.start.start_body import StartBody

        self.breakglass.load_styles()
        body, place = StartBody(self.session), self.query_one("#body")
        if place.is_attached:
            await place.mount(body)
        if not body.query("#users"):
            return  # the app was told to end before there were lists
        await self.query_one("#opening").remove()
        self._body = body
        self.breakglass.account_changed.subscribe(self, lambda _: self._draw())
        self.breakglass.past_changed.subscribe(self, lambda _: self._draw())
        if self.focused is None:
            body.actions.focus()
        self._draw()
        self.breakglass.refresh_start()

    def _draw(self) -> None:
        body = self._body
        if body is None or not body.query("#users"):
            return  # the app is leaving
        body.draw()
        self._draw_trouble(body)
        if not self._offered and self.session.past is not None:
            self._offered = True
            self._offer(body)

    def _offer(self, body: StartBody) -> None:
        """What was left unfinished comes first, unless the operator is somewhere already."""
        actions, runs = body.actions, body.runs
        # A focus that was asked for a moment ago is not there yet.
        if runs.row_count and self.is_active and self.focused in (None, actions) and not actions.highlighted:
            runs.focus()

    def _draw_trouble(self, body: StartBody) -> None:
        """The problem in place of the lists, and the lists again once it is gone."""
        from breakglass_tui.ui.widgets.assessment.problem_panel import ProblemPanel

        trouble = self.session.trouble
        body.query_one("#known").display = trouble is None
        had_panel = bool(self.query(ProblemPanel))
        self.query(ProblemPanel).remove()
        if trouble is not None:
            body.mount(ProblemPanel(trouble))
        elif had_panel:
            body.actions.focus()

    def on_problem_panel_retry(self) -> None:
        """The panel's button does what ctrl+r does."""
        self.action_retry()

    def next_try(self) -> NextTry | None:
        """AWS is asked again, and what stands on this machine is read again."""
        if self.session.trouble is not None:
            return NextTry(ASKS_AGAIN, self.breakglass.reach_again)
        past, users = self.session.past, self.session.account.users if self.session.account else None
        missing = (past is not None and past.problem is not None) or (users is not None and users.problem is not None)
        return NextTry(READS_AGAIN, self.breakglass.reach_again) if missing else None

    # Going on

    async def on_option_list_option_selected(self) -> None:
        """A click does what enter does."""
        await self.action_open()

    async def action_open(self) -> None:
        """What the row under the cursor says."""
        from breakglass_tui.ui.widgets.start.action_list import ActionList
        from breakglass_tui.ui.widgets.start.run_list import RunList
        from breakglass_tui.ui.widgets.start.user_list import UserList

        match self.focused:
            case ActionList(chosen=chosen):
                await self.run_action(chosen.action)
            case RunList(chosen=run_id):
                self.action_unfinished(run_id)
            case UserList(chosen=name) if self.is_active:
                self.breakglass.validate_user(name)

    def action_new(self) -> None:
        """On to the assessment, whether the account is read or not."""
        if self.is_active:
            self.breakglass.begin_new()

    def action_visit(self) -> None:
        """Pick any user of the account, and hold it against AWS."""
        if self.is_active:
            self.breakglass.show_users()

    def action_envelope(self) -> None:
        """Look at an envelope from outside."""
        if self.is_active:
            self.breakglass.open_envelope()

    def action_unfinished(self, run_id: str = "") -> None:
        """The unfinished runs, beginning with the one of that id, else with the one under the cursor."""
        if self.is_active and self._body is not None:
            self.breakglass.show_unfinished(run_id or self._body.runs.chosen)

    def action_back(self) -> None:
        """There is nothing before the start, and nothing is lost by asking."""
        self.breakglass.tell("This is the start. ctrl+q quits.")
