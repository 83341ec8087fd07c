"""The runbook: how to sign in as the emergency user in an emergency. It says which facts are unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from breakglass_tui.domain.remedy_parts import remedy_parts
from breakglass_tui.domain.sign_in import SignInUrls, can_switch, partition_of, sign_in_urls, switch_link
from breakglass_tui.report.after_use import after_use_steps
from breakglass_tui.report.cli_access import command_line_steps
from breakglass_tui.report.markdown import escape, fenced, place_lines, reason_kind, shown_verdict
from breakglass_tui.report.open_commands import SECRETS, open_commands, open_with_program
from breakglass_tui.report.page import rendered
from breakglass_tui.report.place_note import place_note
from breakglass_tui.report.runbook_sections import RunbookLine, RunbookSection

BLANK = "____________________"
"""A blank to fill in by hand, for a fact that only people know."""


def runbook(document: dict[str, Any], facts: Mapping[str, str], *, signed_in: bool = False) -> dict[str, Any]:
    """Return the runbook as data, from the report ``document`` and the ids that its run recorded, ``facts``.

    The keys are ``user``, ``account``, ``place``, ``as_of``, ``run`` and ``sections``. ``signed_in`` means that AWS has
    the permanent password.
    """
    run, user = document["run"], document["user"]
    sections = (
        RunbookSection("Before you start", tuple(_hazards(document))),
        RunbookSection("Open the envelopes", tuple(_envelopes(document))),
        RunbookSection("MFA", tuple(_mfa(document, facts))),
        RunbookSection("Sign in to the console", tuple(_console(document, signed_in=signed_in)), numbered=True),
        RunbookSection("Sign in on the command line", tuple(command_line_steps(document, facts)), numbered=True),
        RunbookSection("After use", tuple(after_use_steps(document, facts)), numbered=True),
    )
    return {
        "user": user["name"] or "unknown",
        "account": run["account_id"] or "unknown",
        "place": place_note(run),
        "as_of": run["finished_at"] or run["started_at"] or "an unknown time",
        "run": run["id"],
        "sections": sections,
    }


def runbook_markdown(content: Mapping[str, Any]) -> str:
    """Return the runbook in Markdown, for a wiki or a ticket. ``content`` is the result of ``runbook``."""
    lines = [f"# Emergency sign-in: {escape(content['user'])}, account {escape(content['account'])}", ""]
    lines += place_lines(content["place"])
    lines += [f"As of {escape(content['as_of'])}, run {escape(content['run'])}. This page contains no secrets.", ""]
    for section in content["sections"]:
        lines += [f"## {escape(section.title)}", ""]
        for number, line in enumerate(section.lines, start=1):
            mark = f"{number}." if section.numbered else "-"
            indent = " " * (len(mark) + 1)
            lines.append(f"{indent}→ {escape(line.text)}" if line.remedy else f"{mark} {escape(line.text)}")
            lines += fenced(line.command, indent)
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def runbook_page(content: Mapping[str, Any]) -> str:
    """Return the runbook as an HTML page that prints on one sheet. ``content`` is the result of ``runbook``."""
    return rendered("runbook.html", "runbook.css", content)


def _hazards(document: Mapping[str, Any]) -> Iterator[RunbookLine]:
    readiness, status = document["readiness"], document["run"]["status"]
    if status == "undone":
        yield RunbookLine("The run was rolled back. The user that it created does not exist.")
    elif status != "done":
        yield RunbookLine("The run did not finish. The user can be incomplete.")
    yield RunbookLine(f"Verdict of the last validation: {shown_verdict(readiness)}")
    for reason in readiness["reasons"]:
        yield from _cleared(f"{reason_kind(reason)}: {reason['text']}", reason["clear"])
    for risk in readiness["risks"]:
        yield from _cleared(f"Risk: {risk['text']}", risk["clear"])
    if document["envelopes"] and all(envelope["seals"] == ["kms"] for envelope in document["envelopes"]):
        yield RunbookLine("Every envelope needs AWS KMS. If AWS KMS is down, you cannot open any of them.")


def _cleared(text: str, clear: str) -> Iterator[RunbookLine]:
    """Yield a line with ``text``, then the lines of what clears it. Each command has its own line."""
    yield RunbookLine(text)
    for part in remedy_parts(clear):
        yield RunbookLine(part.text, part.command, remedy=True)


def _envelopes(document: Mapping[str, Any]) -> Iterator[RunbookLine]:
    if document["envelopes"]:
        yield open_with_program(document["envelopes"])
    yield from open_commands(document)
    sealed = {content for envelope in document["envelopes"] for content in envelope["contents"]}
    for content in requested_secrets(document["request"]):
        if content not in sealed:
            yield RunbookLine(f"{SECRETS[content]}: in no envelope of this report. Stored by {BLANK}")
    if not document["envelopes"] and "access" not in document["request"]:
        yield RunbookLine(f"Envelopes: unknown, because this report is from a validation alone. Stored by {BLANK}")


def requested_secrets(request: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the secrets that ``request`` asks for: ``password``, ``access-key`` and ``mfa-seed``, if they apply.

    Envelopes use the same names for their contents.
    """
    access, secrets = request.get("access"), list[str]()
    if access in ("console", "both"):
        secrets.append("password")
    if access in ("programmatic", "both"):
        secrets.append("access-key")
    if request.get("mfa") == "sealed":
        secrets.append("mfa-seed")
    return tuple(secrets)


