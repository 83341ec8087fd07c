"""Controls of the standards: met, not met, unknown, and what an emergency user breaks on purpose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from breakglass_tui.domain.checks import ACTIVE_KEYS, CheckResult, CheckStatus
from breakglass_tui.domain.compliance import ControlStatus, control_results
from breakglass_tui.domain.controls import CIS_VERSIONS, CONTROLS, controls_of


def result(id, status, found="found it"):
    return CheckResult(id, id, status, expected="", found=found)


def status_of(results, standard, id, request=None):
    (answer,) = [
        one for one in control_results(results, request) if (one.control.standard, one.control.id) == (standard, id)
    ]
    return answer.status


def test_controls_that_a_single_user_neither_meets_nor_breaks_are_left_out():
    """Security Hub IAM.1 evaluates customer-managed policies only. CIS 4.2 wants an alarm for every user."""
    names = {(control.standard, control.id) for control in CONTROLS}
    assert ("AWS FSBP", "IAM.1") not in names
    assert not any("without MFA raises an alert" in control.title for control in CONTROLS)
    assert ("AWS FSBP", "IAM.2") in names
    assert controls_of("sign-in-alert") == ("NIST 800-53 r5 AC-2(12)", "PCI DSS 4.0 8.2.2")


def test_what_was_not_checked_is_unknown_and_never_met():
    assert {answer.status for answer in control_results(())} == {ControlStatus.UNKNOWN}
    skipped = [result(check, CheckStatus.SKIP) for control in CONTROLS for check in control.checks]
    assert {answer.status for answer in control_results(skipped)} == {ControlStatus.UNKNOWN}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (CheckStatus.PASS, ControlStatus.EXCEPTION),
        (CheckStatus.WARN, ControlStatus.NOT_MET),
        (CheckStatus.FAIL, ControlStatus.NOT_MET),
        (CheckStatus.SKIP, ControlStatus.UNKNOWN),
    ],
)
def test_admin_on_the_user_itself_is_an_expected_exception_and_another_policy_is_a_failure(status, expected):
    results = [result("inline-policy", status)]
    assert status_of(results, "CIS AWS 5.0", "1.14") is expected
    assert status_of(results, "AWS FSBP", "IAM.2") is expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (CheckStatus.PASS, ControlStatus.MET),
        (CheckStatus.WARN, ControlStatus.EXCEPTION),
        (CheckStatus.FAIL, ControlStatus.NOT_MET),
        (CheckStatus.SKIP, ControlStatus.UNKNOWN),
    ],
)
def test_an_unused_sealed_credential_is_an_exception_only_while_it_is_unused(status, expected):
    assert status_of([result("last-use", status)], "CIS AWS 6.0", "2.11") is expected


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((CheckStatus.PASS, CheckStatus.PASS), ControlStatus.MET),
        ((CheckStatus.PASS, CheckStatus.FAIL), ControlStatus.NOT_MET),
        ((CheckStatus.WARN, CheckStatus.PASS), ControlStatus.NOT_MET),
        ((CheckStatus.PASS, CheckStatus.SKIP), ControlStatus.UNKNOWN),
        ((CheckStatus.FAIL, CheckStatus.SKIP), ControlStatus.NOT_MET),
    ],
)
def test_a_control_of_two_checks_is_as_good_as_the_worse_of_them(statuses, expected):
    mfa, enforced = statuses
    results = [result("mfa-devices", mfa), result("mfa-enforcement", enforced)]
    assert status_of(results, "NIST 800-53 r5", "IA-2(1)") is expected


@pytest.mark.parametrize(
    ("request_", "console", "all_access"),
    [
        ({"access": "console", "mfa": "none"}, ControlStatus.NOT_MET, ControlStatus.NOT_MET),
        ({"access": "programmatic", "mfa": "none"}, ControlStatus.MET, ControlStatus.NOT_MET),
        ({"access": "both", "mfa": "sealed"}, ControlStatus.MET, ControlStatus.MET),
        ({}, ControlStatus.MET, ControlStatus.MET),
    ],
)
def test_a_check_that_matches_the_request_is_not_enough_for_the_standard(request_, console, all_access):
    results = [result(id, CheckStatus.PASS) for id in ("mfa-devices", "mfa-enforcement")]
    assert status_of(results, "CIS AWS 5.0", "1.9", request_) is console
    assert status_of(results, "PCI DSS 4.0", "8.4.2", request_) is all_access


@pytest.mark.parametrize("status", [CheckStatus.PASS, CheckStatus.WARN, CheckStatus.FAIL])
@pytest.mark.parametrize(
    ("access", "keys", "none_at_set_up", "one"),
    [
        ("console", "0", ControlStatus.MET, ControlStatus.MET),
        ("console", "1", ControlStatus.NOT_MET, ControlStatus.MET),
        ("programmatic", "1", ControlStatus.MET, ControlStatus.MET),
        ("programmatic", "2", ControlStatus.MET, ControlStatus.NOT_MET),
        ("both", "1", ControlStatus.NOT_MET, ControlStatus.MET),
        ("both", "2", ControlStatus.NOT_MET, ControlStatus.NOT_MET),
        (None, "0", ControlStatus.MET, ControlStatus.MET),
        (None, "1", ControlStatus.UNKNOWN, ControlStatus.MET),
        (None, "2", ControlStatus.UNKNOWN, ControlStatus.NOT_MET),
    ],
)
def test_access_keys_are_counted_even_if_the_check_has_other_findings(status, access, keys, none_at_set_up, one):
    results = [replace(result("access", status), facts={ACTIVE_KEYS: keys})]
    request = {} if access is None else {"access": access}
    assert status_of(results, "CIS AWS 5.0", "1.10", request) is none_at_set_up
    assert status_of(results, "CIS AWS 5.0", "1.12", request) is one


def test_access_keys_that_were_not_counted_are_unknown():
    for status in CheckStatus:
        assert status_of([result("access", status)], "CIS AWS 5.0", "1.12", {"access": "both"}) is ControlStatus.UNKNOWN


def test_a_request_decides_nothing_before_its_check_has_run():
    assert {one.status for one in control_results((), {"access": "both", "mfa": "none"})} == {ControlStatus.UNKNOWN}


def test_every_number_is_there_once_and_a_check_names_its_controls():
    keys = [(control.standard, control.id) for control in CONTROLS]
    assert len(set(keys)) == len(keys)
    for version in CIS_VERSIONS:
        assert any(control.standard == f"CIS AWS {version}" for control in CONTROLS)
    assert "CIS AWS 5.0 1.9" in controls_of("mfa-devices")
    assert "CIS AWS 7.0 2.10" in controls_of("mfa-devices")
    assert controls_of("no-such-check") == ()
