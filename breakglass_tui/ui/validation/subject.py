"""The description of the user of a validation, for its checks. It reads AWS and journals, so it runs in a thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.cloud import Subject
from breakglass_tui.engine.compose import subject_of as subject_of_run
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.state.validation import UserValidation, Validation
from breakglass_tui.ui.validation.user_journals import read_history


def subject_of(session: Session, validation: Validation, warn: Callable[[Problem], object]) -> Subject:
    """Return the description of the user for the checks of ``validation``.

    For a user that no run of this session created, the account is read first if it is not complete. If the journal of
    the user cannot be used, call ``warn``.
    """
    if not isinstance(validation, UserValidation):
        assert session.run.setup is not None
        subject = subject_of_run(session.run.setup, validation.record)
        return replace(subject, history=read_history(session, subject, warn))
    cloud, account = session.connection.cloud, validation.account
    assert cloud is not None
    if not account.complete:
        *_, account = cloud.assess(account.region, account.caller)
    # Another process may have accepted a device since the user was selected.
    return replace(validation.subject, account=account, history=read_history(session, validation.subject, warn))
