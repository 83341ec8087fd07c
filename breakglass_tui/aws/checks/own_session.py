"""Calls with the user's own credentials. They prove more than a simulation of the user's policies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from breakglass_tui.aws.api import DRY_RUN, Api
from breakglass_tui.aws.checks.iam_user import not_visible_codes, user_arn
from breakglass_tui.aws.checks.mfa_session import MfaSession
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.consistency import wait_until_consistent
from breakglass_tui.aws.error_classes import BAD_KEY, DENIED
from breakglass_tui.aws.parallel_reads import read_in_parallel
from breakglass_tui.aws.steps.access_key import ACCESS_KEY
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject

DRY_RUN_ALLOWED = "DryRunOperation"
"""The error code with which EC2 reports that the request would have succeeded (EC2 API, DryRun)."""


@dataclass(frozen=True)
class OwnSession:
    """The user's own credentials, if this process has them.

    ``clients`` use these credentials, or are None. ``how`` says in words which credentials they are.
    """

    clients: Clients | None = None
    how: str = ""


@dataclass(frozen=True)
class UseResult:
    """The result of calls with the user's own credentials.

    ``done`` is what the user did, or "". ``refused`` is why AWS refused it, or "".
    """

    done: str = ""
    refused: str = ""


def own_session(clients: Clients, subject: Subject, mfa: Callable[[], MfaSession]) -> OwnSession:
    """Return clients that use the user's access key, or the MFA session of ``mfa`` if the request requires MFA.

    With ``require_mfa``, the inline policy denies the access key alone. Raises ``Problem`` if ``mfa`` does.
    """
    key = subject.vault.get(ACCESS_KEY) if subject.vault else None
    text = key.reveal() if key else ""
    if not text or not subject.access_key_id:
        return OwnSession()
    if subject.request is not None and subject.request.require_mfa:
        found = mfa()
        return OwnSession(found.clients, "the access key and MFA") if found.clients else OwnSession()
    return OwnSession(clients.as_user(subject.access_key_id, text), "the access key")


def use(api: Api, session: OwnSession, subject: Subject, region: str) -> UseResult:
    """Read the user and make a dry-run write in ``region``, both with the user's own credentials.

    For a new user it repeats refused calls, because the key or the policy may not be visible everywhere yet. Raises
    ``Problem`` if AWS neither allows nor denies the calls.
    """
    assert session.clients is not None
    as_user, refusals = Api(session.clients, api.context), list[str]()

    def allowed() -> bool:
        try:
            read_in_parallel(
                as_user,
                lambda branch: _read_itself(branch, subject),
                lambda branch: _dry_run(branch.in_region(region)),
            )
        except Problem as problem:
            if problem.code not in BAD_KEY | DENIED:
                raise
            refusals.append(problem.why.rstrip("."))
            return False
        return True

    fresh = subject.created_here
    worked = wait_until_consistent(api.context, allowed, good_reads=1) if fresh else allowed()
    if worked:
        return UseResult(done=f"read its own data and passed a dry-run write in {show(region)}, with {session.how}")
    return UseResult(refused=f"AWS refused a test call with {session.how}: {refusals[-1]}")


def _read_itself(as_user: Api, subject: Subject) -> None:
    """Call GetUser without a name, which returns the user of the credentials (IAM API). Raises ``Problem``."""
    found, expected = (
        str(as_user.call("iam:GetUser", retry_on=not_visible_codes(subject))["User"]["Arn"]),
        user_arn(subject),
    )
    if expected and found != expected:
        raise Problem(
            "These are the credentials of another user.",
            why=f"AWS reports {show(found)}, not {show(expected)}.",
            next="Validate with the envelopes of this user.",
            code="AccessDenied",
        )


def _dry_run(as_user: Api) -> None:
    """Call a write with DryRun, for which EC2 only checks the permission (EC2 API).

    Raises ``Problem`` if it is denied.
    """
    try:
        as_user.call(DRY_RUN, DryRun=True)
    except Problem as problem:
        if problem.code != DRY_RUN_ALLOWED:
            raise
