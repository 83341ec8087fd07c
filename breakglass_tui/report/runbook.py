"""The 3 a.m. runbook: how to sign in as this user, from what is known of it. What is not known is said to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from breakglass_tui.domain.sign_in import partition_of, sign_in_urls, switch_link
from breakglass_tui.domain.text import show
from breakglass_tui.report.after_use import after_use
from breakglass_tui.report.cli_access import command_line
from breakglass_tui.report.markdown import LONGEST, escape, reason_kind, shown_verdict
from breakglass_tui.report.open_commands import open_commands
from breakglass_tui.report.page import rendered
from breakglass_tui.report.runbook_sections import RunbookLine, RunbookSection

BLANK = "____________________"
"""For what only people know: it is written in by hand, on paper."""
SECRETS = {"password": "console password", "access-key": "access key", "mfa-seed": "seed of the MFA device"}


def runbook(document: dict[str, Any], facts: Mapping[str, str], *, signed_in: bool = False) -> dict[str, Any]:
    """What the page says: ``document`` is the report, ``facts`` are ids that its run has learned.

    ``signed_in`` says that AWS was seen to hold the lasting password after the first sign-in.
    """
    run, user = document["run"], document["user"]
    sections = (
        RunbookSection("Know before you begin", tuple(_hazards(document))),
        RunbookSection("Envelopes: what opens with what", tuple(_envelopes(document))),
        RunbookSection("MFA", tuple(_mfa(document, facts))),
        RunbookSection("Console", tuple(_console(document, signed_in=signed_in)), numbered=True),
        RunbookSection("Command line", tuple(command_line(document, facts)), numbered=True),
        RunbookSection("Afterwards", tuple(after_use(document, facts)), numbered=True),
    )
    return {
        "user": user["name"] or "unknown",
        "account": run["account_id"] or "unknown",
        "demo": run["demo"],
        "as_of": run["finished_at"] or run["started_at"] or "an unknown time",
        "run": run["id"],
        "sections": sections,
    }


def runbook_markdown(content: Mapping[str, Any]) -> str:
    """The runbook for a wiki or a ticket."""
    lines = [f"# Emergency sign-in: {escape(content['user'])}, account {escape(content['account'])}", ""]
    if content["demo"]:
        lines += ["**DEMO: a simulated account. Nothing here signs in anywhere.**", ""]
    lines += [f"As of {escape(content['as_of'])}, run {escape(content['run'])}. No secret is on this page.", ""]
    for section in content["sections"]:
        lines += [f"## {escape(section.title)}", ""]
        for number, line in enumerate(section.lines, start=1):
            mark = f"{number}." if section.numbered else "-"
            lines.append(f"{mark} {escape(line.text)}")
            if line.command:
                indent = " " * (len(mark) + 1)
                lines += ["", f"{indent}```", f"{indent}{show(line.command, LONGEST)}", f"{indent}```", ""]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def runbook_page(content: Mapping[str, Any]) -> str:
    """The runbook as one page to print."""
    return rendered("runbook.html", "runbook.css", content)


def _hazards(document: Mapping[str, Any]) -> Iterator[RunbookLine]:
    readiness, status = document["readiness"], document["run"]["status"]
    if status == "undone":
        yield RunbookLine(
            "The run that was to make this user was taken back: the user does not exist, or not any more."
        )
    elif status != "done":
        yield RunbookLine("The run that was to make this user has not come to its end: it may be half made.")
    yield RunbookLine(f"Verdict of the last validation: {shown_verdict(readiness)}")
    for reason in readiness["reasons"]:
        yield RunbookLine(_cleared(f"{reason_kind(reason)}: {reason['text']}", reason["clear"]))
    for risk in readiness["risks"]:
        yield RunbookLine(_cleared(f"Risk: {risk['text']}", risk["clear"]))
    if document["envelopes"] and all(envelope["seals"] == ["kms"] for envelope in document["envelopes"]):
        yield RunbookLine("Every envelope needs AWS KMS to open: if AWS itself is what failed, none of them helps.")


def _cleared(text: str, clear: str) -> str:
    return f"{text} → {clear}" if clear else text


def _envelopes(document: Mapping[str, Any]) -> Iterator[RunbookLine]:
    if document["envelopes"]:
        yield RunbookLine("With this program: breakglass-tui open FILE, and --identity for each custodian. Without it:")
    yield from open_commands(document)
    sealed = {content for envelope in document["envelopes"] for content in envelope["contents"]}
    for content in wanted(document["request"]):
        if content not in sealed:
            yield RunbookLine(f"{SECRETS[content]}: in no envelope that this report knows; kept by {BLANK}")
    if not document["envelopes"] and "access" not in document["request"]:
        yield RunbookLine(f"Envelopes are not known here: this is a validation alone. They are kept by {BLANK}")


def wanted(request: Mapping[str, Any]) -> tuple[str, ...]:
    """The secrets that the request asks for, by the names that envelopes give them."""
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
        yield RunbookLine("No MFA device was asked for: the password or the key is enough.")
        return
    found = next((check["found"] for check in document["checks"] if check["id"] == "mfa-devices"), "")
    yield RunbookLine(
        f"Device: {serial}" if serial else f"Device: not known from the run; the last check found: {found}"
    )
    if mfa == "sealed":
        yield RunbookLine("Codes: open the envelope of the seed, and type the seed into an authenticator app.")
    else:
        yield RunbookLine(f"The authenticator that gives its codes is held by {BLANK}")


def _console(document: Mapping[str, Any], *, signed_in: bool) -> Iterator[RunbookLine]:
    run, user, request = document["run"], document["user"], document["request"]
    if request.get("access") == "programmatic":
        yield RunbookLine("This user has no console password; use the command line.")
        return
    partition = partition_of(user["arn"], run["caller_arn"], region=run["region"])
    there = sign_in_urls(run["account_id"], partition, run["region"])
    if there is None:
        yield RunbookLine("The address of the sign-in page is not known: the account or its partition is not.")
    else:
        yield RunbookLine("Type this address; do not search for it, do not use a bookmark:", there.console)
        if there.regional:
            yield RunbookLine("If it does not answer, this one is in another Region:", there.regional)
        else:
            yield RunbookLine(f"An address in another Region is not known for the partition {partition}.")
    yield RunbookLine(f"Account {run['account_id']}, IAM user name {user['name']}, and the password from its envelope.")
    if request.get("mfa") != "none":
        yield RunbookLine("Type the six digits of the MFA device when they are asked for.")
    if request.get("password_reset_required", True) and not signed_in and not _reset_done(document):
        yield RunbookLine(
            "If a new password is demanded, the one in the envelope is temporary: choose another, write it down, "
            "and seal it afterwards."
        )
    role = request.get("role_arn")
    link = switch_link(role) if role else ""
    if link:
        yield RunbookLine(f"To switch to the role {role}:", link)
    elif role:
        yield RunbookLine(f"The console cannot switch to the role {role}; take the command line for it.")


def _reset_done(document: Mapping[str, Any]) -> bool:
    """Whether AWS said at the validation that no new password will be demanded: also of a user made elsewhere."""
    access = next((check for check in document["checks"] if check["id"] == "access"), None)
    return access is not None and access["status"] == "pass" and not access["pending"]
