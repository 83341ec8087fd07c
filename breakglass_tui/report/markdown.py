"""The report in Markdown, for a wiki, a ticket or a printed copy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from breakglass_tui.domain.checks import ReasonKind, Verdict, verdict_words
from breakglass_tui.domain.remedy_parts import remedy_parts
from breakglass_tui.domain.text import show
from breakglass_tui.domain.verdict_lines import KIND_WORDS, RISKS
from breakglass_tui.report.place_note import PlaceNote, place_note
from breakglass_tui.report.verify_commands import NOTE as VERIFY_NOTE
from breakglass_tui.report.verify_commands import TITLE as VERIFY_TITLE
from breakglass_tui.report.verify_commands import verify_commands

LONGEST = 8192
"""The most characters of one text. A remedy can be a command with a complete policy, which must not be cut."""
_STOPS = ".,:;!?"
"""Punctuation after a word, which is no part of it."""
_LINK = re.compile(r"//|@|www\.|\.[^\W\d_]{2}", re.IGNORECASE)
"""A part of a web or e-mail address, or of a domain. GitHub and linkify turn such text into a link.

Sources: GitHub Flavored Markdown, "Autolinks (extension)"; linkify-it, fuzzy links.
"""
_PIECES = re.compile(r"([\s`|]+)")
"""What separates the pieces of a text: characters that cannot be in a simple code span in a table."""
_ESCAPES = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;"} | {c: f"\\{c}" for c in "\\`*_[]#|~"})

CONTROL_STATUS = {
    "met": "MET",
    "expected-exception": "EXPECTED EXCEPTION",
    "not-met": "NOT MET",
    "unknown": "UNKNOWN",
}
ACCEPTED_DEVICES = "Accepted MFA devices"
ACCEPTED_NOTE = "No run enrolled these devices. An operator accepted them, because their holder is known."
NOT_RECORDED = "not recorded"
NO_JOURNAL = "no journal: nothing was written to AWS"
COMPLIANCE_NOTE = (
    "The status of each control, from the checks above. An expected exception is a control that an emergency user "
    "breaks on purpose. It is not a failure, and mutelist.yaml mutes it for this user only."
)


def escape(text: object) -> str:
    """Return ``text`` for Markdown: on one line, without markup, without links, and safe in a table cell.

    A word that a renderer could turn into a link is code, because escapes do not prevent that everywhere.
    """
    return "".join(map(_escaped, _PIECES.split(show(str(text), LONGEST))))


def _escaped(piece: str) -> str:
    if _LINK.search(piece):
        word = piece.rstrip(_STOPS)
        return f"`{word}`{piece[len(word) :]}" if _LINK.search(word) else f"`{piece}`"
    return piece.translate(_ESCAPES)


def markdown(document: dict[str, Any]) -> str:
    """Return the report ``document`` in Markdown."""
    parts = (
        _head(document),
        _checks(document["checks"]),
        _remedies(document["checks"]),
        _compliance(document["compliance"]),
        _accepted_devices(document["user"]["accepted_devices"]),
        _steps(document["steps"]),
        _envelopes(document["envelopes"]),
        _evidence(document),
        _verify(document["run"]),
    )
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _head(document: dict[str, Any]) -> list[str]:
    run, user, readiness = document["run"], document["user"], document["readiness"]
    facts = [
        ("User", user["arn"] or user["name"]),
        ("Account", run["account_id"]),
        ("Region", run["region"]),
        ("Caller", run["caller_arn"]),
        ("Run", f"{run['id']}, {run['status']}"),
        ("Started", run["started_at"] or NOT_RECORDED),
        ("Finished", run["finished_at"] or "not finished"),
        ("SHA-256 of the last journal line", document["integrity"]["journal_head"] or NO_JOURNAL),
    ]
    return [
        f"# Emergency user {escape(user['name'])}",
        "",
        *place_lines(place_note(run)),
        *_verdict(readiness),
        *_table(("Fact", "Value"), facts),
    ]


def place_lines(note: PlaceNote | None) -> list[str]:
    """Return the lines of ``note`` in Markdown, and an empty line. Return no lines without a note."""
    return [f"**{note.mark}: {escape(note.text)}**", ""] if note else []


def _verdict(readiness: dict[str, Any]) -> list[str]:
    lines = [f"**{shown_verdict(readiness)}**", ""]
    for reason in readiness["reasons"]:
        lines += _entry(f"{reason_kind(reason)}: {reason['text']}", reason["clear"])
    if readiness["reasons"]:
        lines.append("")
    if readiness["risks"]:
        lines += [f"**{RISKS}**", ""]
        for risk in readiness["risks"]:
            lines += _entry(risk["text"], risk["clear"])
        lines.append("")
    return lines


def _entry(text: str, clear: str) -> list[str]:
    """Return the lines of a list item: ``text``, then what clears it. Each command has a block of code."""
    parts = remedy_parts(clear)
    if not parts:
        return [f"- {escape(text)}"]
    lines = [f"- {escape(text)} → {escape(parts[0].text)}", *fenced(parts[0].command, "  ")]
    for part in parts[1:]:
        lines += [f"  {escape(part.text)}", *fenced(part.command, "  ")]
    return lines


def fenced(command: str, indent: str) -> list[str]:
    """Return the lines of a block of code with ``command``, at ``indent``. Return no lines if ``command`` is empty."""
    if not command:
        return []
    return ["", f"{indent}```", f"{indent}{show(command, LONGEST)}", f"{indent}```", ""]


def shown_verdict(readiness: dict[str, Any]) -> str:
    """Return the verdict in the report's ``readiness`` as it is shown, such as READY."""
    return verdict_words(Verdict(readiness["verdict"]), [ReasonKind(one["kind"]) for one in readiness["reasons"]])


