"""Descriptions of the offline seals of a draft."""

from __future__ import annotations

from breakglass_tui.ui.draft import Draft


def people(count: int, threshold: int, noun: str = "age recipient") -> str:
    """Return how many of ``count`` recipients can open an envelope: any one, or ``threshold`` together."""
    if count == 1:
        return f"1 {noun}"
    return f"{threshold} of {count} {noun}s" if threshold > 1 else f"any 1 of {count} {noun}s"


def offline_ways(draft: Draft) -> tuple[str, ...]:
    """Return the ways to open every envelope without AWS."""
    recipients = draft.recipients
    ways = (people(len(recipients), draft.seal_threshold),) if recipients else ()
    return (*ways, "passphrase") if draft.passphrase is not None else ways


def seed_ways(draft: Draft) -> tuple[str, ...]:
    """Return who opens the MFA seed, if it has its own recipients."""
    others = draft.mfa_recipients
    return (people(len(others), draft.seal_mfa_threshold, "other recipient"),) if others else ()


def offline_words(draft: Draft) -> str:
    """Return all offline seals in one line, or an empty string."""
    seed = [f"MFA seed {way}" for way in seed_ways(draft)]
    return ", ".join([*offline_ways(draft), *seed])
