"""Both pages in a real browser: they open in silence, anybody can read them, and they print.

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
"""A report of everything this tool can set up came to 14 while every call had a line of its own."""


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
    """The pages of a run that sets up everything there is, in the simulated account, with every kind of seal."""
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
def looked_at(browser, tmp_path):
    """``looked_at(judged, printed)``: what the browser makes of these pages."""

    def look(judged, printed):
        ran = headless(browser, *judged, "--print", *printed, program=(sys.executable, "-W", "error", DRIVER))
        assert ran.returncode == 0, ran.stderr
        found = json.loads(ran.stdout)
        return [found[str(path)] for path in (*judged, *printed)]

    return look


def test_the_pages_open_in_silence_can_be_read_by_anybody_and_print(looked_at, real, finished, tmp_path):
    hostile, bad = tmp_path / "hostile.html", tmp_path / "bad.html"
    hostile.write_text(page(report_document(finished)))
    bad.write_text((real / "runbook.html").read_text().replace("</main>", BAD))
    judged = [hostile, bad, real / "runbook.html"]
    small, changed, runbook, report = looked_at(judged, [real / "report.html"])

    # The browser and axe-core do tell: a page with a script, a picture and pale words is no good.
    assert len([line for line in changed["said"] if "Content Security Policy" in line]) == 2
    assert {"critical: image-alt", "serious: color-contrast"} <= set(changed["wrong"]["light"])
    assert changed["wrong"]["dark"] == []

    for found in (small, runbook, report):
        assert (found["said"], found["asked"]) == ([], [])
        assert found["unseen"] == 0, "what is folded is unfolded on paper"
    for found in (small, runbook):
        assert found["wrong"] == {"light": [], "dark": []}
    assert runbook["sheets"] == {"A4": 1, "Letter": 1}
    assert all(1 < sheets <= SHEETS for sheets in report["sheets"].values()), report["sheets"]
