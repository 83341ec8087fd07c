"""The start screen of an account with thousands of emergency users."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

from textual.widgets import OptionList

from breakglass_tui.domain.account import AccountList, User
from breakglass_tui.ui.start.listed_users import ListedUser
from breakglass_tui.ui.start.start_body import MOST_USERS
from breakglass_tui.ui.start.user_list import UserList

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MANY = tuple(User(f"bg-{number:04}", "/breakglass/", f"AIDA{number:04}") for number in range(5000))


def test_the_work_for_a_list_of_users_grows_with_their_number_and_not_with_its_square(monkeypatch):
    asked, sign = Counter(), ListedUser.sign

    def counted(user, now):
        asked[user.name] += 1
        return sign(user, now)

    monkeypatch.setattr(ListedUser, "sign", counted)
    users = UserList("users")
    users.show([ListedUser(user.name, user) for user in MANY[:300]], NOW)
    for index in range(users.row_count):
        users.row(index, 78)
    assert asked.total() < 10 * users.row_count


async def test_of_thousands_of_emergency_users_the_first_are_shown_with_the_number_of_the_others(cloud, start, sees):
    cloud.account = replace(cloud.account, users=AccountList(MANY))
    async with start(cloud, (120, 36)) as pilot:
        await sees(pilot, "5000 users, 0 ready")
        assert pilot.app.screen.query_one("#users", OptionList).option_count == MOST_USERS
        note = pilot.app.screen.query_one("#emergency .note").content
        assert str(note) == f"{5000 - MOST_USERS} more users are not shown. v lists all users."
