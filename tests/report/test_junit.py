from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.report.junit import junit
from breakglass_tui.report.report_document import report_document


@pytest.fixture
def suite(finished, nasty):
    """Return the suite of a validation that contains every status."""
    hostile = f"{nasty}]]>\x00\x0b\ufffe\ud800<!--"
    results = [
        CheckResult("access", "Access", CheckStatus.FAIL, "works", hostile, why=hostile, remedy="fix it"),
        CheckResult("trail", hostile, CheckStatus.SKIP, "", "may not be read"),
        CheckResult("key-age", "Key age", CheckStatus.PASS, "", hostile, elapsed_ms=1500),
    ]
    for result in results:
        finished.apply(e.CheckFinished(finished.started_at, result))
    text = junit(report_document(finished))
    assert text.isascii()
    root = ET.fromstring(text)
    assert (root.tag, root.attrib["failures"], len(root)) == ("testsuites", "1", 1)
    return root[0]


def cases(suite):
    return {case.attrib["name"].partition(":")[0]: case for case in suite.iter("testcase")}


def test_each_check_is_a_case_and_the_counts_match(suite):
    assert set(cases(suite)) == {"user-exists", "inline-policy", "access", "mfa-devices", "trail", "key-age"}
    counts = {name: int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": 6, "failures": 1, "errors": 0, "skipped": 1}
    assert cases(suite)["key-age"].attrib["time"] == "1.500"


def test_a_failure_a_skip_and_a_warning_differ(suite):
    found = {id: [child.tag for child in case] for id, case in cases(suite).items()}
    assert found["access"] == ["failure"]
    assert found["trail"] == ["skipped", "system-out"]
    assert found["mfa-devices"] == ["system-out"]
    assert found["key-age"] == found["user-exists"] == []
    assert "remedy: fix it" in cases(suite)["access"][0].text
    assert cases(suite)["trail"][0].attrib["message"] == "may not be read"


def test_hostile_text_is_escaped(suite):
    message = cases(suite)["access"][0].attrib["message"]
    assert "<script>alert(1)</script>" in message
    assert r"\x1b[31m\n# head\u202e" in message
    assert r"]]>\x00\x0b\ufffe\ud800<!--" in message


def test_a_run_on_an_emulator_is_marked(finished):
    finished.header = replace(finished.header, endpoint="http://127.0.0.1:4566", emulator=True)
    suite = ET.fromstring(junit(report_document(finished))).find("testsuite")
    found = {each.get("name"): each.get("value") for each in suite.find("properties")}
    assert (found["place"], found["endpoint"]) == ("EMULATOR", "http://127.0.0.1:4566")
