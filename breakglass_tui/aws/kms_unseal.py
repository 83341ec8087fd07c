"""Opening what KMS closed: kms:Decrypt in the key's own Region, with the context that was bound to it."""

from __future__ import annotations

from breakglass_tui.aws.api import Api, silent_context
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.error_classes import DENIED
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.secrets.envelope_reader import DOES_NOT_OPEN
from breakglass_tui.secrets.sealed_file import KmsFile

DECRYPT = "kms:Decrypt"
CHANGED = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})
"""The ciphertext, its context or its key is not what was sealed (KMS API: Decrypt)."""


def unseal(clients: Clients, file: KmsFile, *, demo: bool) -> bytes:
    """The content of an envelope that KMS closed. Raises ``Problem``."""
    api = Api(clients, silent_context("open"), region=file.region)
    try:
        answer = api.call(
            DECRYPT,
            fields=("Plaintext",),
            KeyId=file.key_arn,
            CiphertextBlob=file.ciphertext,
            EncryptionContext=dict(file.context),
        )
    except Problem as problem:
        raise _told(problem, file, demo=demo) from None
    return bytes(answer["Plaintext"])


def _told(problem: Problem, file: KmsFile, *, demo: bool) -> Problem:
    """The same problem, with what it means for an envelope."""
    if problem.code in CHANGED:
        why = f"KMS says that what is in it was changed, or was not sealed with {file.key_arn}."
        next = "Take another copy of this file, or another of the envelopes that report.json names."
        return Problem("The envelope does not open.", why=why, next=next, kind=Kind.USAGE, code=DOES_NOT_OPEN)
    next = problem.next
    if demo:
        next = "A simulated account is a new one in every process: what it sealed opens in that process only."
    elif problem.code in DENIED or problem.kind is Kind.MISSING:
        next = f"Use credentials of account {file.account_id} that may call {DECRYPT} with this key (--profile NAME)."
    why = problem.why if file.key_arn in problem.why else f"{problem.why} (The key is {file.key_arn}.)"
    return Problem(problem.what, why=why, next=next, kind=problem.kind, code=problem.code)
