"""Which endpoints count as AWS: by their DNS suffix and the CAs that vouch for them."""

from __future__ import annotations

import pytest

from breakglass_tui.aws.connect import connect_clients
from breakglass_tui.aws.custom_endpoint import endpoint_of

KEYS = ("AKIAQYLPMN5HEXAMPLE1", "not-a-secret")


@pytest.mark.parametrize(
    ("url", "region", "emulator"),
    [
        ("https://vpce-0a1b.sts.eu-west-1.vpce.amazonaws.com", "eu-west-1", False),
        ("https://sts.eu-west-1.amazonaws.com", "eu-west-1", False),
        ("https://STS.EU-WEST-1.AMAZONAWS.COM.", "eu-west-1", False),
        ("https://iam.eu-west-1.api.aws", "eu-west-1", False),
        ("https://sts.cn-north-1.amazonaws.com.cn", "cn-north-1", False),
        ("https://sts.eu-west-1.amazonaws.com", "cn-north-1", True),
        ("https://sts.cn-north-1.amazonaws.com.cn", "eu-west-1", True),
        ("http://127.0.0.1:4566", "eu-west-1", True),
        ("https://127.0.0.1:4566", "eu-west-1", True),
        ("https://amazonaws.com", "eu-west-1", True),
        ("https://evilamazonaws.com", "eu-west-1", True),
        ("https://amazonaws.com.example.com", "eu-west-1", True),
        ("https://localhost.localstack.cloud:4566", "eu-west-1", True),
        ("https://a1b2.execute-api.eu-west-1.amazonaws.com", "eu-west-1", True),
        ("https://bucket.s3.amazonaws.com", "eu-west-1", True),
    ],
)
def test_an_endpoint_is_of_aws_only_within_the_suffixes_of_its_partition(url, region, emulator, monkeypatch):
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    clients = connect_clients(region=region, endpoint_url=url, credentials=KEYS)
    found = endpoint_of(clients)
    assert (found.url, found.emulator) == (url, emulator)


def test_a_custom_ca_bundle_can_vouch_for_anything(monkeypatch, tmp_path):
    bundle = tmp_path / "ca.pem"
    bundle.write_text("")
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    url = "https://sts.eu-west-1.amazonaws.com"
    assert endpoint_of(connect_clients(region="eu-west-1", endpoint_url=url, credentials=KEYS)).emulator


def test_without_a_named_endpoint_the_calls_go_to_aws():
    assert endpoint_of(connect_clients(region="eu-west-1", credentials=KEYS)) is None
