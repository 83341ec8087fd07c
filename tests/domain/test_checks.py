from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from breakglass_tui.domain.checks import (
    MISSION,
    NEEDS_USER,
    ORDER,
    CheckResult,
    CheckStatus,
    Verdict,
    in_order,
    readiness,
)

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
    assert verdict.reasons == ("not every claim has been checked yet",)


@given(st.lists(results, max_size=8))
def test_ready_means_nothing_failed_nothing_pending_and_the_whole_mission_proven(checks):
    verdict = readiness(checks)
    failed = any(c.status is CheckStatus.FAIL for c in checks)
    proven = {c.id for c in checks if c.status in (CheckStatus.PASS, CheckStatus.WARN)} >= set(MISSION)
    pending = any(c.pending for c in checks)
    assert (verdict.verdict is Verdict.READY) == (proven and not failed and not pending)
    if failed or not proven:
        assert verdict.verdict is Verdict.NOT_READY


def test_all_four_proven_is_ready():
    assert readiness(mission()).verdict is Verdict.READY


def test_access_that_could_not_be_read_keeps_a_user_from_being_ready():
    assert readiness(mission(access=CheckStatus.SKIP)).verdict is Verdict.NOT_READY


def test_what_needs_the_user_is_a_reason_only_where_the_user_is_said_to_be_there():
    lost = CheckResult("groups", "Groups", CheckStatus.SKIP, "", NEEDS_USER)
    assert readiness([*mission(), lost]).reasons == ("Groups: not proven, This needs the user. There is none.",)
    assert readiness([*mission(user_exists=CheckStatus.FAIL), lost]).reasons == ("user-exists: seen",)


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


def test_cautions_are_told_with_their_step_and_change_no_verdict():
    lonely = CheckResult("second-device", "Device", CheckStatus.WARN, "", "", remedy="Buy one.", caution="only one")
    told = readiness([*mission(), lonely])
    assert (told.verdict, told.reasons, told.steps) == (Verdict.READY, ("only one",), ("Buy one.",))


@given(st.lists(results, max_size=8))
def test_every_reason_has_the_step_that_clears_it_beside_it(checks):
    told = readiness([replace(check, remedy=f"mend {check.id}") for check in checks])
    assert len(told.reasons) == len(told.steps)
    assert all(told.steps)


def test_what_is_pending_is_cleared_by_its_own_step_and_not_by_the_remedy_of_the_check():
    first, *others = mission()
    waiting = replace(first, pending="a reset", clears="Sign in once.", remedy="Delete the other key.")
    told = readiness([waiting, *others])
    assert told.verdict is Verdict.NEEDS_CONTROL_PLANE
    assert (told.reasons, told.steps) == (("a reset",), ("Sign in once.",))


def test_failures_come_before_what_is_pending_unproven_or_a_caution():
    four = [
        CheckResult("last-use", "Use", CheckStatus.WARN, "", "", caution="never tried"),
        CheckResult("trail", "Trail", CheckStatus.SKIP, "", "denied"),
        replace(mission()[2], pending="a reset"),
        CheckResult("policies", "Policies", CheckStatus.FAIL, "", "too many"),
    ]
    assert readiness(four).reasons == ("Policies: too many", "a reset", "Trail: not proven, denied", "never tried")


def test_a_check_that_could_not_be_read_is_named_as_not_proven():
    read = CheckResult("a", "User", CheckStatus.PASS, "", "")
    unread = CheckResult("b", "Trail", CheckStatus.SKIP, "", "access denied")
    assert readiness([read, unread]).reasons == ("Trail: not proven, access denied",)
