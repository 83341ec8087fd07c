"""Experiment: the FIPS endpoint of STS outside the United States and Canada."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from live_experiments.facts import Fact
from live_experiments.lab import EMULATOR, Lab

REGION = "eu-west-1"


def fips_hosts(lab: Lab) -> Iterator[Fact]:
    """Yield as a fact whether the host exists that botocore uses for STS with AWS_USE_FIPS_ENDPOINT=true.

    Nothing is sent to it.
    """
    text = f"The host of STS for {REGION} with AWS_USE_FIPS_ENDPOINT=true does not exist."
    expected = "no address"
    if not lab.live:
        yield lab.not_shown(text, expected=expected, why=EMULATOR)
        return
    hosts = {fips: _host(fips=fips) for fips in (True, False)}
    if not _has_address(hosts[False]):
        yield lab.not_shown(text, expected=expected, why=f"{hosts[False]} has no address here either")
        return
    found = f"{hosts[True]} has {'an' if _has_address(hosts[True]) else 'no'} address"
    yield lab.fact(text, expected=expected, found=found, holds=not _has_address(hosts[True]))


def _host(*, fips: bool) -> str:
    config = Config(use_fips_endpoint=fips, ignore_configured_endpoint_urls=True)
    client = boto3.Session("none", "none").client("sts", region_name=REGION, config=config)
    return urlsplit(client.meta.endpoint_url).hostname or ""


def _has_address(host: str) -> bool:
    try:
        return bool(socket.getaddrinfo(host, 443))
    except OSError:
        return False