def reason_kind(reason: dict[str, str]) -> str:
    """Return the kind of a report's reason as it is shown: Failed, Step or Not proven."""
    return KIND_WORDS[ReasonKind(reason["kind"])]


def _checks(checks: list[dict[str, Any]]) -> list[str]:
    rows = [(c["status"].upper(), c["title"], c["expected"], c["found"]) for c in checks]
    return ["## Checks", "", *_table(("Result", "Check", "Expected", "Found"), rows)]


def _remedies(checks: list[dict[str, Any]]) -> list[str]:
    """Return the lines of the section with the remedies.

    They are not in the table, because a cell cannot contain code blocks.
    """
    found = [check for check in checks if check["remedy"]]
    if not found:
        return []
    lines = ["## Remedies", ""]
    for check in found:
        lines += _entry(f"{check['status'].upper()}, {check['title']}", check["remedy"])
    return [*lines, ""]


def _compliance(found: list[dict[str, str]]) -> list[str]:
    lines = ["## Compliance", "", COMPLIANCE_NOTE, ""]
    for standard, controls in by_standard(found).items():
        rows = [(one["id"], CONTROL_STATUS[one["standing"]], one["title"], one["text"]) for one in controls]
        lines += [f"### {escape(standard)}", "", tally(controls), ""]
        lines += _table(("Control", "Status", "Requirement", "Finding or reason"), rows)
    return lines


def by_standard(found: Iterable[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Return the controls in ``found`` by standard. Standards and controls stay in order."""
    groups: dict[str, list[dict[str, str]]] = {}
    for one in found:
        groups.setdefault(one["standard"], []).append(one)
    return groups


def tally(controls: Iterable[dict[str, str]]) -> str:
    """Return how many controls have each status, as text such as ``2 not met, 5 met``."""
    counts = Counter(one["standing"] for one in controls)
    order = ("not-met", "expected-exception", "unknown", "met")
    return ", ".join(f"{counts[standing]} {CONTROL_STATUS[standing].lower()}" for standing in order if counts[standing])


def _accepted_devices(devices: list[dict[str, Any]]) -> list[str]:
    if not devices:
        return []
    rows = [(one["serial"], one["accepted_at"], one["accepted_by"] or NOT_RECORDED) for one in devices]
    head = ("Serial number", "Accepted", "By")
    return [f"## {ACCEPTED_DEVICES}", "", ACCEPTED_NOTE, "", *_table(head, rows)]


def _steps(steps: list[dict[str, Any]]) -> list[str]:
    if not steps:
        return []
    rows = [(s["status"], s["title"], f"{s['elapsed_ms'] / 1000:.1f} s", s["left"] or s["detail"]) for s in steps]
    return ["## Steps", "", *_table(("Status", "Step", "Duration", "Details"), rows)]


def _envelopes(envelopes: list[dict[str, Any]]) -> list[str]:
    if not envelopes:
        return []
    rows = [(e["path"], ", ".join(e["contents"]), ", ".join(e["seals"]), custodians(e), e["sha256"]) for e in envelopes]
    return ["## Envelopes", "", *_table(("File", "Contents", "Seal", "Who can open it", "SHA-256"), rows)]


def custodians(envelope: dict[str, Any]) -> str:
    """Return the names of those who can open ``envelope``, as text. It says if they must act together."""
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
    return ["## Evidence", "", *_table(("Step or check", "Call", "Request id", "Duration", "Attempts", "Error"), rows)]


def _verify(run: dict[str, Any]) -> list[str]:
    lines = [f"## {VERIFY_TITLE}", "", VERIFY_NOTE, ""]
    for part in verify_commands(run):
        lines += [escape(part.text), *fenced(part.command, "")]
    return lines


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [_row(head), _row(["---"] * len(head))]
    return [*lines, *(_row([escape(cell) for cell in row]) for row in rows), ""]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
