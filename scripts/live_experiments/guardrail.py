"""Experiment: the guardrail, which is the policy statement that denies everything without MFA."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.consistency import wait_until_consistent
from breakglass_tui.aws.error_classes import BUSY, DENIED
from breakglass_tui.domain.account import AdminPolicy
from breakglass_tui.domain.policy import inline_document
from breakglass_tui.domain.problems import Problem
from live_experiments.facts import Fact
from live_experiments.lab import ACCEPTED, Lab

READ = "iam:GetUser"
CHANGE = "iam:ChangePassword"
BUSY_S = 120.0


def guarded_policy(user_arn: str) -> Mapping[str, Any]:
    """Return a policy with the program's guardrail and two permissions on the user itself.

    So the user of the experiment is no administrator.
    """
    allow = {"Effect": "Allow", "Action": [READ, CHANGE], "Resource": user_arn}
    return inline_document(AdminPolicy("", "", {"Version": "2012-10-17", "Statement": [allow]}), require_mfa=True)


def guardrail(lab: Lab) -> Iterator[Fact]:
    """Yield as facts what AWS allows a user under the guardrail.

    The calls are a read without MFA, a read with MFA, and ChangePassword without MFA.
    """
    user = lab.user(guarded_policy)
    as_user = lab.key(user)
    old, new = lab.password(user, reset=True), lab.new_password(user)
    device = lab.enabled_device(user)
    denied = wait_until_consistent(lab.context, lambda: _denied(as_user), good_reads=1)
    text = "The deny without MFA denies a call of the access key alone (GetUser)."
    found = "an explicit deny" if denied else lab.outcome(lambda: as_user.call(READ))
    yield lab.fact(text, expected="an explicit deny", found=found, holds=denied)
    session = lab.as_user(lab.session(as_user, device, lab.next_code(device.seed)))
    found = lab.outcome(lambda: session.call(READ))
    text = "With an MFA session of the same key, it is allowed."
    yield lab.fact(text, expected=ACCEPTED, found=found, holds=found == ACCEPTED)
    passwords = {"OldPassword": old.reveal(), "NewPassword": new.reveal()}
    found = lab.outcome(lambda: as_user.call(CHANGE, retry_on=BUSY, retry_for_s=BUSY_S, **passwords))
    text = "The deny without MFA lets the user change its password without MFA (ChangePassword)."
    yield lab.fact(text, expected=ACCEPTED, found=found, holds=found == ACCEPTED)


def _denied(as_user: Api) -> bool:
    """Return whether the guardrail refuses the call, which means an explicit deny.

    While the policy of the new user is not visible yet, the refusal is an implicit deny.
    """
    try:
        as_user.call(READ)
    except Problem as problem:
        return problem.code in DENIED and "explicit deny" in problem.why
    return False
