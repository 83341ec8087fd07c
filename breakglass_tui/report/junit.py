"""Converts the checks of a report to JUnit XML for CI systems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from breakglass_tui.domain.text import show
from breakglass_tui.report.markdown import LONGEST
from breakglass_tui.report.place_note import place_note

SUITE = "breakglass-tui.validate"
KINDS = {"fail": "failure", "skip": "skipped"}


def junit(document: Mapping[str, Any]) -> str:
    """Return the report ``document`` as JUnit XML in ASCII: one test suite, with one test case for each check.

    A warning is no failure. Its details are in the element system-out.
    """
    checks, run = document["checks"], document["run"]
    counts: dict[str, object] = {
        "tests": len(checks),
        "failures": sum(check["status"] == "fail" for check in checks),
        "errors": 0,
        "skipped": sum(check["status"] == "skip" for check in checks),
        "time": _seconds(sum(check["elapsed_ms"] for check in checks)),
    }
    root = _element("testsuites", {"name": SUITE, **counts})
    timestamp = {"timestamp": run["started_at"]} if run["started_at"] else {}
    suite = _element("testsuite", {"name": f"{SUITE} {document['user']['name']}", **counts, **timestamp}, root)
    facts = {"account": run["account_id"], "caller": run["caller_arn"], "verdict": document["readiness"]["verdict"]}
    note = place_note(run)
    facts |= {"place": note.mark, "endpoint": run["endpoint"] or ""} if note else {}
    properties = _element("properties", {}, suite)
    for name, value in facts.items():
        _element("property", {"name": name, "value": value}, properties)
    for check in checks:
        _case(suite, check)
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="us-ascii", xml_declaration=True)
    return content.decode("ascii")


def _case(suite: ET.Element, check: Mapping[str, Any]) -> None:
    name = f"{check['id']}: {check['title']}"
    case = _element("testcase", {"classname": SUITE, "name": name, "time": _seconds(check["elapsed_ms"])}, suite)
    kind = KINDS.get(check["status"])
    if kind == "failure":
        _element(kind, {"type": "check", "message": check["found"]}, case).text = _details(check)
    elif kind:
        _element(kind, {"message": check["found"]}, case)
    if check["status"] in ("warn", "skip"):
        _element("system-out", {}, case).text = _details(check)


def _details(check: Mapping[str, Any]) -> str:
    names = ("status", "expected", "found", "why", "remedy")
    lines = [f"{name}: {show(str(check[name]), LONGEST)}" for name in names if check[name]]
    lines += [f"call: {show(call['operation'])} {show(call['request_id'])}" for call in check["calls"]]
    return "\n".join(lines)


def _element(tag: str, attributes: Mapping[str, object], parent: ET.Element | None = None) -> ET.Element:
    """Return a new element, which is added to ``parent`` if given.

    Control characters in attributes become escapes, because XML cannot contain them.
    """
    shown = {name: show(str(value), LONGEST) for name, value in attributes.items()}
    return ET.Element(tag, shown) if parent is None else ET.SubElement(parent, tag, shown)


def _seconds(elapsed_ms: int) -> str:
    return f"{elapsed_ms / 1000:.3f}"
