"""Whether an endpoint that the operator named is one of AWS or an emulator."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError
from botocore.loaders import Loader

from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.endpoints import Endpoint

CUSTOMER_HOSTS = frozenset({"execute-api", "s3", "s3-website", "elb", "elasticbeanstalk", "compute", "compute-1"})
"""Labels in AWS host names below which customers of AWS publish programs and files of their own."""


def endpoint_of(clients: Clients) -> Endpoint | None:
    """Return the endpoint of ``clients``, or None for AWS itself.

    It is not an emulator if its host is in a DNS suffix of the Region's partition and has a certificate of a public CA.
    Hosts that customers of AWS can have count as emulators. Source of the suffixes: botocore's data/partitions.json.
    """
    url = clients.endpoint_url
    if not url:
        return None
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".").lower()
    trusted = parts.scheme == "https" and _trusts_public_cas(clients)
    named = any(host.endswith(f".{suffix}") for suffix in _suffixes(clients.region))
    own = CUSTOMER_HOSTS & set(host.split("."))
    return Endpoint(url, emulator=not (trusted and named and not own))


def _trusts_public_cas(clients: Clients) -> bool:
    try:
        return not clients.ca_bundle()
    except BotoCoreError:
        return False  # an invalid setting: the first call reports it


def _suffixes(region: str) -> set[str]:
    """Return the DNS suffixes of the partition of ``region``, or an empty set for a Region of an unknown partition."""
    loader = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    for partition in loader.load_data("partitions")["partitions"]:
        if region in partition["regions"] or re.fullmatch(partition["regionRegex"], region):
            return {partition["outputs"]["dnsSuffix"], partition["outputs"]["dualStackDnsSuffix"]}
    return set()
