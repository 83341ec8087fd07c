"""StartBody: the body of the start screen, with the actions, the unfinished runs and the emergency users."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from breakglass_tui.domain.account import AccountList, User
from breakglass_tui.domain.text import show
from breakglass_tui.ui.start.action_list import ActionList
from breakglass_tui.ui.start.listed_users import listed_users, summary
from breakglass_tui.ui.start.run_list import RunList
from breakglass_tui.ui.start.start_list import StartList
from breakglass_tui.ui.start.user_list import UserList
from breakglass_tui.ui.state.run_history import RunHistory
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.widgets.next_try import READS_AGAIN, said

REACHING = "◌ Connecting to the account…"
LONGEST = 30
"""The largest number of characters of a path in a title."""
MOST_USERS = 200
"""The largest number of users shown, because each row takes time to draw."""
READING = "◌ Reading…"
NO_RUN = "None on this machine."
NO_USER = "None yet. Press n to create one."


class SectionTitle(Static):
    """A line with the title of a list at the left, and a note at the right, such as a count."""

    def __init__(self, title: str) -> None:
        super().__init__("", classes="section-title", markup=False)
        self._title, self._note = title, ""

    def show(self, note: str) -> None:
        """Set the note at the right edge."""
        self._note = note
        self.refresh()

    def render(self) -> Content:
        """Return the line. If it is too narrow, the note is cut."""
        room = self.size.width - len(self._title) - 2
        note = Content(self._note).truncate(max(0, room), ellipsis=True)
        gap = " " * max(1, self.size.width - len(self._title) - note.cell_length)
        return Content.assemble(self._title, gap, note.stylize("not bold $secondary"))


class StartSection(Vertical):
    """A part of the start screen: a title, a list, and a note below the list."""

    def __init__(self, title: str, rows: StartList, id: str) -> None:
        super().__init__(id=id)
        self._title, self._rows = title, rows

    def compose(self) -> ComposeResult:
        """Compose the title, the list and the note."""
        yield SectionTitle(self._title)
        yield self._rows
        yield Static("", classes="note", markup=False)

    def show(self, count: str, note: str) -> None:
        """Show ``count`` beside the title, and ``note`` below the list.

        An empty list and an empty note take no space.
        """
        self._rows.display = self._rows.row_count > 0
        self.query_one(SectionTitle).show(count)
        line = self.query_one(".note", Static)
        line.update(note)
        line.display = bool(note)


class StartBody(Vertical):
    """The body of the start screen. While a list is being read, a note says so in its place."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="start")
        self._session = session

    def compose(self) -> ComposeResult:
        """Compose the actions, the unfinished runs and the emergency users."""
        yield ActionList("actions")
        with Vertical(id="known"):
            yield StartSection("Unfinished", RunList("runs"), "unfinished")
            yield StartSection(
                f"Emergency users under {show(self._session.draft.usual_path, LONGEST)}", UserList("users"), "emergency"
            )

    @property
    def actions(self) -> ActionList:
        """The list of actions."""
        return self.query_one(ActionList)

    @property
    def runs(self) -> RunList:
        """The list of unfinished runs."""
        return self.query_one(RunList)

    def draw(self) -> None:
        """Draw the runs and the users that are known now."""
        self._draw_runs(self._session.journals.history)
        self._draw_users(self._session.connection.account.users if self._session.connection.account else None)

    def _draw_runs(self, history: RunHistory | None) -> None:
        runs = history.runs if history else ()
        self.runs.show(runs, self._session.clock.now())
        count = f"{len(runs)} run{'s' if len(runs) > 1 else ''}, r opens" if runs else ""
        self.query_one("#unfinished", StartSection).show(count, self._about_runs(history))

    def _about_runs(self, history: RunHistory | None) -> str:
        if history is None:
            return self._waiting()
        if history.problem is not None:
            return f"✗ {show(str(history.problem))} {said(READS_AGAIN)}"
        if history.elsewhere:
            accounts = ", ".join(dict.fromkeys(history.elsewhere))
            return f"{len(history.elsewhere)} more in other accounts: {accounts}"
        return "" if history.runs else NO_RUN

    def _draw_users(self, users: AccountList[User] | None) -> None:
        if users is None:
            self.query_one("#emergency", StartSection).show("", self._waiting())
            return

        now, known = self._session.clock.now(), listed_users(self._session)
        self.query_one(UserList).show(known[:MOST_USERS], now)
        more = len(known) - MOST_USERS
        note = "" if known else NO_USER
        if more > 0:
            note = f"{more} more user{'s are' if more > 1 else ' is'} not shown. v lists all users."
        if users.problem is not None:
            named = " The users shown are from runs on this machine." if known else ""
            note = f"– Users cannot be listed: {show(users.problem.what)}{named} v asks for a name. {said(READS_AGAIN)}"
        self.query_one("#emergency", StartSection).show(summary(known, now) if known else "", note)

    def _waiting(self) -> str:
        return REACHING if self._session.connection.caller is None else READING
