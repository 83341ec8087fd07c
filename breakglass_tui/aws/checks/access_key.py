"""The part of the check ``access`` that evaluates the access keys, and tests the key of the run by using it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.dates import date_text
from breakglass_tui.aws.checks.earlier_use import add_disproof
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import list_of_user, user_arn, wait_until_present
from breakglass_tui.aws.checks.remedy_commands import aws_command, user_command, validate_with_envelope
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.consistency import CONSISTENT_READS, TIMEOUT_S, wait_until_replicas_agree
from breakglass_tui.aws.error_classes import BAD_KEY, BAD_SECRET
from breakglass_tui.aws.steps.access_key import ACCESS_KEY
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject

ACTIVE = "Active"
NEEDS_ACTIVATION = "Activate the access key (an IAM write)"
UNTESTED = "not tested because its secret is not available here"
KEY_UNTESTED = "Credentials: no validation used the access key in the last 45 days"
TEST_KEY = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to the stored key, then test it"
NEW_KEY = "Create a new access key and seal it, or create a new emergency user."


@dataclass(frozen=True)
class AccessKeyRead:
    """An access key as ListAccessKeys returns it, without its secret."""

    id: str
    status: str
    created_at: datetime | None = None

    @property
    def active(self) -> bool:
        """Whether the status is Active. Inactive and Expired keys cannot be used (IAM API, statusType)."""
        return self.status == ACTIVE

    def __str__(self) -> str:
        return f"{show(self.id)} is {show(self.status)}"


def read_keys(api: Api, subject: Subject) -> tuple[AccessKeyRead, ...] | None:
    """Return the user's access keys, or None if the user does not exist. Waits for a key that this process created."""
    answers: list[list[Mapping[str, Any]] | None] = []
    requested = subject.request is not None and subject.request.programmatic

    def present() -> bool:
        answers.append(list_of_user(api, "iam:ListAccessKeys", "AccessKeyMetadata", subject))
        if answers[-1] is None:
            return False
        ids = {str(key["AccessKeyId"]) for key in answers[-1]}
        return not requested or (subject.access_key_id in ids if subject.access_key_id else bool(ids))

    wait_until_present(api.context, subject, present)
    keys = answers[-1]
    return None if keys is None else tuple(_key(key) for key in keys)


def _key(metadata: Mapping[str, Any]) -> AccessKeyRead:
    return AccessKeyRead(str(metadata["AccessKeyId"]), str(metadata["Status"]), metadata.get("CreateDate"))


def expected_keys(subject: Subject) -> str:
    """Return a phrase for the access keys that the request expects, or "" without a request."""
    if subject.request is None:
        return ""
    if not subject.request.programmatic:
        return "no access key"
    named = f" {show(subject.access_key_id)}" if subject.access_key_id else ""
    return f"one active access key{named} that authenticates as this user"


def evaluate_keys(
    api: Api, clients: Clients, subject: Subject, keys: Sequence[AccessKeyRead], findings: Findings
) -> None:
    """Add a finding for each access key. The key of the run is tested with a call, if the vault has its secret."""
    if subject.request is None:
        _unmanaged(clients, subject, keys, findings)
    elif not subject.request.programmatic:
        _unrequested(clients, subject, keys, findings)
    else:
        key = _expected_key(subject, keys)
        if key is None:
            findings.fail(f"access key {show(subject.access_key_id)}".strip() + " does not exist", NEW_KEY)
        elif not key.active:
            findings.fail(
                f"access key {key}", f"Activate it: {_activate(clients, subject, key)}", pending=NEEDS_ACTIVATION
            )
        else:
            _test(api, clients, subject, key, findings)
        _additional(clients, subject, [other for other in keys if other is not key], findings)


def _expected_key(subject: Subject, keys: Sequence[AccessKeyRead]) -> AccessKeyRead | None:
    if subject.access_key_id:
        return next((key for key in keys if key.id == subject.access_key_id), None)
    return next((key for key in keys if key.active), keys[0] if keys else None)


