"""The preview beside the form: what the draft would create. It is computed from the draft, and AWS is not asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from breakglass_tui.domain.account import Account, AdminPolicy
from breakglass_tui.domain.own_tags import OWN_TAGS
from breakglass_tui.domain.ownership import tag_count
from breakglass_tui.domain.tag_text import parse_tags
from breakglass_tui.domain.text import show
from breakglass_tui.ui.assessment.field_rules import complaint
from breakglass_tui.ui.assessment.seal_words import lacks_seed_seal, offline_ways, seed_ways
from breakglass_tui.ui.state.draft import Draft

SEED = "MFA seed"
INVALID = {
    "user_name": "✗ user name not valid",
    "path": "✗ path not valid",
    "tags": "✗ tags not valid",
    "groups": "✗ groups not valid",
    "role_arn": "✗ role not valid",
    "kms_key_id": "✗ KMS key not valid",
    "offline": "✗ offline seals not valid",
}
"""What the preview shows in place of the value of an invalid field. The field itself shows why it is invalid."""
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
    """Return what the draft would create in ``account``, which is None before it is read.

    The value of an invalid field is not shown.
    """
    invalid = frozenset(name for name in INVALID if complaint(name, draft, account))
    return Forecast(
        user_name=INVALID["user_name"] if "user_name" in invalid else _name(draft),
        about=INVALID["path"] if "path" in invalid else _about(draft),
        branches=tuple(_branches(draft, account, invalid)),
        kept=tuple(_kept(draft, invalid)),
        warnings=tuple(_warnings(draft)),
        calls=_calls(draft),
    )


def _name(draft: Draft) -> str:
    return show(draft.final_name, 64) or "a user with a generated name"


def _about(draft: Draft) -> str:
    return f"in {show(draft.path, 60)}" + ("" if draft.user_name else " · name generated")


def _branches(draft: Draft, account: Account | None, invalid: frozenset[str]) -> Iterator[Branch]:
    yield Branch(INVALID["tags"] if "tags" in invalid else _tags(draft))
    if draft.console:
        reset = draft.password_reset_required
        yield Branch("console password", "change at first sign-in" if reset else "permanent")
    if draft.programmatic:
        yield Branch("access key")
    if draft.mfa != "none":
        how = {"authenticator": "you scan a QR code", "sealed": "this program enrols it"}
        yield Branch("virtual MFA device", how.get(draft.mfa, ""))
    policy = account.admin_policy if account else None
    version = f" {show(policy.version_id)}" if isinstance(policy, AdminPolicy) else ""
    yield Branch("inline policy", f"AdministratorAccess{version}{', only with MFA' if draft.guarded else ''}")
    if draft.groups:
        groups = f"member of {show(', '.join(draft.groups), 60)}"
        yield Branch(INVALID["groups"] if "groups" in invalid else groups)
    if draft.role_arn:
        role = f"may assume {show(draft.role_arn.rsplit('/', 1)[-1], 64)}"
        yield Branch(INVALID["role_arn"] if "role_arn" in invalid else role)


def _tags(draft: Draft) -> str:
    requested, own = len(parse_tags(draft.tags)), len(OWN_TAGS)
    return f"{own + requested} tags, {own} of the program" if requested else tag_count(own, 0)


def _secrets(draft: Draft) -> tuple[str, ...]:
    """Return the names of the secrets that the run would create, except the MFA seed."""
    made = (("password", draft.console), ("access key", draft.programmatic))
    return tuple(name for name, is_made in made if is_made)


def _kept(draft: Draft, invalid: frozenset[str]) -> Iterator[str]:
    wrong = [INVALID[name] for name in ("kms_key_id", "offline") if name in invalid]
    yield from wrong
    if wrong:
        return
    secrets, ways, seed = _secrets(draft), _ways(draft), seed_ways(draft)
    if draft.mfa != "none" and ways:
        secrets = secrets if seed else (*secrets, SEED)
    how = f"Sealed with {', '.join(ways)}" if ways else "Shown until stored"
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
    if lacks_seed_seal(draft):
        yield f"{SEED}: needs a seal"
    if not _ways(draft):
        yield "no seal: you must store each secret yourself"
    elif not offline_ways(draft):
        yield "only KMS: can lock you out in an outage"
    if draft.mfa == "none":
        yield "no MFA: not recommended"


def _calls(draft: Draft) -> int:
    mfa = draft.mfa != "none"
    steps = 2 + draft.console + draft.programmatic + mfa + len(draft.groups) + bool(draft.role_arn)
    sealed = len(_secrets(draft)) + (mfa and not draft.mfa_recipients)
    return SETTLED * steps + (SEALING * sealed if draft.kms_key_id else 0)
