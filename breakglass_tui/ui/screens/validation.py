"""ValidationScreen: phase 4, the verdict and the checks behind it."""

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
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.dialogs.log import LogDialog
from breakglass_tui.ui.flow import Phase, Session
from breakglass_tui.ui.next_try import CHECKS_AGAIN, TRIES_AGAIN, NextTry, said
from breakglass_tui.ui.proof import Visit
from breakglass_tui.ui.screens.phase_screen import PhaseScreen
from breakglass_tui.ui.screens.validation_help import ABOUT
from breakglass_tui.ui.unknown_devices import question, unknown_devices
from breakglass_tui.ui.widgets.chrome.visit_bar import VisitBar
from breakglass_tui.ui.widgets.validation.check_detail import CheckDetail
from breakglass_tui.ui.widgets.validation.check_list import CheckList, counts
from breakglass_tui.ui.widgets.validation.export_note import ExportNote
from breakglass_tui.ui.widgets.validation.lens import lens
from breakglass_tui.ui.widgets.validation.run_facts import run_facts, visit_facts
from breakglass_tui.ui.widgets.validation.verdict import VerdictLine, verdict_document

LEAST_BETWEEN_DRAWINGS_S = 0.1
BY_STANDARD = "Show the results by standard (CIS, FSBP, NIST, PCI DSS)."
SIGN_IN = "Replace the temporary password by a permanent one."


