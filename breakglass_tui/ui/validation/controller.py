"""ValidationController: runs checks, accepts MFA devices, saves verdicts and writes reports, in threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.signal import Signal

from breakglass_tui.domain.events import CheckFinished, Event, StepBrief
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.unexpected_errors import as_problem
from breakglass_tui.ui.shell.session_app import SessionApp
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.state.validation import Validation

if TYPE_CHECKING:
    from breakglass_tui.engine.check_runner import CheckRunner
    from breakglass_tui.engine.verdict_store import SavedVerdict
    from breakglass_tui.ui.validation.export import Exported

ACCEPTS = "The device is not accepted. To try again, press a on the Validation screen."
SAVES = "To try again, press R on the Validation screen."


class Checked(NamedTuple):
    """The checks of ``validation`` emitted ``event``, or have ended if ``event`` is None.

    ``recorded`` is True at the end if the journal of the user has what they proved.
    """

    validation: Validation
    event: Event | None
    recorded: bool = False


class ValidationController:
    """Runs checks and writes reports. Each signal names its validation, so late results are not mixed up.

    ``checked`` is published after each event of checks and after their end, ``exported`` after an export, and
    ``signer_waits`` if the key that signs waits for the operator. ``read_history`` reads the saved verdicts again.
    """

    def __init__(self, app: SessionApp, read_history: Callable[[], object]) -> None:
        self._app, self._read_history = app, read_history
        self.checked: Signal[Checked] = Signal(app, "checked")
        self.exported: Signal[tuple[Validation, Exported]] = Signal(app, "exported")
        self.signer_waits: Signal[tuple[Validation, str]] = Signal(app, "signer-waits")

    def start(self, validation: Validation, only: str | None = None) -> bool:
        """Start all checks of ``validation``, or only the one with the id ``only``.

        Return False if checks of ``validation`` are running. Then nothing is started.
        """
        if validation.inspecting:
            return False
        validation.inspecting, validation.problem = True, None
        self._app.start_thread(lambda: self._check(validation, only), "checks")
        return True

    def _check(self, validation: Validation, only: str | None) -> None:
        from breakglass_tui.engine.check_runner import CheckRunner
        from breakglass_tui.engine.journal import DAMAGED
        from breakglass_tui.ui.validation.subject import subject_of
        from breakglass_tui.ui.validation.user_journals import record_validation

        session, post = self._app.session, self._app.call_later
        problem, results, recorded = None, [], False
        try:
            assert session.connection.cloud is not None
            subject = subject_of(session, validation, self._history_unread)
            checks = [check for check in session.connection.cloud.checks(subject) if only in (None, check.id)]
            runner = CheckRunner(checks, session.clock)
            post(self._started, validation, tuple(StepBrief(check.id, check.title) for check in checks), runner)
            for event in runner.events():
                post(self._checked, validation, event)
                if isinstance(event, CheckFinished):
                    results.append(event.result)
            unrecorded = record_validation(session, validation, subject, results)
            recorded = unrecorded is None
            if unrecorded is not None and unrecorded.code != DAMAGED:  # the checks report a damaged journal
                post(self._verdict_saved, unrecorded)
        except Exception as error:  # noqa: BLE001 - the operator must see every error
            problem = as_problem(error)
        finally:
            post(self._ended, validation, problem, recorded=recorded)

    def _history_unread(self, problem: Problem) -> None:
        """Say that the journal of the user cannot be used. A thread calls this."""
        text = f"{problem} The validation continues without it."
        self._app.call_later(self._app.tell, text, failed=True)

    def _started(self, validation: Validation, checks: Sequence[StepBrief], runner: CheckRunner) -> None:
        validation.expect(checks)
        validation.begin(runner)
        # Running a single check again does not change the time.
        if len(checks) >= len(validation.titles):
            validation.checked_at = self._app.session.clock.now()

    def _checked(self, validation: Validation, event: Event) -> None:
        validation.apply(event)
        self.checked.publish(Checked(validation, event))

    def _ended(self, validation: Validation, problem: Problem | None, *, recorded: bool) -> None:
        validation.apply(None)
        validation.problem = problem
        if problem is None:
            self._save_verdict(validation)
        self.checked.publish(Checked(validation, None, recorded))

    # The saved verdict

    def _save_verdict(self, validation: Validation) -> None:
        """Save the verdict of a complete validation. If checks have no result, the verdict saved before stays."""
        from breakglass_tui.engine.verdict_store import verdict_to_save

        if validation.checked_at is None:
            return
        verdict = verdict_to_save(validation.record, validation.checked_at)
        if verdict is not None and validation.titles and set(validation.titles) <= set(validation.record.checks):
            self._app.start_thread(lambda: self._save(verdict), "verdicts")

    def _save(self, verdict: SavedVerdict) -> None:

        problem = None
        try:
            self._app.session.journals.verdicts.save(verdict)
        except Exception as error:  # noqa: BLE001 - a full disk must not take the app down
            problem = as_problem(error)
        self._app.call_later(self._verdict_saved, problem)

    def _verdict_saved(self, problem: Problem | None) -> None:
        if problem is not None:
            self._app.tell(f"{problem} {SAVES}", failed=True)
        elif self._app.phase is Phase.START:
            self._read_history()

    # MFA devices

    def accept_devices(self, validation: Validation, user_id: str, serials: tuple[str, ...]) -> None:
        """Record in the journal of the user that the operator accepted these MFA devices.

        Then run the device check again.

        ``user_id`` is the unique id of the IAM user, and ``serials`` are the serial numbers of the devices.
        """
        session = self._app.session

        def accept() -> None:
            from breakglass_tui.ui.validation.user_journals import accept_devices

            problem = accept_devices(session, validation, user_id, serials)
            self._app.call_later(self._devices_accepted, validation, problem)

        self._app.start_thread(accept, "accept devices")

    def _devices_accepted(self, validation: Validation, problem: Problem | None) -> None:
        from breakglass_tui.ui.validation.unknown_devices import CHECK

        if problem is not None:
            self._app.tell(f"{problem} {ACCEPTS}", failed=True)
        elif not self.start(validation, CHECK):
            self._app.tell("The MFA device is accepted. Run its check again when the checks are done.")

    # The report

    def start_export(self, validation: Validation) -> None:
        """Write and sign the report of ``validation`` in a thread, then publish ``exported``."""
        session = self._app.session

        def export() -> None:
            from breakglass_tui.ui.validation.export import export

            def signer_waits(text: str) -> None:
                self._app.call_later(self.signer_waits.publish, (validation, text))

            exported = export(session, validation, self._history_unread, signer_waits)
            self._app.call_later(self._exported, validation, exported)

        self._app.start_thread(export, "export")

    def _exported(self, validation: Validation, exported: Exported) -> None:
        if exported.paths:
            validation.exported = exported.paths
        self.exported.publish((validation, exported))
