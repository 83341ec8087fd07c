"""The rules of the role are kept: MFA for all principals, and principals that others add to the statement."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from breakglass_tui.aws.checks import validation_checks
from breakglass_tui.aws.steps.trust_statement import contains_user, remove_user
from breakglass_tui.domain.account import AccountList, Role
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.events import CheckFinished, RunStatus, StepFinished
from breakglass_tui.domain.trust_policy import MFA
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.engine.compose import subject_of

DAVE = "arn:aws:iam::123456789012:user/dave"
ROOT = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}


@pytest.fixture
def guarded(lab: Any) -> Any:
    """Return the lab with a role that requires MFA of all principals."""
    trust = {"Version": "2012-10-17", "Statement": [{**ROOT, "Condition": MFA}]}
    lab.iam.update_assume_role_policy(RoleName=lab.role, PolicyDocument=json.dumps(trust))
    lab.account = replace(lab.account, roles=AccountList((Role(lab.role, lab.role_arn, trust),)))
    return lab


def role_step(lab: Any, setup: Any) -> Any:
    return next(step for step in lab.cloud.plan(setup).steps if step.id == "role-trust")


def test_the_user_may_assume_the_role_with_mfa_only_and_that_is_shown_and_validated(guarded: Any) -> None:
    setup = guarded.everything()
    change = role_step(guarded, setup).change
    assert change.sentence.endswith("may assume it, with MFA only")
    assert '+        "Bool": {' in change.diff
    outcome = guarded.run(setup)
    own = guarded.trust()["Statement"][1]
    assert (own["Condition"], own["Action"]) == (MFA, "sts:AssumeRole")
    checks = validation_checks(guarded.clients, subject_of(setup, outcome.record))
    (check,) = [check for check in checks if check.id == "role-trust"]
    (result,) = [e.result for e in CheckRunner([check], guarded.clock).events() if isinstance(e, CheckFinished)]
    assert result.status is CheckStatus.PASS, result.found
    assert "assumed with the new key and MFA" in result.found


def test_a_user_without_a_device_needs_no_mfa_and_the_review_shows_that(guarded: Any) -> None:
    setup = guarded.setup(access="programmatic", role_arn=guarded.role_arn, kms_key_id="alias/break-glass")
    assert "all other principals need MFA, but this user has no device" in role_step(guarded, setup).change.sentence
    guarded.run(setup)
    assert "Condition" not in guarded.trust()["Statement"][1]


def test_the_undo_keeps_principals_that_others_added_to_the_statement(lab: Any) -> None:
    def others(event: Any, run: Any) -> None:
        if isinstance(event, StepFinished) and event.step == "role-trust":
            trust = lab.trust()
            trust["Statement"][1]["Principal"]["AWS"] = [trust["Statement"][1]["Principal"]["AWS"], DAVE]
            lab.iam.update_assume_role_policy(RoleName=lab.role, PolicyDocument=json.dumps(trust))
            run.stop("undo")

    before = lab.trust()["Statement"]
    outcome = lab.run(lab.everything(), watch=others)
    assert outcome.record.status is RunStatus.UNDONE, outcome.record.not_removed
    kept, other = lab.trust()["Statement"]
    assert [kept] == before
    assert (other["Principal"], other["Action"]) == ({"AWS": DAVE}, "sts:AssumeRole")


def test_the_user_and_the_ids_of_deleted_users_are_removed() -> None:
    own = {"Sid": "X", "Effect": "Allow", "Principal": {"AWS": "arn:me"}, "Action": "sts:AssumeRole"}
    stale = "AIDAQYLPMN5HDELETED12"
    cases = [
        ("arn:me", None),
        (["arn:me"], None),
        ([stale], None),
        (["arn:me", DAVE], {"AWS": DAVE}),
        ([DAVE, stale, "arn:eve"], {"AWS": [DAVE, "arn:eve"]}),
    ]
    for named, left in cases:
        trust = {"Statement": [ROOT, {**own, "Principal": {"AWS": named}}]}
        rest = [ROOT, {**own, "Principal": left}] if left else [ROOT]
        assert contains_user(trust, "X", "arn:me")
        assert remove_user(trust, "X", "arn:me", None)["Statement"] == rest
        assert not contains_user({"Statement": rest}, "X", "arn:me")
    both = {"Statement": [{**own, "Principal": {"AWS": "arn:me", "Service": "ec2.amazonaws.com"}}]}
    assert remove_user(both, "X", "arn:me", None)["Statement"][0]["Principal"] == {"Service": "ec2.amazonaws.com"}
    assert not contains_user({"Statement": [{**own, "Sid": "Y"}]}, "X", "arn:me")