def _additional(clients: Clients, subject: Subject, keys: Sequence[AccessKeyRead], findings: Findings) -> None:
    for key in keys:
        findings.warn(f"additional access key {key}", _delete(clients, subject, key))


def _unrequested(clients: Clients, subject: Subject, keys: Sequence[AccessKeyRead], findings: Findings) -> None:
    if not keys:
        findings.good("no access key")
    for key in keys:
        report = findings.fail if key.active else findings.warn
        report(f"not requested: access key {key}", _delete(clients, subject, key))


def _unmanaged(clients: Clients, subject: Subject, keys: Sequence[AccessKeyRead], findings: Findings) -> None:
    if not keys:
        findings.good("no access key")
    for key in keys:
        if key.active:
            test = f"{TEST_KEY}: {aws_command(clients, 'sts get-caller-identity', with_profile=False)}"
            findings.untested(f"access key {key}, {UNTESTED}", test, reason=KEY_UNTESTED)
        else:
            remedy = f"If it is meant for emergencies, activate it now: {_activate(clients, subject, key)}"
            findings.warn(f"access key {key}", remedy)


def _activate(clients: Clients, subject: Subject, key: AccessKeyRead) -> str:
    return user_command(clients, subject, "update-access-key", "--access-key-id", key.id, "--status", ACTIVE)


def _delete(clients: Clients, subject: Subject, key: AccessKeyRead) -> str:
    command = user_command(clients, subject, "delete-access-key", "--access-key-id", key.id)
    return f"Delete it unless you know who holds it: {command}"


def _test(api: Api, clients: Clients, subject: Subject, key: AccessKeyRead, findings: Findings) -> None:
    secret = subject.vault.get(ACCESS_KEY) if subject.vault else None
    text = secret.reveal() if secret else ""
    if not text or key.id != subject.access_key_id:
        _tested_before(api, clients, subject, key, findings)
        return
    expected, answers = user_arn(subject), list[str]()
    as_user = Api(clients.as_user(key.id, text), api.context)

    def works(branch: Api) -> bool:
        arn = _caller_arn(branch)
        answers.append(arn)
        return bool(arn)

    try:
        working = wait_until_replicas_agree(as_user, works)
    except Problem as problem:
        if problem.code not in BAD_SECRET:
            raise
        text = f"access key {key}, but the stored secret does not belong to it: {problem.why}"
        findings.disproven(text, NEW_KEY, key.id)
        return
    others = sorted(set(filter(None, answers)) - {expected})
    if not working:
        text = f"access key {key}, but AWS did not recognize it within {TIMEOUT_S:.0f} s"
        findings.disproven(text, NEW_KEY, key.id)
    elif others:
        text = f"access key {key}, but it authenticates as {', '.join(map(show, others))}"
        findings.disproven(text, NEW_KEY, key.id)
    else:
        count = f"{CONSISTENT_READS} of {CONSISTENT_READS} times"
        findings.proven(f"access key {key} and authenticated {count} as {show(expected)}", key.id)


def _tested_before(api: Api, clients: Clients, subject: Subject, key: AccessKeyRead, findings: Findings) -> None:
    """Add a finding that depends on whether a validation on this machine has used the key before.

    If none has, the finding asks for a test with the envelope.
    """
    if add_disproof(clients, subject, "access", key.id, findings):
        return
    proof = subject.history.proof("access", key.id, api.context.clock.now())
    if proof is not None:
        findings.good(f"access key {key}, used by a validation on {date_text(proof.at)}")
    else:
        findings.untested(
            f"access key {key}, {UNTESTED}", validate_with_envelope(clients, subject), reason=KEY_UNTESTED
        )


def _caller_arn(as_user: Api) -> str:
    """Return the ARN of the key's user, or "" if AWS does not recognize the key yet. Raises ``Problem``.

    GetCallerIdentity shows who owns the key, because no policy can deny that call (STS API).
    """
    try:
        return str(as_user.call("sts:GetCallerIdentity")["Arn"])
    except Problem as problem:
        if problem.code in BAD_KEY:
            return ""
        raise