class ValidationScreen(PhaseScreen):
    """The screen with the verdict, the checks, the details of the selected check, and the report.

    It shows the validation of the user that the run created, or of any other user that the operator selected.
    """

    PHASE = Phase.VALIDATION
    ABOUT = ABOUT
    AUTO_FOCUS = "#checks"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "again", "Re-run", id="rerun", tooltip="Run the selected check again."),
        Binding("R", "all_again", "Re-run all", show=False, id="rerun-all", tooltip="Run all checks again."),
        Binding("f", "first_sign_in", "Sign in", id="first-sign-in", tooltip=SIGN_IN),
        Binding("e", "export", "Export", id="export", tooltip="Write the report."),
        Binding("c", "compliance", "Compliance", id="compliance", tooltip=BY_STANDARD),
        # While the first sign-in is due, six other keys fill the footer.
        Binding("c", "compliance(True)", "Compliance", show=False, id="compliance", tooltip=BY_STANDARD),
        Binding("v", "verdict", "Verdict", show=False, id="verdict", tooltip="Show the verdict with its reasons."),
        Binding("i", "facts", "Details", show=False, id="facts", tooltip="Show ARN, ids, sign-in page and envelopes."),
        Binding("y", "copy", "Copy path", show=False, id="copy-path", tooltip="Copy the path of the report."),
        Binding("a", "accept", "Accept", show=False, id="accept-device", tooltip="Accept an unknown MFA device."),
        Binding("l", "log", "Log", show=False, id="log", tooltip="Show the log: one line for every call."),
        Binding("escape", "back", "Back", show=False, id="back", tooltip="Go back to the previous screen."),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.proof = session.visit or session.proof
        self._pending: Timer | None = None
        self._exporting = False
        self._unwritten: Problem | None = None
        self._unsigned = False
        self._waits = ""
        self._due = may_sign_in(session, self.proof)
        self._doing: dict[str, str] = {}

    def compose_place(self) -> Widget:
        """Return the phase bar, or a line with the name of the user if no run of this session created the user."""
        return VisitBar(self.proof.user_name) if isinstance(self.proof, Visit) else super().compose_place()

    def compose_body(self) -> Iterable[Widget]:
        """Yield the verdict, the checks with their details, and the line about the report."""
        yield VerdictLine(id="verdict")
        yield Container(
            Vertical(CheckList(self.proof, self._doing), Static(id="counts", markup=False), id="left"),
            CheckDetail(id="detail"),
            id="columns",
        )
        yield ExportNote(id="report")

    def on_mount(self) -> None:
        """Draw the validation, draw it again when it changes, and start the checks if they have not run yet."""
        super().on_mount()
        self.breakglass.check_events.subscribe(self, self._took)
        self.breakglass.signer_waits.subscribe(self, self._signer_waits)
        self.breakglass.exported.subscribe(self, self._exported)
        if not self.proof.record.checks:
            self.breakglass.start_checks(self.proof)
        self._draw_report()
        self._draw()

    def on_unmount(self) -> None:
        """Stop the checks of a ``Visit``, unless its first sign-in is the next screen. Other checks continue."""
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
            return  # the app is ending
        self.query_one(VerdictLine).draw(self.proof)
        self.query_one(CheckList).redraw()
        self.query_one("#counts", Static).update(counts(self.proof))
        self._draw_report()
        self._draw_detail()
        if may_sign_in(self.session, self.proof) is not self._due:
            self._due = not self._due
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable the first sign-in if it is due, and one of the two bindings for the compliance list."""
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
        """Run the selected check again."""
        self._start(self.query_one(CheckList).check)

    def action_all_again(self) -> None:
        """Run every check again."""
        self._start(None)

    def _start(self, only: str | None) -> None:
        if not self.breakglass.start_checks(self.proof, only):
            self.breakglass.tell("Checks are running. Try again when they are done.")
        self._draw()

    def action_export(self) -> None:
        """Write the report. If checks are running, say so instead."""
        if self.proof.inspecting:
            self.breakglass.tell("Checks are running. Export the report when they are done.")
        elif not self._exporting:
            self._exporting = True
            self.breakglass.start_export(self.proof)

    def _signer_waits(self, message: m.SignerWaits) -> None:
        if message.proof is self.proof:
            self._waits = message.text
            self._draw_report()

    def _exported(self, message: m.Exported) -> None:
        if message.proof is self.proof:
            self._exporting, self._unwritten, self._waits = False, message.problem, ""
            self._unsigned = message.problem is not None and bool(message.paths)
            self._draw_report()

    def _draw_report(self) -> None:
        again, problem = self.next_try(), self.proof.problem or self._unwritten
        for note in self.query(ExportNote):
            written = self.proof.exported if problem is None or self._unsigned else ()
            if self._waits:
                note.draw_wait(self._waits)
            else:
                note.draw(written, problem, said(again.does) if again else "")

    def next_try(self) -> NextTry | None:
        """Return a retry of the checks if they could not start, of a failed export, of the selected check, or None."""
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
        """Copy the path of the report to the terminal's clipboard. Terminals may ignore this."""
        if not self.proof.exported:
            self.breakglass.tell("There is no report yet. e exports it.")
            return
        self.app.copy_to_clipboard(str(self.proof.exported[0]))
        self.breakglass.tell("The path was sent to the terminal's clipboard. It is shown here too.")

    def action_accept(self) -> None:
        """Ask about each unknown MFA device, and accept those that the operator knows.

        If checks are running, say so instead.
        """
        user_id, serials = unknown_devices(self.proof)
        if self.proof.inspecting:
            self.breakglass.tell("Checks are running. Accept an MFA device when they are done.")
        elif serials:
            self._accept(user_id, serials, ())
        else:
            self.breakglass.tell("There is no unknown MFA device to accept.")

    def _accept(self, user_id: str, serials: tuple[str, ...], answers: tuple[bool, ...]) -> None:
        if len(answers) < len(serials):
            number = len(answers)
            dialog = ConfirmDialog(*question(serials[number], number + 1, len(serials)), yes="Accept", no="Skip")
            self.put_over(dialog, lambda yes: self._accept(user_id, serials, (*answers, bool(yes))))
        elif any(answers):
            known = tuple(serial for serial, yes in zip(serials, answers, strict=True) if yes)
            self.breakglass.accept_devices(self.proof, user_id, known)

    def action_log(self) -> None:
        """Open the dialog with the log."""
        self.put_over(LogDialog(self.proof.log))

    def action_facts(self) -> None:
        """Open the dialog with the ARN, the ids, the sign-in page and the envelopes of the user."""
        if isinstance(self.proof, Visit):
            self.put_over(DocumentDialog("The user", visit_facts(self.proof)))
        else:
            self.put_over(DocumentDialog("The user", run_facts(self.session)))

    def action_verdict(self) -> None:
        """Open the dialog with the verdict and its reasons. If checks are running, say so instead."""
        if self.proof.inspecting:
            self.breakglass.tell("Checks are running. The verdict follows when they are done.")
        else:
            self.put_over(DocumentDialog("Verdict", verdict_document(self.proof.record.readiness)))

    def action_first_sign_in(self) -> None:
        """Start the first sign-in. If checks are running, say so instead."""
        if self.proof.inspecting:
            self.breakglass.tell("Checks are running. Start the first sign-in when they are done.")
        else:
            self.breakglass.open_first_sign_in(self.proof)

    def action_compliance(self, _beside: bool = False) -> None:
        """Open the dialog with the results by standard. The parameter distinguishes two bindings of one key."""
        self.put_over(DocumentDialog("Compliance", lens(self.proof)))

    def action_back(self) -> None:
        """Go back to the run, or to the phase in which the operator selected this user."""
        self.move(self.proof.origin if isinstance(self.proof, Visit) else Phase.CONFIGURATION)
