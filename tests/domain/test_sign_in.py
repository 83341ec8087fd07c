"""The sign-in addresses of each partition."""

from __future__ import annotations

import re

import pytest
from botocore.endpoint_provider import EndpointProvider
from botocore.loaders import Loader
from botocore.session import Session

from breakglass_tui.domain.sign_in import (
    PARTITIONS,
    can_switch,
    partition_of,
    sign_in_regions,
    sign_in_urls,
    switch_link,
)

ID = "123456789012"
CONSOLE = f"https://{ID}.signin.aws.amazon.com/console"
GOV_CONSOLE = f"https://{ID}.signin.amazonaws-us-gov.com/console"
EAST_ISO = "https://us-isob-east-1.signin.sc2shome.sgov.gov/"


@pytest.fixture(scope="module")
def partitions():
    """The partitions of botocore."""
    return {one["id"]: one for one in Loader().load_data("partitions")["partitions"]}


def test_every_partition_of_botocore_is_known_with_its_regions_and_its_home(partitions):
    assert set(PARTITIONS) == set(partitions)
    session = Session()
    for name, known in PARTITIONS.items():
        assert f"^{known.regions}$" == partitions[name]["regionRegex"].replace("\\-", "-")
        for region in partitions[name]["regions"]:
            if not region.endswith("-global"):
                assert partition_of(region=region) == name
        client = session.create_client("iam", region_name=known.home)
        assert client._request_signer._region_name == known.home


@pytest.mark.parametrize("partition", sorted(PARTITIONS))
def test_the_host_of_every_partition_is_that_of_the_sign_in_service_of_botocore(partition):
    known, loader = PARTITIONS[partition], Loader()
    rules = loader.load_service_model("signin", "endpoint-rule-set-1")
    found = EndpointProvider(rules, loader.load_data("partitions")).resolve_endpoint(
        Region=known.home, UseFIPS=False, UseDualStack=False
    )
    assert found.url == f"https://{known.home}.{known.host}"


@pytest.mark.parametrize(
    ("partition", "region", "console", "regional", "own_host"),
    [
        ("aws", "eu-west-1", CONSOLE, f"{CONSOLE}?region=eu-west-1", "https://eu-west-1.console.aws.amazon.com/"),
        ("aws", "us-east-1", CONSOLE, f"{CONSOLE}?region=us-west-2", "https://us-west-2.console.aws.amazon.com/"),
        ("aws", "", CONSOLE, f"{CONSOLE}?region=us-west-2", "https://us-west-2.console.aws.amazon.com/"),
        ("aws-cn", "cn-north-1", f"https://{ID}.signin.amazonaws.cn/console/", "", ""),
        ("aws-us-gov", "us-gov-west-1", GOV_CONSOLE, "", "https://us-gov-east-1.signin.amazonaws-us-gov.com/"),
        ("aws-us-gov", "us-gov-east-1", GOV_CONSOLE, "", "https://us-gov-east-1.signin.amazonaws-us-gov.com/"),
        ("aws-eusc", "eusc-de-east-1", "https://eusc-de-east-1.signin.amazonaws-eusc.eu/", "", ""),
        ("aws-iso-b", "", EAST_ISO, "", ""),
    ],
)
def test_every_partition_has_an_address_and_the_fallbacks_are_not_in_the_home_region(
    partition, region, console, regional, own_host
):
    found = sign_in_urls(ID, partition, region)
    assert (found.console, found.regional, found.own_host) == (console, regional, own_host)
    assert found.documented is (not partition.startswith("aws-iso"))


def test_an_unknown_partition_has_no_address():
    assert sign_in_urls(ID, "aws-moon", "moon-1") is None
    assert sign_in_urls("", "aws", "eu-west-1") is None
    assert partition_of("", "no arn") == ""


@pytest.mark.parametrize(
    ("arns", "region", "partition"),
    [
        (("", "arn:aws-cn:iam::1:user/x"), "eu-west-1", "aws-cn"),
        (("arn:aws-us-gov:sts::1:assumed-role/x/y",), "", "aws-us-gov"),
        (("arn:aws-eusc:iam::1:user/x",), "eu-west-1", "aws-eusc"),
        (("", ""), "cn-northwest-1", "aws-cn"),
        (("", ""), "us-gov-east-1", "aws-us-gov"),
        (("", ""), "eusc-de-east-1", "aws-eusc"),
        (("", ""), "us-isof-south-1", "aws-iso-f"),
        (("", ""), "eu-west-1", "aws"),
        (("arn:aws-moon:iam::1:user/x",), "eu-west-1", "aws-moon"),
        (("", ""), "moon-1", ""),
        (("", ""), "", ""),
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
        (f"arn:aws-eusc:iam::{ID}:role/Em", ""),
        (f"arn:aws-moon:iam::{ID}:role/Em", ""),
        ("nonsense", ""),
    ],
)
def test_a_role_has_a_link_with_its_path(arn, link):
    assert switch_link(arn) == link
    assert can_switch(arn) is (bool(link) or "aws-eusc" in arn)


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "us-gov-west-1", "cn-north-1", "us-iso-west-1"])
def test_the_region_of_each_address_can_record_a_sign_in(region):
    partition = partition_of(region=region)
    urls = sign_in_urls(ID, partition, region)
    named = re.findall(r"(?:region=|//)([a-z]+-[a-z-]+-\d)", f"{urls.console} {urls.regional} {urls.own_host}")
    assert set(named) <= set(sign_in_regions(partition, region))


@pytest.mark.parametrize(
    ("partition", "chosen", "expected"),
    [
        ("aws", "eu-west-1", ("us-east-1", "us-east-2", "eu-north-1", "ap-southeast-2", "eu-west-1")),
        ("aws", "us-east-1", ("us-east-1", "us-east-2", "eu-north-1", "ap-southeast-2", "us-west-2")),
        ("aws-us-gov", "us-gov-east-1", ("us-gov-west-1", "us-gov-east-1")),
        ("aws-us-gov", "us-gov-west-1", ("us-gov-west-1", "us-gov-east-1")),
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
