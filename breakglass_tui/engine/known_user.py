"""Collects what the journals on this machine record about a user, for a validation of that user."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from breakglass_tui.domain.account import Account
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.request import SetupRequest, parse_request
from breakglass_tui.domain.text import show
from breakglass_tui.domain.user_history import UserHistory
from breakglass_tui.engine.cloud import Subject
from breakglass_tui.engine.compose import with_run_results
from breakglass_tui.engine.listed_run import ListedRun, listed_run
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.stored_run import StoredRun
from breakglass_tui.engine.user_journal import UserJournal


@dataclass(frozen=True)
class KnownUser:
    """What this machine knows about a user.

    ``stored`` is the run that created the user, and ``request`` is the request of that run. Both are None if no such
    run is known. ``problems`` are journals that cannot be used and that may concern the user. Show them to the
    operator.
    """

    user_name: str
    stored: StoredRun | None = None
    request: SetupRequest | None = None
    problems: tuple[Problem, ...] = ()
    history: UserHistory = field(default_factory=UserHistory)

    @property
    def since(self) -> datetime | None:
        """The time when the run that created the user started. None if no such run is known."""
        return self.stored.record.started_at if self.stored else None

    @property
    def summary(self) -> str:
        """What the operator must know before the validation, or an empty string if there is nothing.

        It names the journals that cannot be used, and the run with which the user is compared.
        """
        sentences = [f"{problem.what} The validation continues without it." for problem in self.problems]
        if self.stored is not None and self.since is not None:
            run = f"run {show(self.stored.id)} of {self.since:%Y-%m-%d}"
            sentences.append(f"The user is compared with {run}, which created it.")
        return " ".join(sentences)

    def subject(self, account: Account, request: SetupRequest | None = None) -> Subject:
        """Return the user as the subject of a validation. ``request`` replaces the request of the run.

        If that request asks for no access key or no MFA device, the id of the key or device is left out. The
        subject has no vault, because the secrets of the run are not stored.
        """
        expected = request or self.request
        subject = Subject(self.user_name, account, expected, history=self.history)
        if self.stored is None or expected is None:
            return subject
        subject = with_run_results(subject, self.stored.record)
        return replace(
            subject,
            access_key_id=subject.access_key_id if expected.programmatic else "",
            mfa_serial=subject.mfa_serial if expected.mfa != "none" else "",
        )


def known_user(store: RunStore, account_id: str, user_name: str, place: Place) -> KnownUser:
    """Return what the journals in ``store`` record about the user. Reads files and raises nothing.

    The result refers to the newest finished run that created this user at ``place``. In the simulated account, only
    runs of this process count, because every process has its own simulated account.
    """
    history, problems = UserHistory(), list[Problem]()
    try:
        history = UserJournal(store, account_id, user_name, place).read()
    except Problem as problem:
        problems.append(problem)
    try:
        runs = store.runs()
    except Problem as problem:
        return KnownUser(user_name, problems=(*problems, problem), history=history)
    # A journal without its first line has no start time. Its run may be the newest, so it comes first.
    for run in sorted(runs, key=lambda run: run.header is not None):
        if not _may_concern(run, account_id, user_name, place):
            continue
        if place is Place.DEMO and not store.wrote(run.id):
            continue
        stored = run.stored or store.load(run.id)
        if not _may_concern(listed_run(stored), account_id, user_name, place):
            continue  # the index is not verified
        try:
            request = _request_of(stored)
        except Problem as problem:
            problems.append(problem)
            continue
        if request is not None:
            return KnownUser(user_name, stored, request, tuple(problems), history)
    return KnownUser(user_name, problems=tuple(problems), history=history)


def _may_concern(run: ListedRun, account_id: str, user_name: str, place: Place) -> bool:
    """Return whether the run may have created this user.

    If its journal has no first line, it may have created any user.
    """
    header = run.header
    if header is None:
        return run.problem is not None
    return header.belongs_to(account_id, place) and run.user_name == user_name


def _request_of(stored: StoredRun) -> SetupRequest | None:
    """Return the request of the run, or None if the run is not done.

    Raises ``Problem`` if the journal cannot be used.
    """
    if stored.problem is not None:
        raise stored.problem
    header = stored.record.header
    if header is None or stored.record.status is not RunStatus.DONE:
        return None
    return parse_request(dict(header.request))
