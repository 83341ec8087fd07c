"""Lists the resources of a run in AWS: those that it created, and those whose creation AWS has not confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from breakglass_tui.domain.account import Caller
from breakglass_tui.domain.ownership import device_name, device_serial
from breakglass_tui.domain.policy import INLINE_POLICY_NAME
from breakglass_tui.domain.record import RunRecord, StepRecord
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.domain.text import show

LONGEST = 4096
WRITES = {
    "create-user": "iam:CreateUser",
    "mfa-device": "iam:CreateVirtualMFADevice",
    "login-profile": "iam:CreateLoginProfile",
    "access-key": "iam:CreateAccessKey",
    "inline-policy": "iam:PutUserPolicy",
    "group-membership": "iam:AddUserToGroup",
    "role-trust": "iam:UpdateAssumeRolePolicy",
}
"""The request with which each step creates its resource. If it was not sent, the step has created nothing."""


@dataclass(frozen=True)
class RunResource:
    """A resource of the step with id ``step``. ``name`` is its kind and name, safe to show.

    ``created`` is False if the answer to the request was lost, so that the resource may not exist.
    """

    step: str
    name: str
    created: bool


def run_resources(record: RunRecord) -> tuple[RunResource, ...]:
    """Return the resources that the run created or may have created, in the order in which their steps started."""
    header = record.header
    if header is None:
        return ()
    return tuple(resource for step in record.may_exist for resource in _resources_of(step, record, header))


def _resources_of(step: StepRecord, record: RunRecord, header: RunHeader) -> Iterator[RunResource]:
    write = WRITES.get(step.id, "")
    done, unanswered = write in record.recovery.done, record.recovery.unanswered[write] > 0
    created = step.is_done or done
    if step.id == "access-key":
        yield from _access_keys(record, created=created, unanswered=unanswered)
    elif created or unanswered:
        names = _names(step, record, header)
        # One of several writes may be missing while the step is not done.
        certain = step.is_done or (done and len(names) == 1)
        yield from (RunResource(step.id, name, certain) for name in names)


def _access_keys(record: RunRecord, *, created: bool, unanswered: bool) -> Iterator[RunResource]:
    """Yield the access key that the run recorded, and an unknown key if a request has no answer.

    That request may have created a second key.
    """
    known = record.facts.get("access_key_id", "")
    if created:
        yield RunResource("access-key", f"access key {show(known)}" if known else "access key", created=True)
    if unanswered:
        yield RunResource("access-key", "access key with an unknown id", created=False)


def _names(step: StepRecord, record: RunRecord, header: RunHeader) -> tuple[str, ...]:
    request = header.request
    user = str(request.get("user_name", ""))
    if step.id == "mfa-device":
        caller = Caller(header.account_id, header.caller_arn, "")
        serial = record.facts.get("mfa_serial") or device_serial(caller, device_name(user, header.id))
        return (f"virtual MFA device {show(serial, LONGEST)}",)
    if step.id == "group-membership":
        return tuple(f"membership in group {show(str(name))}" for name in request.get("groups", ()))
    names = {
        "create-user": f"IAM user {show(user)}",
        "login-profile": "login profile (console password)",
        "inline-policy": f"inline policy {INLINE_POLICY_NAME}",
        "role-trust": f"trust statement in role {show(str(request.get('role_arn', '')).rpartition('/')[2])}",
    }
    return (names.get(step.id, show(step.title)),)
