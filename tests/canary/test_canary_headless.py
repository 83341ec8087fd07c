"""Every secret of whole runs without a screen, searched for in all files and all output."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from canaries import Canaries, forms
from fault_proxy import Fault

from breakglass_tui.domain.exit_codes import ExitCode

WORDS = "seven tall lanterns under water 58"


def test_the_search_finds_what_is_there_in_every_form():
    canaries = Canaries()
    canaries.add("password", "Xk4-mmQ7(rT9_wP2)zB5=hN8")
    for form, needle in forms("Xk4-mmQ7(rT9_wP2)zB5=hN8"):
        assert canaries.found_in(b"before " + needle + b" after"), form
    shown = b"\x1b[1mXk4-\x1b[0m\x1b[44mmmQ7\x1b[0m\x1b[5;9H(rT9 _wP2"
    assert "password as text" in canaries.found_in(shown)
    assert canaries.found_in(b"nothing of the kind") == []


def test_a_whole_run_leaves_every_secret_in_its_envelopes_only(place):
    read, write = os.pipe()
    os.write(write, f"{WORDS}\n".encode())
    os.close(write)
    place.canaries.add("given", WORDS)
    request = place.request("whole-life")
    made = place.run(
        "apply", "--yes", "--request", request, "--out", place.out, "--passphrase-fd", read, pass_fds=(read,)
    )
    os.close(read)
    assert made.returncode == ExitCode.DONE, made.stderr[-3000:]
    known = place.canaries.secrets
    assert place.opened("whole-life", "password")["password"] in known["password"]
    assert place.opened("whole-life", "access-key")["secret_access_key"] in known["access-key"]
    assert place.opened("whole-life", "mfa-seed")["seed"] in known["mfa-seed"]

    envelope = place.out / "whole-life.password.kms.json"
    for words in (
        ("validate", "--user-name", "whole-life", "--json"),
        ("runs",),
        ("verify", envelope),
        ("open", place.out / "whole-life.password.age"),
    ):
        place.run(*words)
    run_id = re.search(rb'"id": "([0-9a-f]{16})"', (place.out / "report.json").read_bytes())[1].decode()
    assert place.run("undo", run_id, "--yes").returncode == ExitCode.DONE
    assert place.leaks() == {}


def test_opening_for_a_pipe_is_the_one_place_that_shows_it(place, tmp_path):
    request = place.request("for-a-pipe", kms_key_id="", access="console", mfa="none")
    assert place.run("apply", "--yes", "--request", request, "--out", place.out).returncode == ExitCode.DONE
    identity = Path(tmp_path) / "identity"
    identity.write_text(f"{place.custodian}\n")
    shown = place.run("open", place.out / "for-a-pipe.password.age", "--identity", identity, "--reveal")
    assert shown.returncode == ExitCode.DONE, shown.stderr
    assert [Path(path).name.partition("-")[2] for path in place.leaks()] == ["open.stdout"]


def test_a_step_that_is_refused_and_rolled_back_leaks_no_secret(place, proxy):
    proxy.fresh()
    proxy.arm("iam:PutUserPolicy", 1, Fault.DENIED)
    place.url = proxy.url
    failed = place.run("apply", "--yes", "--request", place.request("refused"), "--out", place.out)
    assert failed.returncode == ExitCode.UNDONE, failed.stderr[-3000:]
    assert place.leaks() == {}


def test_a_crash_with_the_secret_in_its_text_and_frames_leaks_neither(place):
    crashed = place.run("apply", "--yes", "--request", place.request("crashed"), "--out", place.out, breaks="crash")
    assert crashed.returncode == ExitCode.UNDONE, crashed.stderr[-3000:]
    assert b"RuntimeError" in crashed.stderr
    assert place.leaks() == {}


@pytest.mark.parametrize("then", ["resume", "undo"])
def test_a_killed_process_leaves_no_secret_behind(place, then):
    request = place.request(f"killed-{then}")
    killed = place.run("apply", "--yes", "--request", request, "--out", place.out, breaks="kill")
    assert killed.returncode == -9
    listed = place.run("runs")
    run_id = re.search(rb"\b([0-9a-f]{16})\b", listed.stdout)[1].decode()
    words = ("resume", run_id) if then == "resume" else ("undo", run_id, "--yes")
    assert place.run(*words).returncode == ExitCode.DONE
    assert place.leaks() == {}
