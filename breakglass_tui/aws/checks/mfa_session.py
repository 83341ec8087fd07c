"""An MFA session of the user (GetSessionToken), which proves that the access key and the MFA device work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.consistency import INTERVAL_S, TIMEOUT_S
from breakglass_tui.aws.error_classes import BAD_KEY, DENIED, outcome_unknown
from breakglass_tui.aws.mfa_codes import MfaCodeSource
from breakglass_tui.aws.steps.access_key import ACCESS_KEY
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.cloud import Subject

SESSION = "sts:GetSessionToken"
SHORTEST_S = 900
"""The minimum duration of a session of GetSessionToken, in seconds (STS API)."""
TRIES = 3
"""The number of codes to submit before the device counts as refused."""


@dataclass(frozen=True)
class MfaSession:
    """The result of a request for an MFA session.

    ``clients`` has the credentials of the session. ``refused`` is why AWS refused it. If the vault does not have the
    access key and the MFA seed, the request is not made. Then ``clients`` is None and ``refused`` is "".
    """

    clients: Clients | None = None
    refused: str = ""


def mfa_session(api: Api, clients: Clients, subject: Subject) -> MfaSession:
    """Request an MFA session with the access key and the MFA seed in the vault. Each code is submitted once.

    Raises ``Problem`` if AWS neither accepts nor refuses the codes.
    """
    codes = MfaCodeSource.from_vault(subject.vault)
    key = subject.vault.get(ACCESS_KEY) if subject.vault else None
    if codes is None or key is None or not key.reveal() or not (subject.access_key_id and subject.mfa_serial):
        return MfaSession()
    as_user = Api(clients.as_user(subject.access_key_id, key.reveal()), api.context)
    refused, started = "", api.context.clock.ticks()
    for attempt in range(TRIES):
        try:
            answer = _submit(as_user, subject, codes.next_code(api.context, SESSION, ahead=not attempt), started)
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


def _submit(as_user: Api, subject: Subject, code: str, started: float) -> dict[str, Any]:
    """Submit one code and return the answer. Raises ``Problem``.

    If AWS does not recognize the access key yet, it has not checked the code, and the same code is submitted again.
    """
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
            if problem.code not in BAD_KEY or as_user.context.clock.ticks() - started >= TIMEOUT_S:
                raise
        as_user.context.wait(INTERVAL_S)
