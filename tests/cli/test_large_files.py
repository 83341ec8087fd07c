"""A file of 3 GiB in place of any file that a command reads: exit 2 or a failed check, with the limit, in no time."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import envelope_kit as kit
import pytest

from breakglass_tui.domain.exit_codes import ExitCode

SIZE = 3 * 1024**3


@pytest.fixture
def large(tmp_path) -> Path:
    """Return a sparse file, which takes no space on the disk."""
    return enlarged(tmp_path / "large")


def enlarged(path):
    path.touch(mode=0o600)
    os.truncate(path, SIZE)
    return path


def refused(ran, *words):
    assert ran.code == ExitCode.USAGE, ran.err
    assert "Traceback" not in ran.err
    assert all(word in ran.err for word in words), ran.err


def test_a_request(command, connected, large):
    refused(command("plan", "--request", large), "larger than 1 MiB")


def test_an_envelope(command, large):
    refused(command("open", large), "It is larger than the limit of 256 KiB.")
    refused(command("verify", large), "It is larger than the limit of 256 KiB.")


def test_an_identity(command, tmp_path, large):
    (info,) = kit.sealed(tmp_path, [kit.custodian(tmp_path, "alice").recipient])
    refused(command("open", tmp_path / info.path, "-i", large), "identity file", "larger than the limit of 256 KiB")


def test_a_report(command, tmp_path):
    refused(command("verify", enlarged(tmp_path / "report.json")), "larger than the limit of 4 MiB")


def test_a_configuration(command, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "breakglass-tui").mkdir()
    enlarged(tmp_path / "breakglass-tui" / "config.toml")
    refused(command("runs"), "larger than the limit of 1 MiB")


def test_an_envelope_that_a_report_names(command, tmp_path):
    (info,) = kit.sealed(tmp_path, [kit.custodian(tmp_path, "alice").recipient])
    entry = {**asdict(info), "path": Path(info.path).name}
    (tmp_path / "report.json").write_text(json.dumps({"schema_version": 1, "envelopes": [entry]}))
    enlarged(tmp_path / info.path)
    ran = command("verify", tmp_path / info.path)
    refused(ran, "larger than the limit of 256 KiB")
