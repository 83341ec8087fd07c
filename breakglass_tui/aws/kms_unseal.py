"""Decryption of KMS envelopes (kms:Decrypt), in the Region of the key and with the file's encryption context."""

from __future__ import annotations

from breakglass_tui.aws.api import Api, silent_context
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.error_classes import DENIED
from breakglass_tui.domain.problems import OTHER_SIMULATED_ACCOUNT, Kind, Problem
from breakglass_tui.secrets.envelope_reader import DOES_NOT_OPEN
from breakglass_tui.secrets.sealed_file import KmsFile

DECRYPT = "kms:Decrypt"
DEMO_KEY = "Each process has its own simulated account. Only the process that encrypted this envelope can decrypt it."
CHANGED = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})
"""Error codes for a ciphertext, encryption context or key that differs from the encrypted one (KMS API: Decrypt)."""


def unseal(clients: Clients, file: KmsFile, *, demo: bool) -> bytes:
    """Decrypt the KMS envelope ``file`` and return its content. Raises ``Problem``."""
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
        raise _with_advice(problem, file, demo=demo) from None
    return bytes(answer["Plaintext"])


def _with_advice(problem: Problem, file: KmsFile, *, demo: bool) -> Problem:
    """Return ``problem`` with the advice that fits the envelope ``file``."""
    if problem.code in CHANGED:
        why = f"KMS reports that its content was changed, or was not encrypted with {file.key_arn}."
        next = "Use another copy of this file, or another envelope that report.json lists."
        return Problem("The envelope does not open.", why=why, next=next, kind=Kind.USAGE, code=DOES_NOT_OPEN)
    if demo:
        next = "Open another envelope of the same secret: one for an age identity or a passphrase."
        return Problem(problem.what, why=DEMO_KEY, next=next, kind=problem.kind, code=OTHER_SIMULATED_ACCOUNT)
    next = problem.next
    if problem.code in DENIED or problem.kind is Kind.MISSING:
        next = f"With --profile, use credentials of account {file.account_id} that may call {DECRYPT} with this key."
    why = problem.why if file.key_arn in problem.why else f"{problem.why} (The key is {file.key_arn}.)"
    return Problem(problem.what, why=why, next=next, kind=problem.kind, code=problem.code)
