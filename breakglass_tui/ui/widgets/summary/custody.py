"""Who will be able to open what, and what is to be said about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from breakglass_tui.domain.text import show
from breakglass_tui.ui.recipients import short_name
from breakglass_tui.ui.widgets.paragraphs import Paragraph, labelled, plain

if TYPE_CHECKING:
    from breakglass_tui.domain.request import SetupRequest

ONLY_KMS = (
    "Sealed with KMS only: circular, for it opens only while AWS is up.",
    "Press a to add a seal that does not need AWS.",
)
NOTHING_SEALS = (
    "Nothing seals the secrets: each is shown once on the screen, for you to store.",
    "Press a to add a seal, or esc to choose a KMS key.",
)
SAME_PEOPLE = (
    "The same custodians open the password and the MFA seed: dual control is not in force. "
    "Other custodians for the seed would put it in force."
)
POINTLESS = "Press a or esc: drop what opens alone, or let one custodian be enough."
ONCE = "shown once on the screen, for you to store"
NAMED = 4
"""Custodians that a line names; the rest is counted."""


def custody(request: SetupRequest) -> list[Paragraph]:
    """One line for each secret, and a quiet note when two of them open for the same people."""
    seed = _people(request.seal_mfa_to, request.seal_mfa_threshold)
    every = [*_people(request.seal_to, request.seal_threshold)]
    every += ["the passphrase"] if request.seal_passphrase else []
    every += [f"KMS key {show(request.kms_key_id)}"] if request.kms_key_id else []
    made = [("Password", request.console), ("Access key", request.programmatic)]
    rows = [(name, "; or ".join(every) or ONCE) for name, is_made in made if is_made]
    if request.mfa != "none":
        unsealed = "in your authenticator app only" if request.mfa == "authenticator" else "nothing"
        rows.append(("MFA seed", "; or ".join(seed or every) or unsealed))
    note = [plain(SAME_PEOPLE, "$secondary")] if _same_people(request) else []
    return [*labelled(rows), *note]


def _people(recipients: tuple[str, ...], threshold: int) -> list[str]:
    if not recipients:
        return []
    names = [short_name(recipient) for recipient in recipients[:NAMED]]
    if len(recipients) > NAMED:
        names.append(f"{len(recipients) - NAMED} more")
    if len(recipients) == 1:
        return names
    how = f"{threshold} of {len(recipients)}" if threshold > 1 else "any of"
    return [f"{how}: {', '.join(names)}"]


def _same_people(request: SetupRequest) -> bool:
    """Whether whoever opens the password opens the sealed seed as well."""
    if request.mfa == "none" or not request.console or not request.has_seal:
        return False
    return not request.seal_mfa_to or set(request.seal_mfa_to) <= set(request.seal_to)


def cautions(request: SetupRequest) -> tuple[tuple[str, str], ...]:
    """What is worth a warning in the request alone: text and remedy."""
    return tuple(_cautions(request))


def _cautions(request: SetupRequest) -> Iterator[tuple[str, str]]:
    if not request.has_seal:
        if request.console or request.programmatic:
            yield NOTHING_SEALS
    elif request.only_kms:
        yield ONLY_KMS
    if request.seal_threshold > 1:
        ways = [("the KMS key", request.kms_key_id), ("the passphrase", request.seal_passphrase)]
        alone = " and ".join(name for name, is_there in ways if is_there)
        if alone:
            asked = f"{request.seal_threshold} of {len(request.seal_to)} custodians"
            opens = "each open" if " and " in alone else "opens"
            yield f"{asked} are asked for, but {alone} {opens} the same alone.", POINTLESS
