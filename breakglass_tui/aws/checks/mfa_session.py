"""A session of the user itself with MFA: its own key and a fresh code of the device whose seed this process holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.consistency import CEILING_S, INTERVAL_S
from breakglass_tui.aws.error_classes import BAD_KEY, DENIED, outcome_unknown
from breakglass_tui.aws.mfa_codes import Codes
from breakglass_tui.aws.steps.access_key import ACCESS_KEY
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.cloud import Subject

SESSION = "sts:GetSessionToken"
SHORTEST_S = 900
"""The shortest session GetSessionToken gives (STS API)."""
TRIES = 3


@dataclass(frozen=True)
class MfaSession:
    """What came of it: clients with the session's credentials, or why AWS refused; neither where it cannot be tried."""

    clients: Clients | None = None
    refused: str = ""


def mfa_session(api: Api, clients: Clients, subject: Subject) -> MfaSession:
    """Sign in with key and code, each code handed in once. Raises ``Problem`` for what is no answer to that."""
    codes = Codes.of(subject.vault)
    key = subject.vault.get(ACCESS_KEY) if subject.vault else None
    if codes is None or key is None or not key.reveal() or not (subject.access_key_id and subject.mfa_serial):
        return MfaSession()
    as_user = Api(clients.as_user(subject.access_key_id, key.reveal()), api.context)
    refused, began = "", api.context.clock.ticks()
    for attempt in range(TRIES):
        try:
            answer = _hand_in(as_user, subject, codes.fresh(api.context, SESSION, ahead=not attempt), began)
        except Problem as problem:
            if problem.code not in DENIED and not outcome_unknown(problem):
                raise
            if attempt == TRIES - 1 and problem.code not in DENIED:
                raise
            refused = problem.why
        else:
            found = answer["Credentials"]
            keys = (str(found["AccessKeyId"]), str(found["SecretAccessKey"]), str(found["SessionToken"]))
            return MfaSession(clients.as_user(*keys))
    return MfaSession(refused=refused)


def _hand_in(as_user: Api, subject: Subject, code: str, began: float) -> dict[str, Any]:
    """One code; a key that AWS does not know yet is tried again with it, as AWS did not get so far as to take it."""
    while True:
        try:
            return as_user.call(
                SESSION,
                fields=("Credentials",),
                SerialNumber=subject.mfa_serial,
                TokenCode=code,
                DurationSeconds=SHORTEST_S,
            )
        except Problem as problem:
            if problem.code not in BAD_KEY or as_user.context.clock.ticks() - began >= CEILING_S:
                raise
        as_user.context.wait(INTERVAL_S)
