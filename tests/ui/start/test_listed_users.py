"""The users that the start screen lists, and what it shows about them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from breakglass_tui.domain.account import Account, AccountList, Caller, User
from breakglass_tui.domain.checks import Verdict
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.verdict_store import SavedVerdict
from breakglass_tui.ui.start.listed_users import ListedUser, listed_users, summary
from breakglass_tui.ui.state.draft import Draft
from breakglass_tui.ui.state.run_history import RunHistory

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
DENIED = Problem("Access to iam:ListUsers is denied.")


def proof(name, days=0.0, verdict=Verdict.READY, user_id="AIDA1"):
    return SavedVerdict("123456789012", name, user_id, verdict, NOW - timedelta(days=days))


def known(users, made=(), proofs=(), **defaults):
    account = Account(Caller("123456789012", "arn:aws:iam::123456789012:user/me", "AIDAME"), "eu-west-1", users=users)
    history = RunHistory(created=tuple(made), verdicts={kept.user_name.casefold(): kept for kept in proofs})
    session = SimpleNamespace(
        connection=SimpleNamespace(account=account),
        journals=SimpleNamespace(history=history),
        draft=Draft(defaults=defaults),
    )
    return listed_users(session)


def test_users_below_the_path_and_those_that_runs_made_are_known_by_name():
    users = (
        User("z", "/breakglass/"),
        User("B", "/breakglass/eu/"),
        User("a", "/"),
        User("Made", "/x/"),
        User("c", "/b"),
    )
    assert [user.name for user in known(AccountList(users), made=["made", "gone"])] == ["B", "Made", "z"]
    assert [user.name for user in known(AccountList(users), path="/x/")] == ["Made"]
    assert known(None) == ()


def test_a_verdict_belongs_to_one_user_and_not_to_a_later_one_of_that_name():
    users = AccountList((User("bg", "/breakglass/", "AIDA1"), User("bh", "/breakglass/", "AIDA2")))
    first, second = known(users, proofs=[proof("BG"), proof("bh")])
    assert (first.saved, second.saved) == (proof("BG"), None)
    assert second.sign(NOW).word == "not validated yet"
    assert second.proven(NOW) == ""


@pytest.mark.parametrize(
    ("verdict", "days", "said", "when"),
    [
        (Verdict.READY, 0, "✓ READY", "validated just now"),
        (Verdict.READY, 90, "✓ READY", "validated 90 days ago"),
        (Verdict.READY, 91, "⚠ was READY", "validated 91 days ago"),
        (Verdict.NOT_READY, 91, "✗ NOT READY", "validated 91 days ago"),
        (Verdict.NEEDS_CONTROL_PLANE, 1, "◐ STEPS LEFT", "validated 1 day ago"),
    ],
)
def test_a_verdict_has_an_age_and_ready_grows_old(verdict, days, said, when):
    user = ListedUser("bg", User("bg"), proof("bg", days, verdict))
    sign = user.sign(NOW)
    assert (f"{sign.glyph} {sign.word}", user.proven(NOW)) == (said, when)
    assert summary((user,), NOW) == f"1 user, {int(said == '✓ READY')} ready"


def test_without_a_list_those_that_this_machine_made_are_known_with_their_dates():
    (made,) = known(AccountList(problem=DENIED), made=["bg"], proofs=[proof("bg", 2)])
    assert (made.name, made.user, made.proven(NOW), made.facts(NOW)) == ("bg", None, "validated 2 days ago", "")


def test_the_list_also_shows_the_last_sign_in_first():
    user = User("bg", "/breakglass/", "A", NOW - timedelta(days=300), NOW - timedelta(hours=3))
    assert ListedUser("bg", user).facts(NOW) == "signed in 3 hours ago, created 2026-01-26"
    assert ListedUser("bg", User("bg")).facts(NOW) == ""
