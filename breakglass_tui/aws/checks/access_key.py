"""The key half of the check ``access``: the access keys, and the proof by use of the new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.expectation import command, listed, settled, user_arn
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.consistency import CEILING_S, GOOD_READS, wait_until_consistent
from breakglass_tui.aws.error_classes import BAD_KEY, BAD_SECRET
from breakglass_tui.aws.steps.access_key import ACCESS_KEY
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject

ACTIVE = "Active"
NEEDS_ACTIVATION = "the access key is not active, and activating it is a write to IAM"
UNPROVEN = "that it works can only be proven with its secret"
PROVE = "Prove it with the stored key: aws sts get-caller-identity"
NEW_KEY = "Make a new key and seal it, or set up a new emergency user."


@dataclass(frozen=True)
class AccessKeyRead:
    """An access key as IAM lists it; its secret is never listed."""

    id: str
    status: str
    made: datetime | None = None

    @property
    def active(self) -> bool:
        """Whether it can be used; the others are Inactive and Expired (IAM API, statusType)."""
        return self.status == ACTIVE

    def __str__(self) -> str:
        return f"{show(self.id)} is {show(self.status)}"


def read_keys(api: Api, subject: Subject) -> tuple[AccessKeyRead, ...] | None:
    """The user's access keys, or None when there is no such user. Waits for one that this run has made."""
    answers: list[list[Mapping[str, Any]] | None] = []
    asked_for = subject.request is not None and subject.request.programmatic

    def there() -> bool:
        answers.append(listed(api, "iam:ListAccessKeys", "AccessKeyMetadata", subject))
        if answers[-1] is None:
            return False
        ids = {str(key["AccessKeyId"]) for key in answers[-1]}
        return not asked_for or (subject.access_key_id in ids if subject.access_key_id else bool(ids))

    settled(api.context, subject, there)
    keys = answers[-1]
    return None if keys is None else tuple(_key(key) for key in keys)


def _key(told: Mapping[str, Any]) -> AccessKeyRead:
    return AccessKeyRead(str(told["AccessKeyId"]), str(told["Status"]), told.get("CreateDate"))


def expect_keys(subject: Subject) -> str:
    """What is expected of the access keys."""
    if subject.request is None:
        return ""
    if not subject.request.programmatic:
        return "no access key"
    named = f" {show(subject.access_key_id)}" if subject.access_key_id else ""
    return f"one active access key{named} that answers as this user"


def judge_keys(api: Api, clients: Clients, subject: Subject, keys: Sequence[AccessKeyRead], findings: Findings) -> None:
    """Hold the keys against the request and use the new one where its secret is at hand."""
    if subject.request is None:
        _unmanaged(keys, findings)
    elif not subject.request.programmatic:
        _unasked(subject, keys, findings)
    else:
        key = _the_key(subject, keys)
        if key is None:
            findings.fail(f"access key {show(subject.access_key_id)}".strip() + " is not there", NEW_KEY)
        elif not key.active:
            on = command(subject, "update-access-key", "--access-key-id", key.id, "--status", ACTIVE)
            findings.fail(f"access key {key}", f"Activate it: {on}", pending=NEEDS_ACTIVATION)
        else:
            _prove(api, clients, subject, key, findings)
        _surplus(subject, [other for other in keys if other is not key], findings)


def _the_key(subject: Subject, keys: Sequence[AccessKeyRead]) -> AccessKeyRead | None:
    if subject.access_key_id:
        return next((key for key in keys if key.id == subject.access_key_id), None)
    return next((key for key in keys if key.active), keys[0] if keys else None)


def _surplus(subject: Subject, keys: Sequence[AccessKeyRead], findings: Findings) -> None:
    for key in keys:
        delete = command(subject, "delete-access-key", "--access-key-id", key.id)
        findings.warn(f"a further access key {key}", f"Unless it is known who holds it: {delete}")


def _unasked(subject: Subject, keys: Sequence[AccessKeyRead], findings: Findings) -> None:
    if not keys:
        findings.good("no access key")
    for key in keys:
        next = "Unless it is known who holds it: "
        next += command(subject, "delete-access-key", "--access-key-id", key.id)
        tell = findings.fail if key.active else findings.warn
        tell(f"not asked for: access key {key}", next)


def _unmanaged(keys: Sequence[AccessKeyRead], findings: Findings) -> None:
    if not keys:
        findings.good("no access key")
    for key in keys:
        if key.active:
            findings.warn(f"access key {key}; {UNPROVEN}", PROVE)
        else:
            findings.warn(f"access key {key}", "Activate it while all is well if it is meant for emergencies.")


def _prove(api: Api, clients: Clients, subject: Subject, key: AccessKeyRead, findings: Findings) -> None:
    secret = subject.vault.get(ACCESS_KEY) if subject.vault else None
    text = secret.reveal() if secret else ""
    if not text or key.id != subject.access_key_id:
        findings.warn(f"access key {key}; {UNPROVEN}", PROVE)
        return
    expected, said = user_arn(subject), list[str]()
    as_user = Api(clients.as_user(key.id, text), api.context)

    def works() -> bool:
        said.append(_answer(as_user))
        return bool(said[-1])

    try:
        proven = wait_until_consistent(api.context, works)
    except Problem as problem:
        if problem.code not in BAD_SECRET:
            raise
        findings.fail(f"access key {key}, but its secret is another: {problem.why}", NEW_KEY)
        return
    arns = set(filter(None, said))
    if not proven:
        findings.fail(f"access key {key}, but AWS did not know it within {CEILING_S:.0f} s", NEW_KEY)
    elif arns - {expected}:
        findings.fail(f"access key {key}, but it answers as {', '.join(map(show, sorted(arns - {expected})))}", NEW_KEY)
    else:
        findings.good(f"access key {key} and answered {GOOD_READS} of {GOOD_READS} times as {show(expected)}")


def _answer(as_user: Api) -> str:
    """Who the key is, or nothing while AWS does not know it yet. GetCallerIdentity cannot be denied (STS API)."""
    try:
        return str(as_user.call("sts:GetCallerIdentity")["Arn"])
    except Problem as problem:
        if problem.code in BAD_KEY:
            return ""
        raise
