"""ValidationScreen: phase 4, the verdict and the checks behind it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Protocol

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import OptionList, Static

from breakglass_tui.domain import events as e
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.dialogs.log import LogDialog
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.state.validation import UserValidation, Validation
from breakglass_tui.ui.validation.check_detail import CheckDetail
from breakglass_tui.ui.validation.check_list import CheckList, counts
from breakglass_tui.ui.validation.controller import Checked, ValidationController
from breakglass_tui.ui.validation.export import Exported
from breakglass_tui.ui.validation.export_note import ExportNote
from breakglass_tui.ui.validation.lens import lens
from breakglass_tui.ui.validation.screen_help import ABOUT
from breakglass_tui.ui.validation.sign_in_due import may_sign_in
from breakglass_tui.ui.validation.unknown_devices import question, unknown_devices
from breakglass_tui.ui.validation.verdict import VerdictLine, verdict_document
from breakglass_tui.ui.widgets.next_try import CHECKS_AGAIN, TRIES_AGAIN, NextTry, said
from breakglass_tui.ui.widgets.phase_bar import UserBar
from breakglass_tui.ui.widgets.phase_screen import PhaseScreen
from breakglass_tui.ui.widgets.user_facts import run_facts, user_facts

LEAST_BETWEEN_DRAWINGS_S = 0.1
BY_STANDARD = "Show the results by standard (CIS, FSBP, NIST, PCI DSS)."
SIGN_IN = "Replace the temporary password by a permanent one."


class OpensFirstSignIn(Protocol):
    """What this screen needs of the first sign-in."""

    def open(self, validation: Validation) -> None:
        """Start the first sign-in of the user of ``validation``, and go to its screen."""
        ...

    def is_open(self, validation: Validation) -> bool:
        """Return whether that first sign-in is active and on the screen."""
        ...


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

    def __init__(self, session: Session, checks: ValidationController, first_sign_in: OpensFirstSignIn) -> None:
        super().__init__(session)
        self._checks, self._first_sign_in = checks, first_sign_in
        self.validation = session.user_validation or session.run.validation
        self._pending: Timer | None = None
        self._exporting = False
        self._unwritten: Problem | None = None
        self._unsigned = False
        self._waits = ""
        self._due = may_sign_in(session, self.validation)
        self._doing: dict[str, str] = {}

    def compose_place(self) -> Widget:
        """Return the phase bar, or a line with the name of the user if no run of this session created the user."""
        return (
            UserBar("Validation of", self.validation.user_name, "read-only   esc back")
            if isinstance(self.validation, UserValidation)
            else super().compose_place()
        )

    def compose_body(self) -> Iterable[Widget]:
        """Yield the verdict, the checks with their details, and the line about the report."""
        yield VerdictLine(id="verdict")
        yield Container(
            Vertical(CheckList(self.validation, self._doing), Static(id="counts", markup=False), id="left"),
            CheckDetail(id="detail"),
            id="columns",
        )
        yield ExportNote(id="report")

    def on_mount(self) -> None:
        """Draw the validation, draw it again when it changes, and start the checks if they have not run yet."""
        self._checks.checked.subscribe(self, self._follow)
        self._checks.signer_waits.subscribe(self, self._signer_waits)
        self._checks.exported.subscribe(self, self._exported)
        if not self.validation.record.checks:
            self._checks.start(self.validation)
        self._draw_report()
        self._draw()

    def on_unmount(self) -> None:
        """Stop the checks of a ``UserValidation``, unless its first sign-in is next. Other checks continue."""
        if isinstance(self.validation, UserValidation) and not self._first_sign_in.is_open(self.validation):
            self.validation.leave()

    def _follow(self, checked: Checked) -> None:
        if checked.validation is not self.validation:
            return
        doing = self._doing
        match checked.event:
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
        self.query_one(VerdictLine).draw(self.validation)
        self.query_one(CheckList).redraw()
        self.query_one("#counts", Static).update(counts(self.validation))
        self._draw_report()
        self._draw_detail()
        if may_sign_in(self.session, self.validation) is not self._due:
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
            title, result = self.validation.titles[check], self.validation.record.checks.get(check)
            self.query_one(CheckDetail).draw(title, checks.sign(check), self._doing.get(check, ""), result)

    def action_again(self) -> None:
        """Run the selected check again."""
        self._start(self.query_one(CheckList).check)

    def action_all_again(self) -> None:
        """Run every check again."""
        self._start(None)

    def _start(self, only: str | None) -> None:
        if not self._checks.start(self.validation, only):
            self.breakglass.tell("Checks are running. Try again when they are done.")
        self._draw()

    def action_export(self) -> None:
        """Write the report. If checks are running, say so instead."""
        if self.validation.inspecting:
            self.breakglass.tell("Checks are running. Export the report when they are done.")
        elif not self._exporting:
            self._exporting = True
            self._checks.start_export(self.validation)

    def _signer_waits(self, waits: tuple[Validation, str]) -> None:
        validation, text = waits
        if validation is self.validation:
            self._waits = text
            self._draw_report()

    def _exported(self, result: tuple[Validation, Exported]) -> None:
        validation, exported = result
        if validation is self.validation:
            self._exporting, self._unwritten, self._waits = False, exported.problem, ""
            self._unsigned = exported.problem is not None and bool(exported.paths)
            self._draw_report()

    def _draw_report(self) -> None:
        again, problem = self.next_try(), self.validation.problem or self._unwritten
        for note in self.query(ExportNote):
            written = self.validation.exported if problem is None or self._unsigned else ()
            if self._waits:
                note.draw_wait(self._waits)
            else:
                note.draw(written, problem, said(again.does) if again else "")

    def next_try(self) -> NextTry | None:
        """Return a retry of the checks if they could not start, of a failed export, of the selected check, or None."""
        if self.validation.inspecting or self._exporting:
            return None
        if self.validation.problem is not None:
            return NextTry(CHECKS_AGAIN, self.action_all_again)
        if self._unwritten is not None:
            return NextTry(TRIES_AGAIN, self.action_export)
        results = [self.validation.record.checks.get(checks.check or "") for checks in self.query(CheckList)]
        failed = any(result is not None and result.status is not CheckStatus.PASS for result in results)
        return NextTry(CHECKS_AGAIN, self.action_again) if failed else None

    def action_copy(self) -> None:
        """Copy the path of the report to the terminal's clipboard. Terminals may ignore this."""
        if not self.validation.exported:
            self.breakglass.tell("There is no report yet. e exports it.")
            return
        self.app.copy_to_clipboard(str(self.validation.exported[0]))
        self.breakglass.tell("The path was sent to the terminal's clipboard. It is shown here too.")

    def action_accept(self) -> None:
        """Ask about each unknown MFA device, and accept those that the operator knows.

        If checks are running, say so instead.
        """
        user_id, serials = unknown_devices(self.validation)
        if self.validation.inspecting:
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
            self._checks.accept_devices(self.validation, user_id, known)

    def action_log(self) -> None:
        """Open the dialog with the log."""
        self.put_over(LogDialog(self.validation.log))

    def action_facts(self) -> None:
        """Open the dialog with the ARN, the ids, the sign-in page and the envelopes of the user."""
        if isinstance(self.validation, UserValidation):
            self.put_over(DocumentDialog("The user", user_facts(self.validation)))
        else:
            self.put_over(DocumentDialog("The user", run_facts(self.session.run)))

    def action_verdict(self) -> None:
        """Open the dialog with the verdict and its reasons. If checks are running, say so instead."""
        if self.validation.inspecting:
            self.breakglass.tell("Checks are running. The verdict follows when they are done.")
        else:
            self.put_over(DocumentDialog("Verdict", verdict_document(self.validation.record.readiness)))

    def action_first_sign_in(self) -> None:
        """Start the first sign-in. If checks are running, say so instead."""
        if self.validation.inspecting:
            self.breakglass.tell("Checks are running. Start the first sign-in when they are done.")
        else:
            self._first_sign_in.open(self.validation)

    def action_compliance(self, _beside: bool = False) -> None:
        """Open the dialog with the results by standard. The parameter distinguishes two bindings of one key."""
        self.put_over(DocumentDialog("Compliance", lens(self.validation)))

    def action_back(self) -> None:
        """Go back to the run, or to the phase in which the operator selected this user."""
        self.move(self.validation.origin if isinstance(self.validation, UserValidation) else Phase.CONFIGURATION)
