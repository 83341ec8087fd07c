"""Expired passwords: what IAM, the sign-in page and an access key allow when MaxPasswordAge is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain.problems import Problem
from breakglass_tui.secrets.secret import Secret

FIRST, SECOND = "Correct-horse-battery-7", "Wrong+donkey+staple+8"


@pytest.fixture
def account(client_for: Any) -> Iterator[DemoAccount]:
    """Return an account of its own, because a test changes the password policy of the account."""
    with DemoAccount() as account:
        yield account


@pytest.fixture
def own_iam(account: DemoAccount, client_for: Any) -> Any:
    return client_for(account, "iam")


@pytest.fixture
def expiring(own_iam: Any) -> Callable[..., None]:
    """Return a function that lets passwords expire after ``days``."""

    def limit(days: int, *, hard: bool = False) -> None:
        own_iam.update_account_password_policy(
            MaxPasswordAge=days, HardExpiry=hard, AllowUsersToChangePassword=True, MinimumPasswordLength=14
        )

    return limit


@pytest.fixture
def aged(account: DemoAccount) -> Callable[[str, int], None]:
    """Return a function that sets the age of a user's password in days."""
    return account.age_password


@pytest.fixture
def signs_in(account: DemoAccount) -> Callable[..., None]:
    return lambda name, password=FIRST, new=SECOND: account.sign_in(name, Secret(password), Secret(new))


def test_an_expired_password_must_be_changed_at_the_next_sign_in(
    own_iam: Any, expiring: Any, aged: Any, signs_in: Any
) -> None:
    own_iam.create_login_profile(UserName="bob", Password=FIRST)
    expiring(90)
    aged("bob", 89)
    with pytest.raises(Problem) as caught:
        signs_in("bob")
    assert "does not ask for a new one" in caught.value.why
    aged("bob", 90)
    signs_in("bob")
    with pytest.raises(Problem) as caught:
        signs_in("bob", SECOND, FIRST)
    assert "does not ask for a new one" in caught.value.why


def test_with_hard_expiry_only_an_administrator_can_set_a_new_password(
    own_iam: Any, expiring: Any, aged: Any, signs_in: Any
) -> None:
    own_iam.create_login_profile(UserName="bob", Password=FIRST, PasswordResetRequired=True)
    expiring(90, hard=True)
    aged("bob", 91)
    with pytest.raises(Problem) as caught:
        signs_in("bob")
    assert "expired" in caught.value.why
    assert "administrator" in caught.value.why
    assert own_iam.get_login_profile(UserName="bob")["LoginProfile"]["PasswordResetRequired"] is True
    own_iam.update_login_profile(UserName="bob", Password=SECOND)
    signs_in("bob", SECOND, FIRST)


def test_without_expiry_no_password_is_too_old(own_iam: Any, aged: Any, signs_in: Any) -> None:
    own_iam.create_login_profile(UserName="bob", Password=FIRST, PasswordResetRequired=True)
    aged("bob", 10_000)
    signs_in("bob")


def test_a_key_works_with_an_expired_password_and_can_replace_it(
    own_iam: Any, account: DemoAccount, client_for: Any, expiring: Any, aged: Any, signs_in: Any
) -> None:
    own_iam.create_login_profile(UserName="bob", Password=FIRST)
    key = own_iam.create_access_key(UserName="bob")["AccessKey"]
    expiring(90, hard=True)
    aged("bob", 91)
    bob = client_for(account, "iam", (key["AccessKeyId"], key["SecretAccessKey"]))
    bob.change_password(OldPassword=FIRST, NewPassword=SECOND)
    own_iam.update_login_profile(UserName="bob", PasswordResetRequired=True)
    signs_in("bob", SECOND, FIRST)


def test_a_login_profile_keeps_its_date_and_an_update_of_the_flag_keeps_the_age(
    own_iam: Any, expiring: Any, aged: Any, signs_in: Any
) -> None:
    own_iam.create_login_profile(UserName="bob", Password=FIRST)
    created = own_iam.get_login_profile(UserName="bob")["LoginProfile"]["CreateDate"]
    assert abs(datetime.now(UTC) - created) < timedelta(minutes=1)
    aged("bob", 91)
    created = own_iam.get_login_profile(UserName="bob")["LoginProfile"]["CreateDate"]
    assert timedelta(days=90) < datetime.now(UTC) - created < timedelta(days=92)
    own_iam.update_login_profile(UserName="bob", PasswordResetRequired=False)
    expiring(90)
    signs_in("bob")
    assert own_iam.get_login_profile(UserName="bob")["LoginProfile"]["CreateDate"] == created
    own_iam.delete_login_profile(UserName="bob")
    own_iam.create_login_profile(UserName="bob", Password=FIRST)
    assert own_iam.get_login_profile(UserName="bob")["LoginProfile"]["CreateDate"] > created


def test_a_seeded_user_has_an_old_password(own_iam: Any, expiring: Any) -> None:
    profile = own_iam.get_login_profile(UserName="carol")["LoginProfile"]
    assert timedelta(days=150) < datetime.now(UTC) - profile["CreateDate"]
    assert own_iam.get_user(UserName="carol")["User"]["CreateDate"] <= profile["CreateDate"]
