from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakglass_tui.domain.checks import (
    MISSION,
    NEEDS_USER,
    ORDER,
    CheckResult,
    CheckStatus,
    Reason,
    ReasonKind,
    Risk,
    Verdict,
    in_order,
    readiness,
    verdict_words,
)
from breakglass_tui.domain.verdict_lines import verdict_lines

results = st.builds(
    lambda name, status, pending: CheckResult(name, name, status, "yes", "seen", pending=pending),
    st.sampled_from([*MISSION, "role-trust"]),
    st.sampled_from(list(CheckStatus)),
    st.sampled_from(["", "the password must still be changed"]),
)


def mission(**statuses: CheckStatus) -> list[CheckResult]:
    """The four checks of the mission, passed but for those named."""
    given_names = {name.replace("_", "-"): status for name, status in statuses.items()}
    return [CheckResult(id, id, given_names.get(id, CheckStatus.PASS), "yes", "seen") for id in MISSION]


def test_nothing_checked_is_not_ready_and_says_so():
    verdict = readiness([])
    assert verdict.verdict is Verdict.NOT_READY
    assert verdict.words == "NOT PROVEN"
    assert [(reason.kind, reason.text) for reason in verdict.reasons] == [
        (ReasonKind.NOT_PROVEN, "Not all checks have run yet.")
    ]


@given(st.lists(results, max_size=8))
def test_ready_means_nothing_failed_nothing_pending_and_the_whole_mission_proven(checks):
    verdict = readiness(checks)
    failed = any(c.status is CheckStatus.FAIL for c in checks)
    proven = {c.id for c in checks if c.status in (CheckStatus.PASS, CheckStatus.WARN)} >= set(MISSION)
    pending = any(c.pending for c in checks)
    assert (verdict.verdict is Verdict.READY) == (proven and not failed and not pending)
    if failed or not proven:
        assert verdict.verdict is Verdict.NOT_READY
        assert verdict.words == ("NOT READY" if failed else "NOT PROVEN")


def test_all_four_proven_is_ready():
    assert readiness(mission()).verdict is Verdict.READY


def test_access_that_could_not_be_read_keeps_a_user_from_being_ready():
    assert readiness(mission(access=CheckStatus.SKIP)).verdict is Verdict.NOT_READY


@pytest.mark.parametrize("found", [NEEDS_USER, "The user does not exist."])
def test_a_check_that_needs_the_user_is_left_out_where_the_user_does_not_exist(found):
    lost = CheckResult("groups", "Groups", CheckStatus.SKIP, "", found)
    assert [risk.check for risk in readiness([*mission(), lost]).risks] == ["groups"]
    gone = readiness([*mission(user_exists=CheckStatus.FAIL), lost])
    assert [reason.text for reason in gone.reasons] == ["user-exists: seen"]
    assert gone.risks == ()


@given(st.lists(results, max_size=6))
def test_whatever_is_not_ready_gives_its_reasons(checks):
    verdict = readiness(checks)
    assert verdict.reasons or verdict.verdict is Verdict.READY


@given(st.permutations([*MISSION, "group-membership", "role-trust"]))
def test_however_checks_end_the_mission_comes_first(ids):
    results = [CheckResult(id, id, CheckStatus.PASS, "", "") for id in ids]
    assert [result.id for result in in_order(results)] == [*MISSION, "group-membership", "role-trust"]


@given(st.permutations([*ORDER, "zz-unknown", "aa-unknown"]))
def test_every_known_check_has_its_place_and_unknown_ones_stand_last(ids):
    results = [CheckResult(id, id, CheckStatus.PASS, "", "") for id in ids]
    assert [result.id for result in in_order(results)] == [*ORDER, "aa-unknown", "zz-unknown"]


def test_a_risk_is_shown_with_what_clears_it_and_does_not_change_the_verdict():
    lonely = CheckResult("second-device", "Device", CheckStatus.WARN, "", "", remedy="Buy one.", caution="only one")
    found = readiness([*mission(), lonely])
    assert (found.verdict, found.reasons) == (Verdict.READY, ())
    assert found.risks == (Risk("second-device", "only one", "Buy one."),)


