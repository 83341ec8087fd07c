from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from breakglass_tui.domain.checks import MISSION, CheckResult, CheckStatus, Verdict, in_order, readiness

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


@given(st.lists(results, max_size=6))
def test_whatever_is_not_ready_gives_its_reasons(checks):
    verdict = readiness(checks)
    assert verdict.reasons or verdict.verdict is Verdict.READY


@given(st.permutations([*MISSION, "group-membership", "role-trust"]))
def test_however_checks_end_the_mission_comes_first(ids):
    results = [CheckResult(id, id, CheckStatus.PASS, "", "") for id in ids]
    assert [result.id for result in in_order(results)] == [*MISSION, "group-membership", "role-trust"]


def test_a_check_that_could_not_be_read_is_named_as_not_proven():
    read = CheckResult("a", "User", CheckStatus.PASS, "", "")
    unread = CheckResult("b", "Trail", CheckStatus.SKIP, "", "access denied")
    assert readiness([read, unread]).reasons == ("Trail: not proven, access denied",)
