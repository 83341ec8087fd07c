"""How the secrets of a run are sealed, as far as the command line has a say in it."""

from __future__ import annotations

from breakglass_tui.cli.passphrase_input import OPTION, answered, asked_for, required
from breakglass_tui.domain.account import Caller
from breakglass_tui.domain.problems import FieldError
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.engine.passphrase_check import needs_passphrase, require_the_same, sealed_before
from breakglass_tui.plain.passphrase_prompt import known_passphrase
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import Vault

ONLY_KMS = (
    "Only a KMS key seals these secrets: in the emergency, opening them takes the very access to AWS that is missing."
)
ANOTHER_WAY = f"A second way in opens without AWS: seal_to (age recipients) or {OPTION} (a passphrase)."


def with_passphrase(request: SetupRequest, passphrase: Secret | None) -> SetupRequest:
    """The request, sealed with the passphrase as well if one was handed over."""
    return request.model_copy(update={"seal_passphrase": True}) if passphrase is not None else request


def lacks_seal(request: SetupRequest) -> FieldError | None:
    """Why a request without any seal is of no use where there is no screen."""
    if request.has_seal:
        return None
    ways = f"kms_key_id or seal_to, or a passphrase with {OPTION}"
    return FieldError("seal_to", f"give {ways}: without a seal there is no screen to show the credentials on")


def use_new_passphrase(
    vault: Vault, request: SetupRequest, caller: Caller, terminal: Terminal, given: Secret | None
) -> None:
    """Put the passphrase of a new run into its vault, if it seals with one: what was given, or what is typed.

    Raises ``Problem``.
    """
    if not request.seal_passphrase:
        return
    known = (request.user_name, caller.account_id)
    vault.put(PASSPHRASE, required(given, *known) if given is not None else asked_for(terminal, *known))


def use_known_passphrase(
    vault: Vault, record: RunRecord, caller: Caller, terminal: Terminal, given: Secret | None
) -> None:
    """Put the passphrase of an unfinished run into the vault: the one that its envelopes open with, if there are any.

    Raises ``Problem``.
    """
    if not needs_passphrase(record):
        return
    sealed = sealed_before(record)
    request = record.header.request if record.header else {}
    known = (str(request.get("user_name", "")), caller.account_id)
    if sealed is None:
        vault.put(PASSPHRASE, required(given, *known) if given is not None else asked_for(terminal, *known))
        return
    passphrase = given if given is not None else answered(lambda: known_passphrase(terminal))
    require_the_same(sealed, passphrase)
    vault.put(PASSPHRASE, passphrase)
