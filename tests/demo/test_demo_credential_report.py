"""The credential report: its states, its four hours of life, and its rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from breakglass_tui.demo.demo_account import DemoAccount

GOOD = "Correct-horse-battery-7"
COLUMNS = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
    "password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,"
    "access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,"
    "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,"
    "access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated"
)


@pytest.fixture
def account() -> Iterator[DemoAccount]:
    """Return an account of its own, because an account has one report."""
    with DemoAccount() as account:
        yield account


@pytest.fixture
def iam(account: DemoAccount, client_for: Any) -> Any:
    return client_for(account, "iam")


@pytest.fixture
def later(account: DemoAccount) -> Callable[[timedelta], None]:
    """Return a function that lets the report age."""

    def age(by: timedelta) -> None:
        account._server.run_locked(lambda world: setattr(world.report, "generated", world.report.generated - by))

    return age


def _generate(iam: Any) -> list[str]:
    """Generate the report, and return the states on the way."""
    states = [iam.generate_credential_report()["State"]]
    while states[-1] != "COMPLETE":
        assert len(states) < 9
        states.append(iam.generate_credential_report()["State"])
    return states


def _rows(iam: Any) -> dict[str, dict[str, str]]:
    text = iam.get_credential_report()["Content"].decode()
    return {row["user"]: row for row in csv.DictReader(io.StringIO(text))}


def test_a_report_is_started_then_in_progress_then_complete(iam: Any) -> None:
    states = _generate(iam)
    assert list(dict.fromkeys(states)) == ["STARTED", "INPROGRESS", "COMPLETE"]
    assert _generate(iam) == ["COMPLETE"]


def test_the_first_answer_says_that_no_report_exists(iam: Any) -> None:
    assert "No report exists" in iam.generate_credential_report()["Description"]


def test_a_report_that_is_missing_unfinished_or_expired_is_refused(iam: Any, refused: Any, later: Any) -> None:
    with refused("ReportNotPresent"):
        iam.get_credential_report()
    iam.generate_credential_report()
    with refused("ReportInProgress"):
        iam.get_credential_report()
    _generate(iam)
    later(timedelta(hours=3, minutes=59))
    assert iam.get_credential_report()["Content"]
    later(timedelta(minutes=2))
    with refused("ReportExpired"):
        iam.get_credential_report()
    assert _generate(iam)[0] == "STARTED"
    assert iam.get_credential_report()["Content"]


def test_errors_have_the_status_of_aws(iam: Any) -> None:
    with pytest.raises(iam.exceptions.CredentialReportNotPresentException) as caught:
        iam.get_credential_report()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 410
    iam.generate_credential_report()
    with pytest.raises(iam.exceptions.CredentialReportNotReadyException) as caught:
        iam.get_credential_report()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_for_four_hours_a_report_does_not_change(iam: Any, later: Any) -> None:
    _generate(iam)
    before = iam.get_credential_report()
    assert abs(datetime.now(UTC) - before["GeneratedTime"]) < timedelta(minutes=1)
    iam.create_user(UserName="later")
    _generate(iam)
    assert iam.get_credential_report()["Content"] == before["Content"]
    later(timedelta(hours=5))
    _generate(iam)
    assert "later" in _rows(iam)


def test_the_first_row_is_root_and_the_columns_are_those_of_aws(iam: Any, account: DemoAccount) -> None:
    _generate(iam)
    answer = iam.get_credential_report()
    assert answer["ReportFormat"] == "text/csv"
    lines = answer["Content"].decode().split("\n")
    assert lines[0] == COLUMNS
    root = _rows(iam)["<root_account>"]
    assert lines[1].startswith(f"<root_account>,arn:aws:iam::{account.account_id}:root,")
    assert (
        root["password_enabled"] == root["password_last_changed"] == root["password_next_rotation"] == "not_supported"
    )
    assert [line.split(",")[0].lower() for line in lines[2:]] == sorted(
        line.split(",")[0].lower() for line in lines[2:]
    )


def test_a_user_without_a_password_has_no_dates(iam: Any) -> None:
    _generate(iam)
    row = _rows(iam)["dave"]
    assert row["password_enabled"] == "false"
    assert [row[f"password_{name}"] for name in ("last_used", "last_changed", "next_rotation")] == ["N/A"] * 3
    assert row["access_key_1_active"] == row["mfa_active"] == row["cert_2_active"] == "false"
    assert (
        row["access_key_1_last_rotated"] == row["access_key_2_last_used_service"] == row["cert_1_last_rotated"] == "N/A"
    )


def test_a_password_has_its_dates(iam: Any, account: DemoAccount, later: Any) -> None:
    def row() -> dict[str, str]:
        _generate(iam)
        found = _rows(iam)["bob"]
        later(timedelta(hours=5))
        return found

    iam.create_login_profile(UserName="bob", Password=GOOD)
    account.age_password("bob", 40)
    changed = datetime.now(UTC) - timedelta(days=40)
    first = row()
    assert first["password_enabled"] == "true"
    assert first["password_last_used"] == "no_information"
    assert first["password_last_changed"].startswith(f"{changed:%Y-%m-%d}")
    assert first["password_next_rotation"] == "N/A"
    iam.update_account_password_policy(MaxPasswordAge=90)
    assert row()["password_next_rotation"].startswith(f"{changed + timedelta(days=90):%Y-%m-%d}")
    iam.update_login_profile(UserName="bob", Password=GOOD + "!")
    assert row()["password_last_changed"].startswith(f"{datetime.now(UTC):%Y-%m-%d}")


def test_keys_and_devices_have_their_columns(iam: Any, account: DemoAccount, client_for: Any) -> None:
    key = iam.create_access_key(UserName="bob")["AccessKey"]
    inactive = iam.create_access_key(UserName="bob")["AccessKey"]["AccessKeyId"]
    iam.update_access_key(UserName="bob", AccessKeyId=inactive, Status="Inactive")
    client_for(account, "sts", (key["AccessKeyId"], key["SecretAccessKey"])).get_caller_identity()
    _generate(iam)
    row = _rows(iam)["bob"]
    assert (row["access_key_1_active"], row["access_key_2_active"]) == ("true", "false")
    assert row["access_key_2_last_rotated"].startswith(f"{datetime.now(UTC):%Y-%m-%dT%H}")


def test_the_report_needs_two_permissions(
    iam: Any, account: DemoAccount, client_for: Any, refused: Any, document: Any
) -> None:
    key = iam.create_access_key(UserName="bob")["AccessKey"]
    bob = client_for(account, "iam", (key["AccessKeyId"], key["SecretAccessKey"]))
    with refused("AccessDenied", "iam:GenerateCredentialReport"):
        bob.generate_credential_report()
    iam.put_user_policy(UserName="bob", PolicyName="p", PolicyDocument=document(action="iam:Generate*"))
    _generate(bob)
    with refused("AccessDenied", "iam:GetCredentialReport"):
        bob.get_credential_report()
