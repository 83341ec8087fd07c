"""Login profiles: the password policy and the reset flag."""

from __future__ import annotations

from typing import Any

import pytest

from breakglass_tui.demo.demo_account import DemoAccount

GOOD = "Correct-horse-battery-7"


@pytest.mark.parametrize(
    ("password", "lack"),
    [
        ("Short-horse-7", "minimum length of 14"),
        ("correct-horse-battery-7", "uppercase letter"),
        ("CORRECT-HORSE-BATTERY-7", "lowercase letter"),
        ("Correct-horse-battery", "number"),
        ("CorrectHorseBattery7", "symbol"),
        ("CorrectHorseBattery7 ~", "symbol"),
    ],
)
def test_a_password_that_violates_the_policy_is_refused(
    iam: Any, refused: Any, user: str, password: str, lack: str
) -> None:
    with refused("PasswordPolicyViolation", lack):
        iam.create_login_profile(UserName=user, Password=password)
    with refused("NoSuchEntity"):
        iam.get_login_profile(UserName=user)


def test_a_password_has_only_latin_characters_and_at_most_128(iam: Any, refused: Any, user: str) -> None:
    with refused("ValidationError"):
        iam.create_login_profile(UserName=user, Password=GOOD + "—")
    with refused("ValidationError"):
        iam.create_login_profile(UserName=user, Password=GOOD.ljust(129, "x"))
    iam.create_login_profile(UserName=user, Password=GOOD.ljust(128, "é"))


def test_a_second_login_profile_is_refused(iam: Any, refused: Any, user: str) -> None:
    iam.create_login_profile(UserName=user, Password=GOOD)
    with refused("EntityAlreadyExists"):
        iam.create_login_profile(UserName=user, Password=GOOD)


def test_the_reset_flag_is_stored_and_can_be_changed_alone(iam: Any, user: str) -> None:
    def flag() -> Any:
        return iam.get_login_profile(UserName=user)["LoginProfile"]["PasswordResetRequired"]

    iam.create_login_profile(UserName=user, Password=GOOD, PasswordResetRequired=True)
    assert flag() is True
    iam.update_login_profile(UserName=user, PasswordResetRequired=False)
    assert flag() is False
    iam.update_login_profile(UserName=user, PasswordResetRequired=True)
    iam.update_login_profile(UserName=user, Password=GOOD + "!")
    assert flag() is True


def test_a_profile_without_the_flag_needs_no_reset(iam: Any, user: str) -> None:
    created = iam.create_login_profile(UserName=user, Password=GOOD)["LoginProfile"]
    assert created["PasswordResetRequired"] is False


def test_an_update_enforces_the_policy_and_needs_a_profile(iam: Any, refused: Any, user: str) -> None:
    with refused("NoSuchEntity"):
        iam.update_login_profile(UserName=user, Password=GOOD)
    iam.create_login_profile(UserName=user, Password=GOOD)
    with refused("PasswordPolicyViolation"):
        iam.update_login_profile(UserName=user, Password="short")
    iam.delete_login_profile(UserName=user)
    with refused("NoSuchEntity"):
        iam.delete_login_profile(UserName=user)


def test_a_user_changes_its_own_password_without_any_policy(iam: Any, refused: Any, user: str, as_key: Any) -> None:
    iam.create_login_profile(UserName=user, Password=GOOD, PasswordResetRequired=True)
    own = as_key("iam", iam.create_access_key(UserName=user)["AccessKey"])
    with refused("AccessDenied", "old password"):
        own.change_password(OldPassword="wrong", NewPassword=GOOD + "!")
    with refused("PasswordPolicyViolation"):
        own.change_password(OldPassword=GOOD, NewPassword="weak")
    own.change_password(OldPassword=GOOD, NewPassword=GOOD + "!")
    assert iam.get_login_profile(UserName=user)["LoginProfile"]["PasswordResetRequired"] is False
    with refused("AccessDenied"):
        own.change_password(OldPassword=GOOD, NewPassword=GOOD + "?")


def test_without_a_password_policy_the_default_of_aws_applies(client_for: Any, refused: Any) -> None:
    with DemoAccount() as account:
        iam = client_for(account, "iam")
        iam.delete_account_password_policy()
        with refused("NoSuchEntity"):
            iam.get_account_password_policy()
        for weak in ("Abc123!", "abcdefgh1", "ABCDEFGH!"):
            with refused("PasswordPolicyViolation"):
                iam.create_login_profile(UserName="bob", Password=weak)
        iam.create_login_profile(UserName="bob", Password="abcdefg1!")
