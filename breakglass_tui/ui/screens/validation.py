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
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.ui import messages as m
from breakglass_tui.ui.ceremony import may_sign_in
from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.dialogs.log import LogDialog
from breakglass_tui.ui.flow import Phase, Session
from breakglass_tui.ui.next_try import CHECKS_AGAIN, TRIES_AGAIN, NextTry, said
from breakglass_tui.ui.proof import Visit
from breakglass_tui.ui.screens.phase_screen import PhaseScreen
from breakglass_tui.ui.widgets.chrome.visit_bar import VisitBar
from breakglass_tui.ui.widgets.validation.check_detail import CheckDetail
from breakglass_tui.ui.widgets.validation.check_list import CheckList, counts
from breakglass_tui.ui.widgets.validation.export_note import ExportNote
from breakglass_tui.ui.widgets.validation.lens import lens
from breakglass_tui.ui.widgets.validation.run_facts import run_facts, visit_facts
from breakglass_tui.ui.widgets.validation.verdict import VerdictLine, verdict_document

LEAST_BETWEEN_DRAWINGS_S = 0.1
ABOUT = """\
What it does
  Holds the user against AWS: each line is one claim, with what was expected, what was found, the calls that \
say so, and their request ids. The verdict on top says whether the user would work in an outage of IAM's control \
plane, with every reason and the step that clears it.
  ✓ PASS  as expected
  ⚠ WARN  works, but not as it should
  ✗ FAIL  would not work, or is not what was asked for
  – SKIP  could not be read; never counted as a pass

What it will change
  Nothing in AWS: checks only read, and use a key that this run has made to ask who it is. Export writes the report \
beside the envelopes; that of another user into a directory of its own. The first sign-in says what it changes.

Keys
  ↑ ↓ j k g G  choose a check; its proof stands beside it
  tab          to the proof and back; the same keys scroll it
  v            the verdict with all its reasons, and the step that clears each
  f            the first sign-in, when it is due: set the lasting password, seal it, prove it
  c            compliance: the same results by standard (CIS, FSBP, NIST, PCI DSS)
  r            run the chosen check again
  R            run all checks again
  e            export the report
  ctrl+r       after a problem: check, or write the report, again
  y            copy the path of the report
  i            what was made: ARN, ids, sign-in page, envelopes
  l            the log: every call on a line
  esc          back to where you came from; nothing changes
  f4           the start
  ctrl+p       commands, among them: validate another user
  ctrl+q       quit"""