def _mfa(document: Mapping[str, Any], facts: Mapping[str, str]) -> Iterator[RunbookLine]:
    mfa, serial = document["request"].get("mfa"), facts.get("mfa_serial", "")
    if mfa == "none" and not serial:
        yield RunbookLine("No MFA device was requested. The password or the access key is enough.")
        return
    found = next((check["found"] for check in document["checks"] if check["id"] == "mfa-devices"), "")
    yield RunbookLine(
        f"Device: {serial}" if serial else f"Device: not known from the run. The last check found: {found}"
    )
    if mfa == "sealed":
        yield RunbookLine(
            "Codes: open the envelope of the MFA seed, as above. In breakglass-tui, press r to show the current code."
        )
    elif serial or mfa:
        yield RunbookLine(f"The authenticator for this device is held by {BLANK}")


def _console(document: Mapping[str, Any], *, signed_in: bool) -> Iterator[RunbookLine]:
    run, user, request = document["run"], document["user"], document["request"]
    if request.get("access") == "programmatic":
        yield RunbookLine("This user has no console password. Use the command line.")
        return
    partition = partition_of(user["arn"], run["caller_arn"], region=run["region"])
    yield from _addresses(sign_in_urls(run["account_id"], partition, run["region"]), partition)
    yield RunbookLine(
        f"Enter account {run['account_id']}, IAM user name {user['name']} and the password from its envelope."
    )
    if request.get("mfa") != "none":
        yield RunbookLine("Enter the six-digit code of the MFA device if the page asks for it.")
    if request.get("password_reset_required", True) and not signed_in and not _reset_done(document):
        yield RunbookLine(
            "If the page asks for a new password, the one in the envelope is temporary. Write the new one down, and "
            "encrypt it later."
        )
    yield from _switch(request.get("role_arn") or "")


def _addresses(urls: SignInUrls | None, partition: str) -> Iterator[RunbookLine]:
    if urls is None:
        yield RunbookLine("The sign-in address is unknown, because the account or its partition is unknown.")
        return
    if urls.documented:
        yield RunbookLine("Type this address. Do not search for it, and do not use a bookmark:", urls.console)
    else:
        text = f"This is the host of AWS Sign-In in {partition}. AWS documents no page there, so test it in advance:"
        yield RunbookLine(text, urls.console)
    if urls.regional:
        yield RunbookLine("If the page does not load, type this address of another Region:", urls.regional)
    if urls.own_host:
        yield RunbookLine("If it still does not load, type this address, and choose IAM user:", urls.own_host)
    if not urls.regional and not urls.own_host:
        yield RunbookLine(f"For the partition {partition} no address in another Region is known.")


def _switch(role_arn: str) -> Iterator[RunbookLine]:
    link = switch_link(role_arn)
    if link:
        yield RunbookLine("To switch to the role, type this address:", link)
    elif can_switch(role_arn):
        yield RunbookLine(f"To switch to the role {role_arn}, choose Switch role in the menu of the console.")
    elif role_arn:
        yield RunbookLine(f"The console cannot switch to the role {role_arn}. Use the command line.")


def _reset_done(document: Mapping[str, Any]) -> bool:
    """Return whether a validation found that the password needs no change.

    A user that no run created has only this evidence.
    """
    access = next((check for check in document["checks"] if check["id"] == "access"), None)
    return access is not None and access["status"] == "pass" and not access["pending"]
