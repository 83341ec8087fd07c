"""The AWS CLI commands that remove what a run may have created, for a journal that no undo can use."""

from __future__ import annotations

from dataclasses import replace

from breakglass_tui.aws.steps.removal_commands import SEPARATOR, iam_command, statement_removal
from breakglass_tui.cli.options import Options
from breakglass_tui.domain.account import Caller
from breakglass_tui.domain.ownership import device_name, device_serial, trust_sid
from breakglass_tui.domain.policy import INLINE_POLICY_NAME
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import show
from breakglass_tui.engine.stored_run import StoredRun

CHECK_FIRST = "First check that no one needs the user {name}. Then run: "


def with_removal_commands(options: Options, stored: StoredRun) -> StoredRun:
    """Return ``stored`` with the removal commands in its problem, if its first line names the user.

    Only the lines before the damage are used.
    """
    if stored.problem is None or stored.record.header is None or options.demo:
        return stored
    problem = stored.problem
    next = CHECK_FIRST.format(name=show(_user_name(stored.record))) + SEPARATOR.join(_commands(options, stored.record))
    return replace(
        stored, problem=Problem(problem.what, why=problem.why, next=next, kind=problem.kind, code=problem.code)
    )


def cut_journal(options: Options, stored: StoredRun) -> StoredRun:
    """Return ``stored`` with the problem that AWS has resources of the run which its journal does not show."""
    problem = Problem(
        f"The journal of run {show(stored.id)} was cut, or is an older copy.",
        why="It shows no step, but AWS has resources with the marks of this run.",
        next="Find what it created by the tag breakglass-tui:run-id, and remove it by hand.",
        kind=Kind.LOCAL,
        code="JournalCut",
    )
    return with_removal_commands(options, replace(stored, problem=problem))


def by_hand_line(options: Options, record: RunRecord) -> tuple[str, ...]:
    """Return the line with the commands that remove the run's resources without its journal. The demo has none."""
    if options.demo or record.header is None:
        return ()
    return (f"To remove the resources without the journal, run: {SEPARATOR.join(_commands(options, record))}",)


def _user_name(record: RunRecord) -> str:
    header = record.header
    return str(header.request.get("user_name", "")) if header else ""


def _commands(options: Options, record: RunRecord) -> list[str]:
    """Return the commands in the order in which AWS accepts them. What does not exist is an error without effect."""
    header, user = record.header, _user_name(record)
    assert header is not None
    values = {"--profile": options.profile, "--endpoint-url": options.endpoint_url}
    words = [word for name, value in values.items() if value is not None for word in (name, value)]
    request, commands = header.request, list[str]()
    if request.get("role_arn"):
        role = str(request["role_arn"]).rsplit("/", 1)[-1]
        commands.append(statement_removal(role, trust_sid(header.id), *words))
    for group in request.get("groups") or ():
        commands.append(iam_command("remove-user-from-group", *words, user_name=user, group_name=str(group)))
    commands.append(iam_command("delete-user-policy", *words, user_name=user, policy_name=INLINE_POLICY_NAME))
    if request.get("access") in ("programmatic", "both"):
        query = {"query": "AccessKeyMetadata[].AccessKeyId", "output": "text"}
        keys = iam_command("list-access-keys", *words, user_name=user, **query)
        commands.append(
            f"{keys} | xargs -n 1 {iam_command('delete-access-key', *words, user_name=user)} --access-key-id"
        )
    if request.get("access", "console") in ("console", "both"):
        commands.append(iam_command("delete-login-profile", *words, user_name=user))
    if request.get("mfa", "none") != "none":
        caller = Caller(header.account_id, header.caller_arn, "")
        serial = device_serial(caller, device_name(user, header.id))
        commands.append(iam_command("deactivate-mfa-device", *words, user_name=user, serial_number=serial))
        commands.append(iam_command("delete-virtual-mfa-device", *words, serial_number=serial))
    return [*commands, iam_command("delete-user", *words, user_name=user)]
