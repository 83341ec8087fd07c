"""``seal_summary``, which says in a few words how a secret is sealed."""

from __future__ import annotations

from collections.abc import Iterable

from breakglass_tui.domain.events import SEAL_NAMES, EnvelopeInfo


def seal_summary(envelopes: Iterable[EnvelopeInfo]) -> tuple[str, ...]:
    """Return each way to open a secret once, such as ``("age (2 of 3)", "KMS")``. ``envelopes`` are all of the secret.

    No way contains a comma, because a step list cuts its text at commas.
    """
    found: dict[str, tuple[int, set[str]]] = {}
    for envelope in envelopes:
        for seal in envelope.seals:
            needs, custodians = found.get(seal, (1, set()))
            found[seal] = (max(needs, envelope.needs), custodians | set(envelope.custodians))
    return tuple(_way(seal, needs, len(custodians)) for seal, (needs, custodians) in found.items())


def _way(seal: str, needs: int, custodians: int) -> str:
    name = SEAL_NAMES.get(seal, seal)
    return f"{name} ({needs} of {max(needs, custodians)})" if needs > 1 else name
