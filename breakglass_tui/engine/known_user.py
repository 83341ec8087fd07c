"""What the runs of this machine tell of a user that is validated later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from breakglass_tui.domain.account import Account
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.request import SetupRequest, parse_request
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject
from breakglass_tui.engine.compose import with_run_results
from breakglass_tui.engine.run_store import RunStore, StoredRun


@dataclass(frozen=True)
class KnownUser:
    """What is known of a user: ``stored`` is the run that made it and ``request`` what that was asked for.

    ``problems`` are the journals that may speak of the user and cannot be followed: whoever reads must be told.
    """

    user_name: str
    stored: StoredRun | None = None
    request: SetupRequest | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def since(self) -> datetime | None:
        """When that run began."""
        return self.stored.record.started_at if self.stored else None

    @property
    def summary(self) -> str:
        """What a person who validates the user must hear of this; empty when there is nothing."""
        said = [f"{problem.what} The validation goes on without it." for problem in self.problems]
        if self.stored is not None and self.since is not None:
            said.append(f"Held against the run {show(self.stored.id)} of {self.since:%Y-%m-%d}, which made this user.")
        return " ".join(said)

    def subject(self, account: Account, request: SetupRequest | None = None) -> Subject:
        """Whom the checks are about; a ``request`` given here says what is expected in place of the run's own.

        What it does not ask for is not expected of the run either. Secrets are not known any more.
        """
        expected = request or self.request
        subject = Subject(self.user_name, account, expected)
        if self.stored is None or expected is None:
            return subject
        subject = with_run_results(subject, self.stored.record)
        return replace(
            subject,
            access_key_id=subject.access_key_id if expected.programmatic else "",
            mfa_serial=subject.mfa_serial if expected.mfa != "none" else "",
        )


def known_user(store: RunStore, account_id: str, user_name: str, *, demo: bool) -> KnownUser:
    """The newest run of ``store`` that is done and made this user; reads files, and raises nothing.

    A simulated account is a new one in every process, so of those runs only this process's own count.
    """
    try:
        runs = store.runs()
    except Problem as problem:
        return KnownUser(user_name, problems=(problem,))
    # A journal whose first line is lost does not say when its run was: it may be the newest.
    problems: list[Problem] = []
    for stored in sorted(runs, key=lambda stored: stored.record.header is not None):
        if not _may_concern(stored, account_id, user_name) or (demo and not store.wrote(stored.id)):
            continue
        try:
            request = _request_of(stored)
        except Problem as problem:
            problems.append(problem)
            continue
        if request is not None:
            return KnownUser(user_name, stored, request, tuple(problems))
    return KnownUser(user_name, problems=tuple(problems))


def _may_concern(stored: StoredRun, account_id: str, user_name: str) -> bool:
    """Whether the run is about this user; a journal whose first line is lost may be."""
    header = stored.record.header
    if header is None:
        return stored.problem is not None
    return (header.account_id, header.request.get("user_name")) == (account_id, user_name)


def _request_of(stored: StoredRun) -> SetupRequest | None:
    """What the run was asked for, if it is done. Raises ``Problem`` where its journal cannot be followed to the end."""
    if stored.problem is not None:
        raise stored.problem
    header = stored.record.header
    if header is None or stored.record.status is not RunStatus.DONE:
        return None
    return parse_request(dict(header.request))
