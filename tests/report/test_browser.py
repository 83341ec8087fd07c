"""Both pages in a real browser: no console messages, accessible, and printable.

``CHROME`` may name the browser. With ``BREAKGLASS_BROWSER=required`` a machine without one fails.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pyrage
import pytest
from browsers import find_browser
from console import headless

from breakglass_tui.report.page import page
from breakglass_tui.report.report_document import report_document

DRIVER = Path(__file__).parent.parent / "support" / "browser_driver.py"
MISSING = "no Chromium, Chrome or Edge on this machine: set CHROME to one, or install one (apt-get install chromium)"
BAD = '</main><script>alert(1)</script><img src="https://example.org/x.png"><p><font color="#aaaaaa">pale</font></p>'
SHEETS = 8
"""A report with everything that the tool can set up had 14 sheets while every call had its own line."""


@pytest.fixture
def browser():
    found = find_browser()
    if found is None and os.environ.get("BREAKGLASS_BROWSER") == "required":
        pytest.fail(MISSING)
    if found is None:
        pytest.skip(MISSING)
    return found


@pytest.fixture
def real(tmp_path):
    """Return the directory of a demo run with everything that the tool can set up, and every kind of seal."""
    recipients = [str(pyrage.x25519.Identity.generate().to_public()) for _ in range(3)]
    request = {
        "region": "eu-west-1",
        "user_name": "break-glass-20261122-k7qm3x",
        "access": "both",
        "mfa": "sealed",
        "require_mfa": True,
        "groups": ["emergency"],
        "role_arn": "arn:aws:iam::123456789012:role/EmergencyAdmin",
        "kms_key_id": "alias/break-glass",
        "seal_to": recipients[:2],
        "seal_mfa_to": recipients[2:],
    }
    (tmp_path / "request.json").write_text(json.dumps(request))
    ran = headless("--demo", "apply", "--yes", "--request", tmp_path / "request.json", "--out", tmp_path / "real")
    assert ran.returncode == 0, ran.stderr
    return tmp_path / "real"


@pytest.fixture
def inspected(browser, tmp_path):
    """``inspected(judged, printed)``: return the findings of the browser about these pages."""

    def inspect(judged, printed):
        ran = headless(browser, *judged, "--print", *printed, program=(sys.executable, "-W", "error", DRIVER))
        assert ran.returncode == 0, ran.stderr
        found = json.loads(ran.stdout)
        return [found[str(path)] for path in (*judged, *printed)]

    return inspect


def test_the_pages_open_without_messages_are_accessible_and_print(inspected, real, finished, tmp_path):
    hostile, bad = tmp_path / "hostile.html", tmp_path / "bad.html"
    hostile.write_text(page(report_document(finished)))
    bad.write_text((real / "runbook.html").read_text().replace("</main>", BAD))
    judged = [hostile, bad, real / "runbook.html"]
    small, changed, runbook, report = inspected(judged, [real / "report.html"])

    # The browser and axe-core report a page with a script, a picture and pale text.
    assert len([line for line in changed["said"] if "Content Security Policy" in line]) == 2
    assert {"critical: image-alt", "serious: color-contrast"} <= set(changed["wrong"]["light"])
    assert changed["wrong"]["dark"] == []

    for found in (small, runbook, report):
        assert (found["said"], found["asked"]) == ([], [])
        assert found["unseen"] == 0, "printed pages show collapsed parts"
    for found in (small, runbook):
        assert found["wrong"] == {"light": [], "dark": []}
    assert runbook["sheets"] == {"A4": 1, "Letter": 1}
    assert all(1 < sheets <= SHEETS for sheets in report["sheets"].values()), report["sheets"]
