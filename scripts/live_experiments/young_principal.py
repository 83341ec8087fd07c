"""Experiment: a trust policy with a user that was created seconds ago."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator

from breakglass_tui.domain.trust_policy import with_user
from live_experiments.facts import Fact
from live_experiments.lab import ACCEPTED, Lab

WITHIN_S = 60.0
"""Seconds for which the request is repeated. The step of the program repeats it for the same time."""


def young_principal(lab: Lab) -> Iterator[Fact]:
    """Yield as a fact for how long AWS refuses a trust policy because its user is new."""
    account = {"AWS": f"arn:{lab.caller.partition}:iam::{lab.caller.account_id}:root"}
    unknown = {"StringEquals": {"sts:ExternalId": secrets.token_hex(16)}}
    statement = {"Effect": "Allow", "Principal": account, "Action": "sts:AssumeRole", "Condition": unknown}
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    role = lab.role(trust)
    user = lab.user()
    document = json.dumps(with_user(trust, "Young", user.arn))
    started, refusals, found = lab.context.clock.ticks(), 0, ""
    while True:
        found = lab.outcome(lambda: lab.api.call("iam:UpdateAssumeRolePolicy", RoleName=role, PolicyDocument=document))
        elapsed = lab.context.clock.ticks() - started
        if found == ACCEPTED or elapsed >= WITHIN_S:
            break
        refusals += 1
        lab.context.wait(1)
    text = "UpdateAssumeRolePolicy accepts a user that was created just before."
    yield lab.fact(
        text,
        expected=f"{ACCEPTED} within {WITHIN_S:.0f} s",
        found=f"{found} after {elapsed:.0f} s and {refusals} refusals",
        holds=found == ACCEPTED,
        needs_aws=True,
    )
