"""The preview beside the form: what the draft would create. It is computed from the draft, and AWS is not asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from breakglass_tui.domain.account import Account, AdminPolicy
from breakglass_tui.domain.text import show
from breakglass_tui.ui.draft import Draft
from breakglass_tui.ui.seal_words import offline_ways, seed_ways

SEED = "MFA seed"
SETTLED = 4
"""The estimated number of AWS calls of one step: a write, and the reads that confirm it."""
SEALING = 2
"""The number of AWS calls to seal one secret with KMS: kms:Encrypt, and kms:Decrypt to verify it."""


@dataclass(frozen=True)
class Branch:
    """A line of the preview for one resource of the user, with a remark in ``detail``."""

    text: str
    detail: str = ""


@dataclass(frozen=True)
class Forecast:
    """The contents of the preview.

    ``about`` is a remark on the user name. ``branches`` are the resources of the user. ``kept`` has a sentence for each
    way in which secrets are sealed or shown. ``calls`` is the estimated number of AWS calls.
    """

    user_name: str
    about: str
    branches: tuple[Branch, ...]
    kept: tuple[str, ...]
    warnings: tuple[str, ...]
    calls: int


def forecast(draft: Draft, account: Account | None) -> Forecast:
    """Return what the draft would create in ``account``, which is None before it is read."""
    return Forecast(
        user_name=show(draft.final_name, 64) or "a user with a generated name",
        about=f"in {show(draft.path, 60)}" + ("" if draft.user_name else " · generated"),
        branches=tuple(_branches(draft, account)),
        kept=tuple(_kept(draft)),
        warnings=tuple(_warnings(draft)),
        calls=_calls(draft),
    )


def _branches(draft: Draft, account: Account | None) -> Iterator[Branch]:
    tags = [part.partition("=")[0].strip() for part in draft.tags.split(",") if part.strip()]
    if tags:
        yield Branch(f"tags {show(', '.join(tags), 40)}")
    if draft.console:
        reset = draft.password_reset_required
        yield Branch("console password", "reset at first sign-in" if reset else "stays as generated")
    if draft.programmatic:
        yield Branch("access key")
    if draft.mfa != "none":
        how = {"authenticator": "you scan a QR code", "sealed": "this tool enrols it"}
        yield Branch("virtual MFA device", how.get(draft.mfa, ""))
    policy = account.admin_policy if account else None
    version = f" {show(policy.version_id)}" if isinstance(policy, AdminPolicy) else ""
    yield Branch("inline policy", f"AdministratorAccess{version}{', only with MFA' if draft.guarded else ''}")
    if draft.groups:
        yield Branch(f"member of {show(', '.join(draft.groups), 60)}")
    if draft.role_arn:
        yield Branch(f"may assume {show(draft.role_arn.rsplit('/', 1)[-1], 64)}")


def _secrets(draft: Draft) -> tuple[str, ...]:
    """Return the names of the secrets that the run would create, except the MFA seed."""
    made = (("password", draft.console), ("access key", draft.programmatic))
    return tuple(name for name, is_made in made if is_made)


def _kept(draft: Draft) -> Iterator[str]:
    secrets, ways, seed = _secrets(draft), _ways(draft), seed_ways(draft)
    if draft.mfa == "sealed" or (draft.mfa != "none" and ways):
        secrets = secrets if seed else (*secrets, SEED)
    how = f"Sealed with {', '.join(ways)}" if ways else "Shown once"
    yield f"{how}: {', '.join(secrets)}"
    if seed:
        yield f"Sealed with {', '.join(seed)}: {SEED}"


def _ways(draft: Draft) -> tuple[str, ...]:
    key = draft.kms_key_id
    if not key:
        return offline_ways(draft)
    name = show(key, 60) if key.startswith("alias/") else f"key {show(key.rpartition('/')[2], 8)}"
    return (name, *offline_ways(draft))


def _warnings(draft: Draft) -> Iterator[str]:
    if not _ways(draft):
        yield "no seal: each secret is shown once, and you must store it"
    elif not offline_ways(draft):
        yield "only KMS: can lock you out in an outage"
    if draft.mfa == "none":
        yield "no MFA: not recommended"


def _calls(draft: Draft) -> int:
    mfa = draft.mfa != "none"
    steps = 2 + draft.console + draft.programmatic + mfa + len(draft.groups) + bool(draft.role_arn)
    sealed = len(_secrets(draft)) + (mfa and not draft.mfa_recipients)
    return SETTLED * steps + (SEALING * sealed if draft.kms_key_id else 0)
