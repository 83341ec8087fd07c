"""The simulated sign-in page: what it refuses, and what a first sign-in leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain.problems import Problem
from breakglass_tui.secrets.secret import Secret

FIRST, SECOND = "Correct-horse-battery-7", "Wrong+donkey+staple+8"


@pytest.fixture
def waiting(iam: Any, user: str) -> str:
    """A user with a temporary password."""
    iam.create_login_profile(UserName=user, Password=FIRST, PasswordResetRequired=True)
    return user


@pytest.fixture
def signs_in(demo: DemoAccount) -> Callable[..., None]:
    return lambda name, password=FIRST, new=SECOND: demo.sign_in(name, Secret(password), Secret(new))


def test_it_takes_the_temporary_password_and_keeps_the_new_one(iam: Any, waiting: str, signs_in: Any) -> None:
    assert "PasswordLastUsed" not in iam.get_user(UserName=waiting)["User"]
    signs_in(waiting)
    assert iam.get_login_profile(UserName=waiting)["LoginProfile"]["PasswordResetRequired"] is False
    assert iam.get_user(UserName=waiting)["User"]["PasswordLastUsed"]
    with pytest.raises(Problem, match="refuses") as caught:
        signs_in(waiting)
    assert "incorrect" in caught.value.why


@pytest.mark.parametrize(
    ("password", "new", "why"),
    [
        (SECOND, SECOND, "incorrect"),
        (FIRST, FIRST, "the one from before"),
        (FIRST, "Short-7", "minimum length"),
        (FIRST, "correct-horse-battery-7", "uppercase"),
    ],
)
def test_what_the_page_refuses_changes_nothing(
    iam: Any, waiting: str, signs_in: Any, password: str, new: str, why: str
) -> None:
    with pytest.raises(Problem) as caught:
        signs_in(waiting, password, new)
    assert why in caught.value.why
    assert not {FIRST, SECOND, new} & set(str(caught.value).split())
    assert iam.get_login_profile(UserName=waiting)["LoginProfile"]["PasswordResetRequired"] is True
    assert "PasswordLastUsed" not in iam.get_user(UserName=waiting)["User"]


def test_nobody_signs_in_who_is_not_there_has_no_password_or_need_not_change_it(
    iam: Any, user: str, signs_in: Any
) -> None:
    for name in ("nobody-at-all", user):
        with pytest.raises(Problem, match="refuses"):
            signs_in(name)
    iam.create_login_profile(UserName=user, Password=FIRST)
    with pytest.raises(Problem) as caught:
        signs_in(user)
    assert "changed before" in caught.value.why


def test_who_may_not_change_a_password_does_not_come_in(iam: Any, waiting: str, signs_in: Any, document: Any) -> None:
    policy = iam.get_account_password_policy()["PasswordPolicy"]
    closed = {name: value for name, value in policy.items() if name not in ("ExpirePasswords", "MaxPasswordAge")}
    iam.update_account_password_policy(**{**closed, "AllowUsersToChangePassword": False})
    try:
        with pytest.raises(Problem) as caught:
            signs_in(waiting)
        assert "not allowed to change" in caught.value.why
        iam.put_user_policy(UserName=waiting, PolicyName="p", PolicyDocument=document(action="iam:ChangePassword"))
        signs_in(waiting)
    finally:
        iam.update_account_password_policy(**closed)
