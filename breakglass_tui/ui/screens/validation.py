"""Phase 4, Validation: the verdict first, then the proof."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import OptionList, Static

from breakglass_tui.domain import events as e
from breakglass_tui.domain.problems import Problem
from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.flow import Phase, Session
from breakglass_tui.ui.screens.phase_screen import PhaseScreen
from breakglass_tui.ui.widgets.validation.check_detail import CheckDetail
from breakglass_tui.ui.widgets.validation.check_list import CheckList, counts
from breakglass_tui.ui.widgets.validation.export_note import ExportNote
from breakglass_tui.ui.widgets.validation.run_facts import run_facts
from breakglass_tui.ui.widgets.validation.verdict import VerdictLine

LEAST_BETWEEN_DRAWINGS_S = 0.1
ABOUT = """\
What it does
  Holds the new user against AWS: each line is one claim, with what was expected, what was found, the calls that \
say so, and their request ids. The verdict on top says whether the user would work in an outage of IAM's control plane.
  ✓ PASS  as expected
  ⚠ WARN  works, but not as it should
  ✗ FAIL  would not work, or is not what was asked for
  – SKIP  could not be read; never counted as a pass

What it will change
  Nothing in AWS: checks only read, and use the new key once to ask who it is. Export writes the report beside the \
envelopes.

Keys
  ↑ ↓ j k g G  choose a check; its proof stands beside it
  tab          to the proof and back; the same keys scroll it
  r            run the chosen check again
  R            run all checks again
  e            export the report
  y            copy the path of the report
  i            what was made: ARN, ids, sign-in page, envelopes
  esc          back to the steps of the run; nothing changes
  ctrl+q       quit"""


class ValidationScreen(PhaseScreen):
    """Verdict, checks, the proof of the chosen one, and the report."""

    PHASE = Phase.VALIDATION
    ABOUT = ABOUT
    AUTO_FOCUS = "#checks"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "again", "Re-run", id="rerun"),
        Binding("R", "all_again", "Re-run all", show=False, id="rerun-all"),
        Binding("e", "export", "Export", id="export"),
        Binding("i", "facts", "What was made", id="facts"),
        Binding("y", "copy", "Copy path", show=False, id="copy-path"),
        Binding("escape", "back", "Back", show=False, id="back"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._pending: Timer | None = None
        self._exporting = False
        self._doing: dict[str, str] = {}

    def compose_body(self) -> Iterable[Widget]:
        """The verdict over the checks and the proof; the report's place below."""
        yield VerdictLine(id="verdict")
        yield Container(
            Vertical(CheckList(self.session, self._doing), Static(id="counts", markup=False), id="left"),
            CheckDetail(id="detail"),
            id="columns",
        )
        yield ExportNote(id="report")

    def on_mount(self) -> None:
        """Draw what is known, follow the checks, and start them if they never ran."""
        super().on_mount()
        self.breakglass.check_events.subscribe(self, self._took)
        self.breakglass.exported.subscribe(self, self._exported)
        if not self.session.record.checks:
            self.breakglass.start_checks()
        self._exported(None)
        self._draw()

    def _took(self, event: e.Event | None) -> None:
        doing = self._doing
        match event:
            case e.CheckStarted(check=check):
                doing[check] = ""
            case e.CallStarted(id=id, operation=operation, attempt=attempt):
                doing[id] = operation if attempt == 1 else f"{operation}, try {attempt}"
            case e.CallDelayed(id=id, operation=operation, reason=reason, delay_s=delay):
                doing[id] = f"{operation}: {reason}, again in {delay:.1f} s"
            case e.CheckFinished(result=result):
                doing.pop(result.id, None)
            case None:
                doing.clear()
            case _:
                return
        if self._pending is None:
            self._pending = self.set_timer(LEAST_BETWEEN_DRAWINGS_S, self._draw)

    def _draw(self) -> None:
        self._pending = None
        if not self.query(CheckDetail):
            return  # the app is leaving
        self.query_one(VerdictLine).draw(self.session)
        self.query_one(CheckList).redraw()
        self.query_one("#counts", Static).update(counts(self.session))
        self._draw_detail()

    @on(OptionList.OptionHighlighted, "#checks")
    def _draw_detail(self) -> None:
        checks = self.query_one(CheckList)
        check = checks.check
        if check is not None:
            title, result = self.session.check_titles[check], self.session.record.checks.get(check)
            self.query_one(CheckDetail).draw(title, checks.sign(check), self._doing.get(check, ""), result)

    def action_again(self) -> None:
        """Run the chosen check again."""
        self._start(self.query_one(CheckList).check)

    def action_all_again(self) -> None:
        """Run every check again."""
        self._start(None)

    def _start(self, only: str | None) -> None:
        if not self.breakglass.start_checks(only):
            self.breakglass.tell("Checks are running; wait until they are in.")
        self._draw()

    def action_export(self) -> None:
        """Write the report; not while checks are still coming in."""
        if self.session.inspecting:
            self.breakglass.tell("The report is written when all checks are in.")
        elif not self._exporting:
            self._exporting = True
            self.breakglass.start_export()

    def _exported(self, problem: Problem | None) -> None:
        self._exporting = False
        for note in self.query(ExportNote):
            note.draw(self.session.exported, problem)

    def action_copy(self) -> None:
        """Send the path of the report to the terminal's clipboard, which may not listen."""
        if not self.session.exported:
            self.breakglass.tell("There is no report yet: e writes it.")
            return
        self.app.copy_to_clipboard(str(self.session.exported[0]))
        self.breakglass.tell("Sent to the terminal's clipboard; the path also stands here.")

    def action_facts(self) -> None:
        """Open what the run made."""
        self.put_over(DocumentDialog("What was made", run_facts(self.session)))
