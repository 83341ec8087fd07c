"""The report as Markdown: for a wiki, a ticket or a printed binder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from breakglass_tui.domain.text import show

LONGEST = 8192
"""A remedy can be a command that carries a whole policy: half of it would be worse than none."""
_SPECIAL = frozenset("\\`*_[]#|~")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
VERDICTS = {"ready": "READY", "needs-control-plane": "NEEDS THE CONTROL PLANE", "not-ready": "NOT READY"}


def escape(text: object) -> str:
    """Foreign text for Markdown: nothing in it is markup, and it stays on its line and in its table cell."""
    return "".join(f"\\{c}" if c in _SPECIAL else _ENTITIES.get(c, c) for c in show(str(text), LONGEST))


def markdown(document: dict[str, Any]) -> str:
    """The report ``document`` as one Markdown file."""
    parts = (_head(document), _checks(document["checks"]), _steps(document["steps"]))
    lines = [line for part in (*parts, _envelopes(document["envelopes"]), _evidence(document)) for line in part]
    return "\n".join(lines).rstrip() + "\n"


def _head(document: dict[str, Any]) -> list[str]:
    run, user, readiness = document["run"], document["user"], document["readiness"]
    facts = [
        ("User", user["arn"] or user["name"]),
        ("Account", run["account_id"] + (" (simulated: DEMO)" if run["demo"] else "")),
        ("Region", run["region"]),
        ("Caller", run["caller_arn"]),
        ("Run", f"{run['id']}, {run['status']}"),
        ("Started", run["started_at"] or "not recorded"),
        ("Finished", run["finished_at"] or "not finished"),
    ]
    reasons = [f"- {escape(reason)}" for reason in readiness["reasons"]]
    return [
        f"# Emergency user {escape(user['name'])}",
        "",
        f"**{VERDICTS[readiness['verdict']]}**",
        "",
        *([*reasons, ""] if reasons else []),
        *_table(("What", "Value"), facts),
    ]


def _checks(checks: list[dict[str, Any]]) -> list[str]:
    rows = [(c["status"].upper(), c["title"], c["expected"], c["found"], c["remedy"]) for c in checks]
    return ["## Checks", "", *_table(("Result", "Check", "Expected", "Found", "Remedy"), rows)]


def _steps(steps: list[dict[str, Any]]) -> list[str]:
    if not steps:
        return []
    rows = [(s["status"], s["title"], f"{s['elapsed_ms'] / 1000:.1f} s", s["left"] or s["detail"]) for s in steps]
    return ["## Steps", "", *_table(("Status", "Step", "Took", "Detail"), rows)]


def _envelopes(envelopes: list[dict[str, Any]]) -> list[str]:
    if not envelopes:
        return []
    rows = [(e["path"], ", ".join(e["contents"]), ", ".join(e["seals"]), custodians(e), e["sha256"]) for e in envelopes]
    return ["## Envelopes", "", *_table(("File", "Holds", "Opens with", "Who can open it", "SHA-256"), rows)]


def custodians(envelope: dict[str, Any]) -> str:
    """Who can open an envelope of the document, and whether it takes several of them."""
    together = " together" if envelope["needs"] > 1 else ""
    return (" and " if together else ", ").join(envelope["custodians"]) + together


def _evidence(document: dict[str, Any]) -> list[str]:
    rows = [
        (
            owner["id"],
            call["operation"],
            call["request_id"],
            f"{call['elapsed_ms']} ms",
            call["attempts"],
            call["error"],
        )
        for owner in (*document["steps"], *document["checks"])
        for call in owner["calls"]
    ]
    if not rows:
        return []
    return ["## Evidence", "", *_table(("For", "Call", "Request id", "Took", "Tries", "Error"), rows)]


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [_row(head), _row(["---"] * len(head))]
    return [*lines, *(_row([escape(cell) for cell in row]) for row in rows), ""]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