@given(st.lists(results, max_size=8))
def test_every_reason_and_risk_has_what_clears_it_beside_it(checks):
    found = readiness([replace(check, remedy=f"fix {check.id}") for check in checks])
    assert all(entry.clear for entry in (*found.reasons, *found.risks))


def test_a_step_is_cleared_by_its_own_advice_and_not_by_the_remedy_of_the_check():
    first, *others = mission()
    waiting = replace(first, pending="a reset", clears="Sign in once.", remedy="Delete the other key.")
    found = readiness([waiting, *others])
    assert found.verdict is Verdict.NEEDS_CONTROL_PLANE
    assert found.reasons == (Reason(ReasonKind.STEP, first.id, "a reset", "Sign in once."),)
    assert found.words == "1 STEP LEFT"


@pytest.mark.parametrize("id", [*MISSION, "denies", "role-trust", "envelopes"])
def test_a_blocking_check_that_was_skipped_or_left_something_untested_is_not_proven(id):
    others = [result for result in mission() if result.id != id]
    skipped = CheckResult(id, "Title", CheckStatus.SKIP, "", "denied", remedy="Allow it.")
    untested = CheckResult(id, "Title", CheckStatus.WARN, "", "x", unproven="Not used", clears="Use it.")
    assert readiness([*others, skipped]).words == readiness([*others, untested]).words == "NOT PROVEN"
    assert readiness([*others, skipped]).reasons == (Reason(ReasonKind.NOT_PROVEN, id, "Title: denied", "Allow it."),)
    assert readiness([*others, untested]).reasons == (Reason(ReasonKind.NOT_PROVEN, id, "Not used", "Use it."),)


def test_a_check_that_does_not_block_and_could_not_be_read_is_a_risk():
    unread = CheckResult("trail", "Trail", CheckStatus.SKIP, "", "AWS denied it.")
    found = readiness([*mission(), unread])
    assert (found.words, found.risks) == ("READY", (Risk("trail", "Trail was not tested: AWS denied it"),))


def test_failures_come_before_steps_and_checks_that_proved_nothing():
    six = [
        CheckResult("last-use", "Use", CheckStatus.WARN, "", "", caution="never tried"),
        CheckResult("trail", "Trail", CheckStatus.SKIP, "", "denied"),
        replace(mission()[2], pending="a reset"),
        CheckResult("mfa-devices", "MFA", CheckStatus.SKIP, "", "denied"),
        *mission()[:2],
        CheckResult("policies", "Policies", CheckStatus.FAIL, "", "too many"),
    ]
    found = readiness(six)
    assert [reason.text for reason in found.reasons] == ["Policies: too many", "a reset", "MFA: denied"]
    assert [risk.text for risk in found.risks] == ["never tried", "Trail was not tested: denied"]
    assert found.words == "NOT READY"


@pytest.mark.parametrize(
    ("verdict", "kinds", "words"),
    [
        (Verdict.READY, (), "READY"),
        (Verdict.NEEDS_CONTROL_PLANE, (ReasonKind.STEP,), "1 STEP LEFT"),
        (Verdict.NEEDS_CONTROL_PLANE, (ReasonKind.STEP, ReasonKind.STEP), "2 STEPS LEFT"),
        (Verdict.NEEDS_CONTROL_PLANE, (), "STEPS LEFT"),
        (Verdict.NOT_READY, (ReasonKind.STEP, ReasonKind.FAILED), "NOT READY"),
        (Verdict.NOT_READY, (ReasonKind.STEP, ReasonKind.NOT_PROVEN), "NOT PROVEN"),
        (Verdict.NOT_READY, (), "NOT READY"),
    ],
)
def test_the_words_of_a_verdict(verdict, kinds, words):
    assert verdict_words(verdict, kinds) == words


def test_the_lines_begin_with_the_verdict_and_end_with_the_risks():
    access = replace(mission()[2], pending="Make the first sign-in.", clears="Press f.")
    lonely = CheckResult("second-device", "Device", CheckStatus.WARN, "", "", remedy="Buy one.", caution="only one")
    assert verdict_lines(readiness([*mission()[:2], access, mission()[3], lonely])) == [
        "1 STEP LEFT",
        "  Step: Make the first sign-in.",
        "    → Press f.",
        "RISKS",
        "  only one",
        "    → Buy one.",
    ]
