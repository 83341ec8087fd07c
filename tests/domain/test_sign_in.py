"""The sign-in addresses of each partition."""

from __future__ import annotations

import pytest

from breakglass_tui.domain.sign_in import partition_of, sign_in_regions, sign_in_urls, switch_link

ID = "123456789012"


@pytest.mark.parametrize(
    ("partition", "region", "console", "regional"),
    [
        ("aws", "eu-west-1", f"https://{ID}.signin.aws.amazon.com/console", "?region=eu-west-1"),
        ("aws", "us-east-1", f"https://{ID}.signin.aws.amazon.com/console", "?region=us-west-2"),
        ("aws-cn", "cn-north-1", f"https://{ID}.signin.amazonaws.cn/console/", ""),
        ("aws-us-gov", "us-gov-west-1", f"https://{ID}.signin.amazonaws-us-gov.com/console", ""),
    ],
)
def test_every_partition_has_an_address_and_the_fallback_is_never_in_us_east_1(partition, region, console, regional):
    found = sign_in_urls(ID, partition, region)
    assert found.console == console
    assert found.regional == (console + regional if regional else "")


def test_an_unknown_partition_has_no_address():
    assert sign_in_urls(ID, "aws-moon", "moon-1") is None
    assert sign_in_urls("", "aws", "eu-west-1") is None
    assert partition_of("", "no arn") == ""


@pytest.mark.parametrize(
    ("arns", "region", "partition"),
    [
        (("", "arn:aws-cn:iam::1:user/x"), "eu-west-1", "aws-cn"),
        (("arn:aws-us-gov:sts::1:assumed-role/x/y",), "", "aws-us-gov"),
        (("", ""), "cn-northwest-1", "aws-cn"),
        (("", ""), "us-gov-east-1", "aws-us-gov"),
        (("", ""), "eu-west-1", "aws"),
    ],
)
def test_the_partition_is_that_of_an_arn_or_of_the_region(arns, region, partition):
    assert partition_of(*arns, region=region) == partition


@pytest.mark.parametrize(
    ("arn", "link"),
    [
        (f"arn:aws:iam::{ID}:role/Em", f"https://signin.aws.amazon.com/switchrole?account={ID}&roleName=Em"),
        (f"arn:aws:iam::{ID}:role/a/Em", f"https://signin.aws.amazon.com/switchrole?account={ID}&roleName=a/Em"),
        (f"arn:aws-cn:iam::{ID}:role/Em", f"https://signin.amazonaws.cn/switchrole?account={ID}&roleName=Em"),
        (f"arn:aws:iam::{ID}:role/E&x=1", f"https://signin.aws.amazon.com/switchrole?account={ID}&roleName=E%26x%3D1"),
        (f"arn:aws:iam::{ID}:user/Em", ""),
        (f"arn:aws:iam::{ID}:role/{'p' * 60}/Emer", ""),
        ("nonsense", ""),
    ],
)
def test_a_role_has_a_link_with_its_path(arn, link):
    assert switch_link(arn) == link


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_the_region_of_each_address_can_record_a_sign_in(region):
    address = sign_in_urls(ID, "aws", region).regional
    assert address.split("region=")[1] in sign_in_regions("aws", region)


@pytest.mark.parametrize(
    ("partition", "chosen", "expected"),
    [
        ("aws", "eu-west-1", ("us-east-1", "us-east-2", "eu-north-1", "ap-southeast-2", "eu-west-1")),
        ("aws", "us-east-1", ("us-east-1", "us-east-2", "eu-north-1", "ap-southeast-2", "us-west-2")),
        ("aws-us-gov", "us-gov-east-1", ("us-gov-west-1", "us-gov-east-1")),
        ("aws-cn", "cn-northwest-1", ("cn-north-1", "cn-northwest-1")),
        ("aws-moon", "moon-1", ("moon-1",)),
    ],
)
def test_a_sign_in_can_land_in_the_global_the_home_and_the_chosen_region(partition, chosen, expected):
    assert sign_in_regions(partition, chosen) == expected


def test_a_sign_in_can_land_in_every_enabled_region():
    found = sign_in_regions("aws", "eu-west-1", ["us-west-1", "eu-west-1", "ca-central-1"])
    assert found[-3:] == ("eu-west-1", "ca-central-1", "us-west-1")
    assert len(found) == len(set(found)) == 7
