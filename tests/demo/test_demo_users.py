"""Users, groups and access keys comply with the rules of AWS."""

from __future__ import annotations

import re
from typing import Any

import pytest


@pytest.mark.parametrize("name", ["a b", "a/b", "a\n", "ålice", "١", "a*b", "a:b"])
def test_a_user_name_with_other_characters_is_refused(iam: Any, refused: Any, name: str) -> None:
    with refused("ValidationError"):
        iam.create_user(UserName=name)


def test_a_user_name_has_at_most_64_characters(iam: Any, refused: Any, unique: Any) -> None:
    longest = (unique() + "+=,.@_-").ljust(64, "x")
    with refused("ValidationError"):
        iam.create_user(UserName=longest + "x")
    assert iam.create_user(UserName=longest)["User"]["UserName"] == longest


def test_a_user_name_is_unique_regardless_of_case(iam: Any, refused: Any) -> None:
    with refused("EntityAlreadyExists", "bg-alice"):
        iam.create_user(UserName="bg-alice")


def test_a_new_user_has_an_id_and_a_path_like_in_aws(iam: Any, unique: Any, refused: Any) -> None:
    user = iam.create_user(UserName=unique(), Path="/a/b/")["User"]
    assert re.fullmatch("AIDA[A-Z2-7]{17}", user["UserId"])
    assert user["Arn"].endswith(f":user/a/b/{user['UserName']}")
    for path in ("a/", "/a", "/a b/", "/" + "x" * 511 + "/"):
        with refused("ValidationError"):
            iam.create_user(UserName=unique(), Path=path)


@pytest.mark.parametrize(
    ("key", "value"), [("a\n", "b"), ("a", "b\n"), ("a", "[b]"), ("a", "b" * 257), ("k" * 129, ""), ("a", "b;c")]
)
def test_a_tag_with_other_characters_or_too_long_is_refused(
    iam: Any, refused: Any, unique: Any, key: str, value: str
) -> None:
    with refused("ValidationError"):
        iam.create_user(UserName=unique(), Tags=[{"Key": key, "Value": value}])


def test_a_user_has_at_most_50_tags_with_keys_unique_regardless_of_case(iam: Any, refused: Any, unique: Any) -> None:
    fifty = [{"Key": f"k{n}", "Value": "é _.:/=+-@"} for n in range(50)]
    user = iam.create_user(UserName=unique(), Tags=fifty)["User"]
    assert len(iam.list_user_tags(UserName=user["UserName"])["Tags"]) == 50
    with refused("LimitExceeded"):
        iam.tag_user(UserName=user["UserName"], Tags=[{"Key": "more", "Value": ""}])
    with refused("ValidationError"):
        iam.create_user(UserName=unique(), Tags=[*fifty, {"Key": "more", "Value": ""}])
    with refused("InvalidInput"):
        iam.create_user(UserName=unique(), Tags=[{"Key": "a", "Value": ""}, {"Key": "A", "Value": ""}])
    with refused("InvalidInput"):
        iam.create_user(UserName=unique(), Tags=[{"Key": "aws:x", "Value": ""}])


def test_a_user_has_at_most_two_keys_including_inactive_ones(iam: Any, refused: Any, user: str) -> None:
    first = iam.create_access_key(UserName=user)["AccessKey"]
    assert re.fullmatch("AKIA[A-Z2-7]{16}", first["AccessKeyId"])
    iam.update_access_key(UserName=user, AccessKeyId=first["AccessKeyId"], Status="Inactive")
    second = iam.create_access_key(UserName=user)["AccessKey"]
    with refused("LimitExceeded", "AccessKeysPerUser: 2"):
        iam.create_access_key(UserName=user)
    listed = {key["AccessKeyId"]: key["Status"] for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]}
    assert listed == {first["AccessKeyId"]: "Inactive", second["AccessKeyId"]: "Active"}