class ValidationScreen(PhaseScreen):
    """Verdict, checks, the proof of the chosen one, and the report; of the run's user, or of one that is visited."""

    PHASE = Phase.VALIDATION
    ABOUT = ABOUT
    AUTO_FOCUS = "#checks"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "again", "Re-run", id="rerun"),
        Binding("R", "all_again", "Re-run all", show=False, id="rerun-all"),
        Binding("f", "first_sign_in", "First sign-in", id="first-sign-in"),
        Binding("e", "export", "Export", id="export"),
        Binding("c", "compliance", "Compliance", id="compliance"),
        # While the key before is offered, six stand in the footer without it.
        Binding("c", "compliance(True)", "Compliance", show=False, id="compliance"),
        Binding("v", "verdict", "Verdict", show=False, id="verdict"),
        Binding("i", "facts", "What was made", show=False, id="facts"),
        Binding("y", "copy", "Copy path", show=False, id="copy-path"),
        Binding("l", "log", "Log", show=False, id="log"),
        Binding("escape", "back", "Back", show=False, id="back"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.proof = session.visit or session.proof
        self._pending: Timer | None = None
        self._exporting = False
        self._unwritten: Problem | None = None
        self._due = may_sign_in(session, self.proof)
        self._doing: dict[str, str] = {}

    def compose_place(self) -> Widget:
        """A user that is visited went through no phases."""
        return VisitBar(self.proof.user_name) if isinstance(self.proof, Visit) else super().compose_place()

    def compose_body(self) -> Iterable[Widget]:
        """The verdict over the checks and the proof; the report's place below."""
        yield VerdictLine(id="verdict")
        yield Container(
            Vertical(CheckList(self.proof, self._doing), Static(id="counts", markup=False), id="left"),
            CheckDetail(id="detail"),
            id="columns",
        )
        yield ExportNote(id="report")

    def on_mount(self) -> None:
        """Draw what is known, follow the checks, and start them if they never ran."""
        super().on_mount()
        self.breakglass.check_events.subscribe(self, self._took)
        self.breakglass.exported.subscribe(self, self._exported)
        if not self.proof.record.checks:
            self.breakglass.start_checks(self.proof)
        self._draw_report()
        self._draw()

    def on_unmount(self) -> None:
        """A visit ends with the screen, unless its user is being signed in; the checks of a run's user go on."""
        if isinstance(self.proof, Visit) and not self.breakglass.signs_in(self.proof):
            self.proof.leave()

    def _took(self, message: m.Inspected) -> None:
        if message.proof is not self.proof:
            return
        doing = self._doing
        match message.event:
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
        self.query_one(VerdictLine).draw(self.proof)
        self.query_one(CheckList).redraw()
        self.query_one("#counts", Static).update(counts(self.proof))
        self._draw_report()
        self._draw_detail()
        if may_sign_in(self.session, self.proof) is not self._due:
            self._due = not self._due
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The first sign-in is offered when it is due."""
        if action == "first_sign_in":
            return self._due
        if action == "compliance":
            return bool(parameters) is self._due
        return super().check_action(action, parameters)

    @on(OptionList.OptionHighlighted, "#checks")
    def _draw_detail(self) -> None:
        checks = self.query_one(CheckList)
        check = checks.check
        if check is not None:
            title, result = self.proof.titles[check], self.proof.record.checks.get(check)
            self.query_one(CheckDetail).draw(title, checks.sign(check), self._doing.get(check, ""), result)

    def action_again(self) -> None:
        """Run the chosen check again."""
        self._start(self.query_one(CheckList).check)

    def action_all_again(self) -> None:
        """Run every check again."""
        self._start(None)

    def _start(self, only: str | None) -> None:
        if not self.breakglass.start_checks(self.proof, only):
            self.breakglass.tell("Checks are running; wait until they are in.")
        self._draw()

    def action_export(self) -> None:
        """Write the report; not while checks are still coming in."""
        if self.proof.inspecting:
            self.breakglass.tell("The report is written when all checks are in.")
        elif not self._exporting:
            self._exporting = True
            self.breakglass.start_export(self.proof)

    def _exported(self, message: m.Exported) -> None:
        if message.proof is self.proof:
            self._exporting, self._unwritten = False, message.problem
            self._draw_report()

    def _draw_report(self) -> None:
        again, problem = self.next_try(), self.proof.problem or self._unwritten
        for note in self.query(ExportNote):
            note.draw(self.proof.exported, problem, said(again.does) if again else "")

    def next_try(self) -> NextTry | None:
        """Checks that could not begin begin again, a report is written again, the chosen check is run again."""
        if self.proof.inspecting or self._exporting:
            return None
        if self.proof.problem is not None:
            return NextTry(CHECKS_AGAIN, self.action_all_again)
        if self._unwritten is not None:
            return NextTry(TRIES_AGAIN, self.action_export)
        results = [self.proof.record.checks.get(checks.check or "") for checks in self.query(CheckList)]
        failed = any(result is not None and result.status is not CheckStatus.PASS for result in results)
        return NextTry(CHECKS_AGAIN, self.action_again) if failed else None

    def action_copy(self) -> None:
        """Send the path of the report to the terminal's clipboard, which may not listen."""
        if not self.proof.exported:
            self.breakglass.tell("There is no report yet: e writes it.")
            return
        self.app.copy_to_clipboard(str(self.proof.exported[0]))
        self.breakglass.tell("Sent to the terminal's clipboard; the path also stands here.")

    def action_log(self) -> None:
        """Open what has happened, line by line."""
        self.put_over(LogDialog(self.proof.log))

    def action_facts(self) -> None:
        """Open what the run made, or what is known of a user that was there before."""
        if isinstance(self.proof, Visit):
            self.put_over(DocumentDialog("The user", visit_facts(self.proof)))
        else:
            self.put_over(DocumentDialog("What was made", run_facts(self.session)))

    def action_verdict(self) -> None:
        """Open the verdict with everything that stands behind it."""
        if self.proof.inspecting:
            self.breakglass.tell("There is a verdict when all checks are in.")
        else:
            self.put_over(DocumentDialog("Verdict", verdict_document(self.proof.record.readiness)))

    def action_first_sign_in(self) -> None:
        """Lead through the first sign-in, once it is known how the user stands."""
        if self.proof.inspecting:
            self.breakglass.tell("The first sign-in begins when all checks are in.")
        else:
            self.breakglass.open_first_sign_in(self.proof)

    def action_compliance(self, _beside: bool = False) -> None:
        """Open the same results by standard."""
        self.put_over(DocumentDialog("Compliance", lens(self.proof)))

    def action_back(self) -> None:
        """To the steps of the run; from a visit to where it began."""
        self.move(self.proof.origin if isinstance(self.proof, Visit) else Phase.CONFIGURATION)
