"""Write and sign the report of a validation. This waits for the disk and perhaps for a key, so it runs in a thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.unexpected_errors import as_problem
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.state.validation import UserValidation, Validation
from breakglass_tui.ui.validation.user_journals import recorded_history


class Exported(NamedTuple):
    """The written files of a report, and why it could not be written or signed.

    Both are set if the report is written and could not be signed.
    """

    paths: tuple[Path, ...] = ()
    problem: Problem | None = None


def export(
    session: Session,
    validation: Validation,
    warn: Callable[[Problem], object],
    signer_waits: Callable[[str], object],
) -> Exported:
    """Write and sign the report of ``validation``.

    The report of this session's run is written beside its envelopes. For another user it has its own directory. If the
    journal of the user cannot be used, call ``warn``. If the key that signs waits for the operator, call
    ``signer_waits`` with a sentence.
    """
    from breakglass_tui.report.export import export as write  # 8 MB of memory that only a report needs

    try:
        history = recorded_history(session, validation, warn)
        if isinstance(validation, UserValidation):
            directory, head = validation.directory, ""
        else:
            assert session.run.setup is not None
            directory = session.run.setup.envelopes.directory
            head = session.journals.store.head(validation.record)
        signer = session.connection.signer(signer_waits)
        found = write(validation.record, directory, head, history, signer=signer, now=session.clock.now())
        return Exported(found.paths, found.unsigned)
    except Exception as error:  # noqa: BLE001 - a full disk must not take the app down
        return Exported(problem=as_problem(error))
