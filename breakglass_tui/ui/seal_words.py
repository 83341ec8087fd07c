"""The offline seals of a draft in words."""

from __future__ import annotations

from breakglass_tui.ui.draft import Draft


def people(count: int, threshold: int, noun: str = "age recipient") -> str:
    """How many of how many open together."""
    if count == 1:
        return f"1 {noun}"
    return f"{threshold} of {count} {noun}s" if threshold > 1 else f"any of {count} {noun}s"


def offline_ways(draft: Draft) -> tuple[str, ...]:
    """The ways into every envelope that need no AWS."""
    recipients = draft.recipients
    ways = (people(len(recipients), draft.seal_threshold),) if recipients else ()
    return (*ways, "passphrase") if draft.passphrase is not None else ways


def seed_ways(draft: Draft) -> tuple[str, ...]:
    """Who opens the MFA seed, when they are others than those of the rest."""
    others = draft.mfa_recipients
    return (people(len(others), draft.seal_mfa_threshold, "other"),) if others else ()


def offline_words(draft: Draft) -> str:
    """All of it on one line; nothing when there is no such seal."""
    seed = [f"MFA seed {way}" for way in seed_ways(draft)]
    return ", ".join([*offline_ways(draft), *seed])
