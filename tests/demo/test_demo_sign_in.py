"""The simulated sign-in page: its refusals, and the effects of a first sign-in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain.problems import Problem
from breakglass_tui.secrets.secret import Secret

FIRST, SECOND = "Correct-horse-battery-7", "Wrong+donkey+staple+8"


@pytest.fixture
def new_user(iam: Any, user: str) -> str:
    """Give a user a temporary password, and return its name."""
    iam.create_login_profile(UserName=user, Password=FIRST, PasswordResetRequired=True)
    return user


@pytest.fixture
def signs_in(demo: DemoAccount) -> Callable[..., None]:
    return lambda name, password=FIRST, new=SECOND: demo.sign_in(name, Secret(password), Secret(new))


def test_it_replaces_the_temporary_password(iam: Any, new_user: str, signs_in: Any) -> None:
    assert "PasswordLastUsed" not in iam.get_user(UserName=new_user)["User"]
    signs_in(new_user)
    assert iam.get_login_profile(UserName=new_user)["LoginProfile"]["PasswordResetRequired"] is False
    assert iam.get_user(UserName=new_user)["User"]["PasswordLastUsed"]
    with pytest.raises(Problem, match="refused the sign-in") as caught:
        signs_in(new_user)
    assert "incorrect" in caught.value.why


@pytest.mark.parametrize(
    ("password", "new", "why"),
    [
        (SECOND, SECOND, "incorrect"),
        (FIRST, FIRST, "the same as the old password"),
        (FIRST, "Short-7", "minimum length"),
        (FIRST, "correct-horse-battery-7", "uppercase"),
    ],
)
def test_a_refused_sign_in_changes_nothing(
    iam: Any, new_user: str, signs_in: Any, password: str, new: str, why: str
) -> None:
    with pytest.raises(Problem) as caught:
        signs_in(new_user, password, new)
    assert why in caught.value.why
    assert not {FIRST, SECOND, new} & set(str(caught.value).split())
    assert iam.get_login_profile(UserName=new_user)["LoginProfile"]["PasswordResetRequired"] is True
    assert "PasswordLastUsed" not in iam.get_user(UserName=new_user)["User"]


def test_a_missing_user_a_missing_password_and_a_replaced_password_are_refused(
    iam: Any, user: str, signs_in: Any
) -> None:
    for name in ("nobody-at-all", user):
        with pytest.raises(Problem, match="refused the sign-in"):
            signs_in(name)
    iam.create_login_profile(UserName=user, Password=FIRST)
    with pytest.raises(Problem) as caught:
        signs_in(user)
    assert "already replaced" in caught.value.why


def test_a_user_that_may_not_change_its_password_is_refused(
    iam: Any, new_user: str, signs_in: Any, document: Any
) -> None:
    policy = iam.get_account_password_policy()["PasswordPolicy"]
    closed = {name: value for name, value in policy.items() if name not in ("ExpirePasswords", "MaxPasswordAge")}
    iam.update_account_password_policy(**{**closed, "AllowUsersToChangePassword": False})
    try:
        with pytest.raises(Problem) as caught:
            signs_in(new_user)
        assert "not allowed to change" in caught.value.why
        iam.put_user_policy(UserName=new_user, PolicyName="p", PolicyDocument=document(action="iam:ChangePassword"))
        signs_in(new_user)
    finally:
        iam.update_account_password_policy(**closed)
