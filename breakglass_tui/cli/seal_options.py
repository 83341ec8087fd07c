"""The part of a run's seals that the command line decides: risks to accept, and the passphrase."""

from __future__ import annotations

from breakglass_tui.cli.command_words import PASSPHRASE_FD
from breakglass_tui.cli.passphrase_input import (
    ask_new_passphrase,
    interrupt_at_end_of_input,
    require_strong,
)
from breakglass_tui.cli.streams import to_stderr
from breakglass_tui.domain.account import Caller
from breakglass_tui.domain.acknowledgements import acknowledgements
from breakglass_tui.domain.problems import FieldError
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.engine.passphrase_check import existing_envelope, needs_passphrase, require_same_passphrase
from breakglass_tui.plain.passphrase_prompt import known_passphrase
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import Vault


def accept_risks(request: SetupRequest, terminal: Terminal) -> bool:
    """Show each risk of ``request`` that must be accepted.

    Return whether the operator typed the words for all of them.
    """
    for each in acknowledgements(request):
        to_stderr(each.risk, each.remedy)
        if not terminal.confirm_words("To accept this:", each.words):
            return False
    return True


def with_passphrase(request: SetupRequest, passphrase: Secret | None) -> SetupRequest:
    """Return ``request`` with a passphrase seal if ``passphrase`` is given, else unchanged."""
    return request.model_copy(update={"seal_passphrase": True}) if passphrase is not None else request


def missing_seal(request: SetupRequest) -> FieldError | None:
    """Return the error of a request without a seal, or None. Without a screen, nothing could show its secrets."""
    if request.has_seal:
        return None
    ways = f"give kms_key_id or seal_to, or a passphrase with {PASSPHRASE_FD}"
    return FieldError("seal_to", f"{ways}. Without a seal the credentials need a screen, and there is none")


def store_new_passphrase(
    vault: Vault, request: SetupRequest, caller: Caller, terminal: Terminal, given: Secret | None
) -> None:
    """Put the passphrase of a new run into ``vault``, if the request has a passphrase seal. Raises ``Problem``.

    The passphrase is ``given``. If that is None, the terminal asks for it.
    """
    if not request.seal_passphrase:
        return
    known = (request.user_name, caller.account_id)
    vault.put(PASSPHRASE, require_strong(given, *known) if given is not None else ask_new_passphrase(terminal, *known))


def store_known_passphrase(
    vault: Vault, record: RunRecord, caller: Caller, terminal: Terminal, given: Secret | None
) -> None:
    """Put the passphrase of an unfinished run into ``vault``, if the run needs it. Raises ``Problem``.

    The passphrase is ``given``. If that is None, the terminal asks for it. It must open the envelopes that the run has
    written so far.
    """
    if not needs_passphrase(record):
        return
    sealed = existing_envelope(record)
    request = record.header.request if record.header else {}
    known = (str(request.get("user_name", "")), caller.account_id)
    if sealed is None:
        strong = require_strong(given, *known) if given is not None else ask_new_passphrase(terminal, *known)
        vault.put(PASSPHRASE, strong)
        return
    passphrase = given if given is not None else interrupt_at_end_of_input(lambda: known_passphrase(terminal))
    require_same_passphrase(sealed, passphrase)
    vault.put(PASSPHRASE, passphrase)
