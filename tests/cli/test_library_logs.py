"""A whole run with every log at DEBUG: no secret of it is in any of them."""

from __future__ import annotations

import base64
import json
import os
import sys
from pathlib import Path
from urllib.parse import quote

import pyrage
import pytest
from console import headless

DRIVER = Path(__file__).parents[1] / "support" / "debug_driver.py"


def forms(secret):
    """Return the forms in which a file could contain a secret."""
    raw = secret.encode()
    return {secret, raw.hex(), base64.b64encode(raw).decode(), quote(secret, safe=""), json.dumps(secret)[1:-1]}


@pytest.fixture
def run_at_debug(tmp_path):
    identity = pyrage.x25519.Identity.generate()
    request = tmp_path / "request.toml"
    request.write_text(
        f'user_name = "bg-night"\nregion = "eu-west-1"\naccess = "both"\nmfa = "sealed"\n'
        f'seal_to = ["{identity.to_public()}"]\n'
    )
    out = tmp_path / "out"
    ran = headless(
        *(tmp_path / "all.log", "--demo", "apply", "--yes", "--json", "--request", request, "--out", out),
        program=(sys.executable, str(DRIVER)),
        env={**os.environ, "PYTHONDEVMODE": "1"},
    )
    assert ran.returncode == 0, ran.stderr
    opened = [json.loads(pyrage.decrypt(path.read_bytes(), [identity])) for path in sorted(out.glob("*.age"))]
    secrets = {one["contents"]: [*one["secret"].values()] for one in opened}
    assert set(secrets) == {"password", "access-key", "mfa-seed"}
    return ran, secrets, tmp_path


def test_no_secret_is_in_a_log_a_report_a_journal_or_on_a_stream(run_at_debug):
    ran, secrets, root = run_at_debug
    homes = (root, Path(os.environ["HOME"]))
    files = [path for home in homes for path in home.rglob("*") if path.is_file() and path.suffix != ".age"]
    assert {"report.json", "journal.jsonl", "breakglass-tui.log", "all.log"} <= {path.name for path in files}
    said = "".join((ran.stdout, ran.stderr, *(path.read_bytes().decode(errors="replace") for path in files)))
    assert "every log is on" in (root / "all.log").read_text()
    public = {"bg-night", "123456789012"}
    for values in secrets.values():
        for secret in {str(value) for value in values} - public:
            if not secret.startswith(("AKIA", "https://", "arn:")):
                assert [form for form in forms(secret) if form in said] == []
