"""botocore's data is loaded with less memory, and everything that this program uses of it is the same."""

from __future__ import annotations

import re
import select
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.regions import EndpointResolver

import breakglass_tui.aws
from breakglass_tui.aws import service_data
from breakglass_tui.aws.service_data import SERVICES, builtin_loader

CREDENTIAL_SERVICES = frozenset({"sso", "sso-oidc", "signin", "sts"})
"""The services of botocore's credential providers for roles and sign-ins (botocore/credentials.py)."""


def original_loader() -> Loader:
    """Return botocore's own loader of the same files."""
    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)


def called_services() -> set[str]:
    """Return the boto3 names of the services whose operations the source names, such as ``iam:GetUser``."""
    folder = Path(breakglass_tui.aws.__file__).parent
    text = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    return set(re.findall(r'\b(?:call|call_part|find|paginate|remove)[(,]\s*"([a-z0-9-]+):', text))


def undocumented(value: Any) -> Any:
    """Return JSON data without the texts named ``documentation``."""
    if isinstance(value, dict):
        return {
            name: undocumented(each)
            for name, each in value.items()
            if name != "documentation" or not isinstance(each, str)
        }
    return [undocumented(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("service", sorted(called_services() | CREDENTIAL_SERVICES))
def test_service_models_differ_from_those_of_botocore_only_in_their_documentation(service: str) -> None:
    compact, original = builtin_loader(), original_loader()
    for kind in ("service-2", "endpoint-rule-set-1"):
        expected = undocumented(original.load_service_model(service, kind))
        found = compact.load_service_model(service, kind)
        assert found == expected
        if kind == "service-2":  # the order of members is the order in a request
            assert [list(shape) for shape in found["shapes"].values()] == [list(s) for s in expected["shapes"].values()]


def test_a_member_that_is_named_documentation_stays() -> None:
    pairs = [("documentation", {"shape": "Text"}), ("name", "a")]
    assert service_data._compact(pairs) == {"documentation": {"shape": "Text"}, "name": "a"}


def test_every_service_that_is_called_has_its_endpoints() -> None:
    loader = original_loader()
    names = called_services() | CREDENTIAL_SERVICES
    assert "iam" in names
    assert {loader.load_service_model(name, "service-2")["metadata"]["endpointPrefix"] for name in names} == SERVICES


@pytest.mark.parametrize("prefix", sorted(SERVICES))
def test_endpoints_are_those_of_botocore(prefix: str) -> None:
    compact, original = (
        EndpointResolver(loader.load_data("endpoints")) for loader in (builtin_loader(), original_loader())
    )
    assert compact.get_available_partitions() == original.get_available_partitions()
    for region in ("us-east-1", "eu-west-1", "af-south-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1", "xx-new-1"):
        for fips in (False, True):
            found = compact.construct_endpoint(prefix, region, use_fips_endpoint=fips)
            assert found == original.construct_endpoint(prefix, region, use_fips_endpoint=fips)


def test_the_data_needs_at_most_half_the_memory() -> None:
    def size(make: Callable[[], Loader]) -> int:
        loader = make()
        with traced():
            for service in ("iam", "sts", "kms", "organizations"):
                loader.load_service_model(service, "service-2")
            loader.load_data("endpoints")
            return tracemalloc.get_traced_memory()[0]

    assert size(builtin_loader) <= size(original_loader) / 2


@contextmanager
def traced() -> Iterator[None]:
    """Measure the memory of the block."""
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def test_other_threads_run_while_a_file_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """json holds the interpreter lock while it parses, and the screen is drawn by another thread."""
    ticks, stop, advanced = [0], threading.Event(), list[int]()

    def tick() -> None:
        while not stop.is_set():
            select.select([], [], [], 0)  # needs the interpreter lock again
            ticks[0] += 1

    loads = service_data.json.loads

    def watched(*arguments: Any, **options: Any) -> Any:
        before = ticks[0]
        data = loads(*arguments, **options)
        advanced.append(ticks[0] - before)
        return data

    monkeypatch.setattr(service_data.json, "loads", watched)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    thread = threading.Thread(target=tick)
    thread.start()
    try:
        builtin_loader().load_service_model("iam", "service-2")
    finally:
        stop.set()
        thread.join()
        sys.setswitchinterval(interval)
    assert max(advanced) > 20
