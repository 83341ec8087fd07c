"""The script repeats a write only after a refusal, or if a second request changes nothing."""

from __future__ import annotations

import pytest
from fault_answers import STALE_READS
from fault_proxy import Fault

ROLE = "arn:aws:iam::123456789012:role/EmergencyAdmin"
EVERYTHING = {"access": "both", "mfa": "sealed", "groups": ["emergency"], "role_arn": ROLE}
AFTER_THE_USER = (
    "iam:EnableMFADevice",
    "iam:CreateLoginProfile",
    "iam:CreateAccessKey",
    "iam:PutUserPolicy",
    "iam:AddUserToGroup",
    "iam:UpdateAssumeRolePolicy",
)
CREATES = ("iam:CreateUser", "iam:CreateVirtualMFADevice", *AFTER_THE_USER[:3])
REPEATABLE = ("iam:GetUser", "kms:Encrypt", "kms:Decrypt", *AFTER_THE_USER[3:])


@pytest.mark.parametrize("mfa", ["sealed", "authenticator"])
def test_writes_that_do_not_find_the_new_user_yet_are_repeated(place, setup_in, engine_run, run_script, proxy_of, mfa):
    engine, by_hand = place(), place()
    setup = setup_in(engine, **{**EVERYTHING, "mfa": mfa})
    engine_run(engine, setup)
    proxy = proxy_of(by_hand)
    for operation in AFTER_THE_USER:
        proxy.arm(operation, 1, Fault.STALE)
    ran = run_script(by_hand, setup, endpoint=proxy.url)
    assert ran.code == 0, ran.output
    assert by_hand.state(setup) == engine.state(setup)
    seen = {operation: (proxy.seen[operation], proxy.reached[operation]) for operation in AFTER_THE_USER}
    assert seen == dict.fromkeys(AFTER_THE_USER, (STALE_READS + 1, 1))


@pytest.mark.parametrize("operation", CREATES)
def test_a_create_whose_answer_was_lost_is_not_repeated(place, setup_in, run_script, proxy_of, operation):
    there = place()
    proxy = proxy_of(there)
    proxy.arm(operation, 1, Fault.LOST)
    ran = run_script(there, setup_in(there, **EVERYTHING), endpoint=proxy.url)
    assert ran.code != 0
    assert (proxy.seen[operation], proxy.reached[operation]) == (1, 1), ran.output
    assert ran.left_over == []
    removal = "list-user-tags" if operation == "iam:CreateUser" else "delete-user"
    assert removal in ran.output


def test_requests_that_may_be_sent_twice_survive_a_lost_answer(place, setup_in, run_script, proxy_of):
    there = place()
    proxy = proxy_of(there)
    for operation in REPEATABLE:
        proxy.arm(operation, 1, Fault.LOST)
    setup = setup_in(there, groups=["emergency"], role_arn=ROLE, kms_key_id="alias/break-glass")
    ran = run_script(there, setup, endpoint=proxy.url)
    assert ran.code == 0, ran.output
    assert {operation: proxy.seen[operation] for operation in REPEATABLE} == dict.fromkeys(REPEATABLE, 2)


@pytest.mark.parametrize("operation", AFTER_THE_USER[::2])
def test_another_refusal_ends_the_script_at_once(place, setup_in, run_script, proxy_of, operation):
    there = place()
    proxy = proxy_of(there)
    proxy.arm(operation, 1, Fault.DENIED)
    ran = run_script(there, setup_in(there, **EVERYTHING), endpoint=proxy.url)
    assert ran.code != 0
    assert "AccessDenied" in ran.output
    assert proxy.seen[operation] == 1
    assert "delete-user" in ran.printed_removal


def test_a_write_that_is_refused_for_a_minute_ends_the_script(place, setup_in, run_script, proxy_of):
    there = place()
    there.iam.create_group(GroupName="short-lived")
    setup = setup_in(there, groups=["short-lived"])
    there.iam.delete_group(GroupName="short-lived")
    ran = run_script(there, setup)
    assert ran.code != 0
    assert ran.output.count("(NoSuchEntity)") == 13
    assert "remove-user-from-group" in ran.printed_removal
