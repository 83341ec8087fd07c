"""What a draft will create, in the words of the review but before it: nothing here is checked or promised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from breakglass_tui.domain.account import Account, AdminPolicy
from breakglass_tui.domain.text import show
from breakglass_tui.ui.draft import Draft

SETTLED = 4
"""A write and the reads that prove it has arrived."""
SEALING = 2
"""kms:Encrypt, and kms:Decrypt to prove it."""


@dataclass(frozen=True)
class Branch:
    """One thing that will exist, and a line on it."""

    text: str
    detail: str = ""


@dataclass(frozen=True)
class Forecast:
    """A user, what hangs on it, how its secrets are kept, and what to beware of."""

    user_name: str
    about: str
    branches: tuple[Branch, ...]
    secrets: str
    warnings: tuple[str, ...]
    calls: int


def forecast(draft: Draft, account: Account | None) -> Forecast:
    """What the draft would create as it stands."""
    secrets = _secrets(draft)
    return Forecast(
        user_name=show(draft.final_name, 64) or "a user with a generated name",
        about=f"in {show(draft.path, 60)}" + ("" if draft.user_name else " · generated"),
        branches=tuple(_branches(draft, account)),
        secrets=_kept(secrets, draft.kms_key_id),
        warnings=tuple(_warnings(draft, secrets)),
        calls=_calls(draft, secrets),
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
        how = {"authenticator": "you scan a QR code", "sealed": "seed kept for you"}
        yield Branch("virtual MFA device", how.get(draft.mfa, ""))
    policy = account.admin_policy if account else None
    version = f" {show(policy.version_id)}" if isinstance(policy, AdminPolicy) else ""
    yield Branch("inline policy", f"AdministratorAccess{version}")
    if draft.groups:
        yield Branch(f"member of {show(', '.join(draft.groups), 60)}")
    if draft.role_arn:
        yield Branch(f"may assume {show(draft.role_arn.rsplit('/', 1)[-1], 64)}")


def _secrets(draft: Draft) -> tuple[str, ...]:
    made = (("password", draft.console), ("access key", draft.programmatic), ("MFA seed", draft.mfa == "sealed"))
    return tuple(name for name, is_made in made if is_made)


def _kept(secrets: tuple[str, ...], key: str) -> str:
    if not key:
        return f"Shown once: {', '.join(secrets)}"
    name = show(key, 60) if key.startswith("alias/") else f"key {show(key.rpartition('/')[2], 8)}"
    return f"Sealed by {name}: {', '.join(secrets)}"


def _warnings(draft: Draft, secrets: tuple[str, ...]) -> Iterator[str]:
    if draft.kms_key_id:
        yield "only KMS: circular in an outage"
    elif secrets:
        yield "no seal: each secret is shown once on the screen, for you to store"
    if draft.mfa == "none":
        yield "no MFA: not advised"


def _calls(draft: Draft, secrets: tuple[str, ...]) -> int:
    steps = 2 + draft.console + draft.programmatic + (draft.mfa != "none") + len(draft.groups) + bool(draft.role_arn)
    return SETTLED * steps + (SEALING * len(secrets) if draft.kms_key_id else 0)
