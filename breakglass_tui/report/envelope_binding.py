"""Whether an envelope is the one that its file name, its KMS context, its content and its report say.

age does not authenticate who wrote a file, and has no place for public facts. So these are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import show
from breakglass_tui.report.recorded_envelopes import RecordedEnvelope
from breakglass_tui.secrets.envelope_reader import APP
from breakglass_tui.secrets.sealed_file import SealedFile

FACTS = ("account", "user", "contents", "run")
SWAPPED = "Do not rely on this file. Find the envelope that the run wrote: its SHA-256 is in report.json."
NOT_OPENED = "its content is not compared, because it was not opened"


def binding_check(
    sealed: SealedFile, recorded: RecordedEnvelope | None, content: Mapping[str, str] | None
) -> CheckResult:
    """Return the result of the check that file name, KMS context, content and report agree.

    ``content`` has the facts inside the envelope, and is None if it was not opened.
    """
    id, title, expected = "binding", "Name and content agree", "the same user, account, run and secret everywhere"
    found = contradictions(sealed, recorded, content)
    if found:
        return CheckResult(id, title, CheckStatus.FAIL, expected, "; ".join(found), "", SWAPPED)
    if content is None:
        why = NOT_OPENED if sealed.kms or recorded else f"there is no report to compare its name with, and {NOT_OPENED}"
        return CheckResult(id, title, CheckStatus.SKIP, expected, why)
    sources = "file name, content and report agree" if recorded else "file name and content agree"
    return CheckResult(id, title, CheckStatus.PASS, expected, sources)


def contradictions(
    sealed: SealedFile, recorded: RecordedEnvelope | None, content: Mapping[str, str] | None
) -> tuple[str, ...]:
    """Return a sentence for each contradiction between the sources that are known."""
    context = sealed.kms.context if sealed.kms else None
    inside = content or context
    found = list[str]()
    if content is not None and context is not None:
        expected = {"app": APP, **{name: content[name] for name in FACTS}}
        found += _unequal("the KMS encryption context", context, "the content", expected)
    if inside is not None:
        found += _wrong_name(sealed.path, inside)
    if recorded is not None:
        found += _other_report(sealed.path, recorded, inside)
    return tuple(found)


def journal_check(sealed: SealedFile, run_id: str, record: RunRecord | None) -> CheckResult:
    """Return the result of the comparison with the journal of the run that wrote the envelope.

    ``run_id`` is empty if the run is not known. ``record`` is the run as its journal records it, or None if this
    machine has no usable journal of it.
    """
    id, title, expected = "journal", "Journal records the file", "this name and SHA-256 in the journal of the run"
    if not run_id:
        return CheckResult(id, title, CheckStatus.SKIP, expected, f"the run that wrote it is not known: {NOT_OPENED}")
    if record is None:
        found = f"the journal of run {show(run_id)} is not on this machine"
        return CheckResult(id, title, CheckStatus.SKIP, expected, found)
    written = record.envelopes
    named = [envelope for envelope in written if Path(envelope.path).name == sealed.path.name]
    if any(envelope.sha256 == sealed.sha256 for envelope in named):
        return CheckResult(id, title, CheckStatus.PASS, expected, f"as run {show(run_id)} wrote it{_mark(record)}")
    other = next((Path(envelope.path).name for envelope in written if envelope.sha256 == sealed.sha256), "")
    if other:
        found = f"run {show(run_id)} wrote it under the name {show(other)}"
    elif named:
        found = f"run {show(run_id)} wrote another file under this name"
    else:
        found = f"run {show(run_id)} has no such envelope: it did not write it, or replaced it"
    return CheckResult(id, title, CheckStatus.FAIL, expected, found, "", SWAPPED)


def _mark(record: RunRecord) -> str:
    place = record.header.place if record.header else Place.AWS
    return "" if place is Place.AWS else f" ({place.value})"


def _unequal(one: str, first: Mapping[str, str], other: str, second: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*first, *second}):
        values = first.get(name), second.get(name)
        if values[0] != values[1]:
            yield f"{show(name)} is {_value(values[0])} in {one} and {_value(values[1])} in {other}"


def _value(value: str | None) -> str:
    return show(value) if value else "missing"


def _wrong_name(path: Path, facts: Mapping[str, str]) -> Iterator[str]:
    start = f"{facts.get('user', '')}.{facts.get('contents', '')}."
    if not path.name.startswith(start):
        yield f"the file is named {show(path.name)}, and it has the {_owner(facts)}"


def _owner(facts: Mapping[str, str]) -> str:
    names = {name: show(facts.get(name) or "unknown") for name in FACTS}
    return "{contents} of user {user} in account {account}, written by run {run}".format_map(names)


def _other_report(path: Path, recorded: RecordedEnvelope, inside: Mapping[str, str] | None) -> Iterator[str]:
    known = {name: value for name, value in recorded.facts.items() if value}
    if inside is not None:
        yield from _unequal("the file", {name: inside.get(name, "") for name in known}, "the report", known)
        if recorded.contents and inside.get("contents") not in recorded.contents:
            reported = ", ".join(map(show, recorded.contents))
            yield f"the report calls it an envelope of {reported}, and it has {_value(inside.get('contents'))}"
    elif known.get("user") and recorded.contents:
        starts = tuple(f"{known['user']}.{contents}." for contents in recorded.contents)
        if not path.name.startswith(starts):
            yield f"the file is named {show(path.name)}, and the report names {' or '.join(map(show, starts))}…"
