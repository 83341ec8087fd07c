"""What the journals on this machine record about a user, for a later validation."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from breakglass_tui.domain.account import Account
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.request import SetupRequest, parse_request
from breakglass_tui.domain.text import show
from breakglass_tui.domain.user_history import UserHistory
from breakglass_tui.engine.cloud import Subject
from breakglass_tui.engine.compose import with_run_results
from breakglass_tui.engine.run_store import RunStore, StoredRun
from breakglass_tui.engine.user_journal import UserJournal


@dataclass(frozen=True)
class KnownUser:
    """What is known about a user: ``stored`` is the run that created it, ``request`` the request of that run.

    ``problems`` are those of journals that may concern the user and cannot be used. They must be shown.
    """

    user_name: str
    stored: StoredRun | None = None
    request: SetupRequest | None = None
    problems: tuple[Problem, ...] = ()
    history: UserHistory = field(default_factory=UserHistory)

    @property
    def since(self) -> datetime | None:
        """When that run started."""
        return self.stored.record.started_at if self.stored else None

    @property
    def summary(self) -> str:
        """What an operator who validates the user must know about this, or an empty string if there is nothing."""
        sentences = [f"{problem.what} The validation continues without it." for problem in self.problems]
        if self.stored is not None and self.since is not None:
            run = f"run {show(self.stored.id)} of {self.since:%Y-%m-%d}"
            sentences.append(f"The user is compared with {run}, which created it.")
        return " ".join(sentences)

    def subject(self, account: Account, request: SetupRequest | None = None) -> Subject:
        """Return the subject of the checks. A ``request`` given here replaces the request of the run.

        Ids of the run are left out if that request does not ask for them. The secrets of the run are not known.
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


def known_user(store: RunStore, account_id: str, user_name: str, *, demo: bool) -> KnownUser:
    """Return the newest run in ``store`` that is done and created this user. Reads files and raises nothing.

    Every process has a simulated account of its own, so with ``demo`` only runs of this process count.
    """
    history, problems = UserHistory(), list[Problem]()
    try:
        history = UserJournal(store, account_id, user_name).read()
    except Problem as problem:
        problems.append(problem)
    try:
        runs = store.runs()
    except Problem as problem:
        return KnownUser(user_name, problems=(*problems, problem), history=history)
    # A journal that lost its first line has no start time. Its run may be the newest.
    for stored in sorted(runs, key=lambda stored: stored.record.header is not None):
        if not _may_concern(stored, account_id, user_name) or (demo and not store.wrote(stored.id)):
            continue
        try:
            request = _request_of(stored)
        except Problem as problem:
            problems.append(problem)
            continue
        if request is not None:
            return KnownUser(user_name, stored, request, tuple(problems), history)
    return KnownUser(user_name, problems=tuple(problems), history=history)


def _may_concern(stored: StoredRun, account_id: str, user_name: str) -> bool:
    """Return whether the run may concern this user. A journal without its first line names no user, so it may."""
    header = stored.record.header
    if header is None:
        return stored.problem is not None
    return (header.account_id, header.request.get("user_name")) == (account_id, user_name)


def _request_of(stored: StoredRun) -> SetupRequest | None:
    """Return the request of the run, None if it is not done. Raises ``Problem`` if its journal cannot be used."""
    if stored.problem is not None:
        raise stored.problem
    header = stored.record.header
    if header is None or stored.record.status is not RunStatus.DONE:
        return None
    return parse_request(dict(header.request))