def test_a_key_works_until_it_is_inactive_or_deleted(iam: Any, refused: Any, user: str, as_key: Any) -> None:
    key = iam.create_access_key(UserName=user)["AccessKey"]
    sts = as_key("sts", key)
    arn = iam.get_user(UserName=user)["User"]["Arn"]
    assert sts.get_caller_identity()["Arn"] == arn
    iam.update_access_key(UserName=user, AccessKeyId=key["AccessKeyId"], Status="Inactive")
    with refused("InvalidClientTokenId"):
        sts.get_caller_identity()
    iam.update_access_key(UserName=user, AccessKeyId=key["AccessKeyId"], Status="Active")
    assert sts.get_caller_identity()["Arn"] == arn
    iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
    with refused("InvalidClientTokenId"):
        sts.get_caller_identity()


def test_a_key_belongs_to_one_user(iam: Any, refused: Any, user: str) -> None:
    key = iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]
    with refused("NoSuchEntity"):
        iam.delete_access_key(UserName="bob", AccessKeyId=key)
    with refused("ValidationError"):
        iam.update_access_key(UserName=user, AccessKeyId=key, Status="Gone")
    used = iam.get_access_key_last_used(AccessKeyId=key)
    assert used["UserName"] == user


def test_a_user_is_in_at_most_ten_groups_and_a_second_addition_is_no_error(
    iam: Any, refused: Any, unique: Any, user: str
) -> None:
    names = [unique() for _ in range(11)]
    for name in names:
        iam.create_group(GroupName=name)
    for name in names[:10]:
        iam.add_user_to_group(UserName=user, GroupName=name)
    iam.add_user_to_group(UserName=user, GroupName=names[0])
    with refused("LimitExceeded", "GroupsPerUser: 10"):
        iam.add_user_to_group(UserName=user, GroupName=names[10])
    assert len(iam.list_groups_for_user(UserName=user)["Groups"]) == 10
    with refused("DeleteConflict"):
        iam.delete_group(GroupName=names[0])
    iam.delete_group(GroupName=names[10])


def test_group_names_are_unique_regardless_of_case(iam: Any, refused: Any, unique: Any) -> None:
    with refused("EntityAlreadyExists"):
        iam.create_group(GroupName="Emergency")
    with refused("ValidationError"):
        iam.create_group(GroupName="a b")
    with refused("NoSuchEntity"):
        iam.add_user_to_group(UserName="bob", GroupName=unique())


def test_lists_are_paginated(iam: Any) -> None:
    page = iam.list_users(MaxItems=3)
    assert len(page["Users"]) == 3
    assert page["IsTruncated"]
    rest = iam.list_users(Marker=page["Marker"], MaxItems=1000)
    pages = iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 2})
    everyone = [user["UserName"] for one in pages for user in one["Users"]]
    assert everyone == [user["UserName"] for user in (*page["Users"], *rest["Users"])]
    groups = iam.get_paginator("list_groups").paginate(PaginationConfig={"PageSize": 5})
    assert {"emergency", "support"} < {group["GroupName"] for one in groups for group in one["Groups"]}


def test_a_user_is_deleted_only_without_other_resources(
    iam: Any, refused: Any, user: str, document: Any, enrolled: Any
) -> None:
    key = iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]
    serial, _ = enrolled(user)
    iam.create_login_profile(UserName=user, Password="Correct-horse-battery-7")
    iam.add_user_to_group(UserName=user, GroupName="emergency")
    iam.attach_user_policy(UserName=user, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=document())
    undo = [
        ("login profile", lambda: iam.delete_login_profile(UserName=user)),
        ("access keys", lambda: iam.delete_access_key(UserName=user, AccessKeyId=key)),
        ("MFA device", lambda: iam.deactivate_mfa_device(UserName=user, SerialNumber=serial)),
        ("group", lambda: iam.remove_user_from_group(UserName=user, GroupName="emergency")),
        ("detach", lambda: iam.detach_user_policy(UserName=user, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")),
        ("delete policies", lambda: iam.delete_user_policy(UserName=user, PolicyName="p")),
    ]
    for obstacle, remove in undo:
        with refused("DeleteConflict", obstacle):
            iam.delete_user(UserName=user)
        remove()
    iam.delete_user(UserName=user)
    with refused("NoSuchEntity"):
        iam.get_user(UserName=user)


def test_an_alias_matches_its_pattern(iam: Any, refused: Any) -> None:
    for alias in ("Acme", "a--b", "-ab", "123456789012"):
        with refused("ValidationError"):
            iam.create_account_alias(AccountAlias=alias)
    iam.create_account_alias(AccountAlias="acme-sandbox")
