"""What a run and its validation need is loaded while calls to AWS are on their way."""

from __future__ import annotations

import gc
import threading

import pytest

from breakglass_tui.cli.event_consumer import EventConsumer
from breakglass_tui.cli.load_ahead import load_ahead, load_for_validation
from breakglass_tui.domain import events as e
from breakglass_tui.domain.exit_codes import ExitCode

WITHIN_S = 30


@pytest.fixture
def loaded(fake_cloud, monkeypatch):
    """Return the thread of each load, by what was loaded."""
    found = {}

    def load(what):
        found[what if isinstance(what, str) else "validate"] = threading.current_thread()

    monkeypatch.setattr(fake_cloud, "load_ahead", load, raising=False)
    monkeypatch.setattr(fake_cloud, "load_for_validation", load, raising=False)
    return found


def joined():
    """Wait for the threads that load."""
    for thread in threading.enumerate():
        if thread.name == "breakglass-load-ahead":
            thread.join(WITHIN_S)


def test_the_clients_of_the_first_calls_are_loaded_before_the_thread_starts(fake_cloud, loaded):
    load_ahead(fake_cloud)
    assert loaded["identify"] is threading.current_thread()
    joined()
    assert loaded["run"] is not threading.current_thread()
    assert gc.isenabled()


def test_what_cannot_be_loaded_ends_nothing(fake_cloud, monkeypatch):
    def fail(_what):
        raise OSError("no such file")

    monkeypatch.setattr(fake_cloud, "load_ahead", fail, raising=False)
    monkeypatch.setattr(fake_cloud, "load_for_validation", fail, raising=False)
    load_ahead(fake_cloud)
    load_for_validation(fake_cloud, fake_cloud.account)
    joined()
    assert gc.isenabled()


def test_the_validation_is_loaded_once_while_the_first_call_is_on_its_way(clock):
    events = []
    consumer = EventConsumer(meanwhile=lambda: events.append("loaded"))
    for number in (1, 2):
        consumer.consume(e.CallStarted(clock.now(), e.CallSource.STEP, "create-user", "iam:CreateUser", number))
        assert events == ["loaded"]


def test_apply_loads_each_part(command, connected, fake_cloud, request_file, tmp_path, loaded):
    fake_cloud.steps[0].work = lambda context: context.call_started("iam:CreateUser", 1)
    ran = command("apply", "--yes", "--request", request_file, "--out", tmp_path / "out")
    joined()
    assert ran.code == ExitCode.DONE
    assert set(loaded) == {"identify", "run", "validate"}
