"""The exit code of the full-screen app."""

from __future__ import annotations

from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.exit_codes import ExitCode, exit_of
from breakglass_tui.domain.problems import Kind
from breakglass_tui.ui.state.session import Session


def exit_code(session: Session) -> int:
    """Return the exit code of the app, as the README publishes it.

    It is the code of the current run. If that is 0 but this process left another run unfinished, it is 6 (incomplete).
    """
    code = _of_the_run(session)
    return ExitCode.INCOMPLETE if code is ExitCode.DONE and session.journals.left_open else code


def _of_the_run(session: Session) -> ExitCode:
    if session.run.began:
        removed = session.run.taken_up == "undo" and session.run.record.status is RunStatus.UNDONE
        return ExitCode.DONE if removed and session.run.record.problem is None else exit_of(session.run.record)
    if session.connection.trouble is not None and session.connection.trouble.kind is Kind.CREDENTIALS:
        return ExitCode.CREDENTIALS
    return ExitCode.DONE
