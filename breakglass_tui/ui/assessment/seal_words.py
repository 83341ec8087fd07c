"""Describe the seals of a draft that open an envelope without AWS."""

from __future__ import annotations

from breakglass_tui.ui.state.draft import Draft


def people(count: int, threshold: int, noun: str = "age recipient") -> str:
    """Return how many of ``count`` recipients open an envelope, such as "2 of 3 age recipients".

    ``threshold`` is how many of them must act together.
    """
    if count == 1:
        return f"1 {noun}"
    return f"{threshold} of {count} {noun}s" if threshold > 1 else f"any 1 of {count} {noun}s"


def offline_ways(draft: Draft) -> tuple[str, ...]:
    """Return a description of each way to open an envelope without AWS, such as "any 1 of 2 age recipients"."""
    recipients = draft.recipients
    ways = (people(len(recipients), draft.seal_threshold),) if recipients else ()
    return (*ways, "passphrase") if draft.passphrase is not None else ways


def seed_ways(draft: Draft) -> tuple[str, ...]:
    """Return who can open the envelope of the MFA seed, if it has separate recipients. Else the tuple is empty."""
    others = draft.mfa_recipients
    return (people(len(others), draft.seal_mfa_threshold, "other recipient"),) if others else ()


def lacks_seed_seal(draft: Draft) -> bool:
    """Return whether the program would enrol the MFA device but nothing would seal its seed.

    A plan requires such a seal.
    """
    return draft.mfa == "sealed" and not (draft.kms_key_id or offline_ways(draft) or seed_ways(draft))


def offline_words(draft: Draft) -> str:
    """Return a description of all offline seals in one line, or an empty string if there are none."""
    seed = [f"MFA seed {way}" for way in seed_ways(draft)]
    return ", ".join([*offline_ways(draft), *seed])
