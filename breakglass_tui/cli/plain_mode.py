"""``--plain`` on a terminal: the questions of the screen line by line, and then what ``apply`` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from breakglass_tui.cli.apply import apply_at
from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.event_consumer import CommandContext
from breakglass_tui.cli.next_command import next_command
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.reviewed_setup import assessed, writable
from breakglass_tui.cli.seal_options import ONLY_KMS
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.stored_runs import journals
from breakglass_tui.cli.streams import people
from breakglass_tui.domain.account import Account, AdminPolicy, Caller
from breakglass_tui.domain.policy import ADMIN_POLICY_NAME, INLINE_QUOTA, size
from breakglass_tui.domain.problems import BadRequest, Problem
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.seals import ONLY_KMS_WORDS
from breakglass_tui.domain.text import show
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.engine.compose import new_name
from breakglass_tui.plain.form_question import NO, YES, InterviewState
from breakglass_tui.plain.form_questions import QUESTIONS
from breakglass_tui.plain.interview import BACK, HOW, Interview
from breakglass_tui.plain.plan_text import Review, management_lines
from breakglass_tui.plain.run_history import run_lines
from breakglass_tui.plain.terminal import InputEnded, Terminal
from breakglass_tui.plain.words import account_label, paragraph, problem_lines
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.settings import export_dir

DIGITS = 4
ANOTHER_WAY = "An age recipient or a passphrase opens them without AWS: go back to add one."


class _GoneBack(Exception):  # noqa: N818 - not an error
    """The operator wants the questions again instead of what was reviewed."""


def run_plain(options: Options, terminal: Terminal) -> int:
    """Ask, review, carry out and prove; returns the published exit code. Raises ``Problem``."""
    with Interrupts(people) as interrupts, Connector(options) as connect:
        command = CommandContext(options, terminal, interrupts, as_json=False)
        _tell_unfinished(options)
        cloud = connect()
        caller = cloud.identify()
        account = assessed(cloud, cloud.region, caller)
        who = (f"You are {show(caller.arn)}.", *management_lines(account))
        said = (*who, _policy_line(account), "Nothing is written before you agree.", HOW)
        people(*(line for text in said for line in paragraph(text)))
        may_exist = {"region": account.region, **_begun(options.preferences.request)}
        state = InterviewState(terminal, account, new_name(SystemClock()), may_exist)
        try:
            return _asked(command, cloud, caller, state)
        except InputEnded:  # whoever closes the input wants what Ctrl+C does
            raise KeyboardInterrupt from None
        finally:
            if state.passphrase is not None:
                state.passphrase.wipe()


def _asked(command: CommandContext, cloud: Cloud, caller: Caller, state: InterviewState) -> int:
    """Ask until the request is carried out or given up."""
    interview = Interview(
        QUESTIONS, state, lambda region: replace(state.account, region=region, keys=cloud.keys(region))
    )
    first = ""
    while True:
        request = interview.request(first)
        try:
            return _carried_out(command, cloud, caller, request.named(request.user_name or state.generated_name), state)
        except _GoneBack:
            first = interview.last
        except BadRequest as bad:
            first = interview.complain(bad.errors)


def _carried_out(
    command: CommandContext, cloud: Cloud, caller: Caller, request: SetupRequest, state: InterviewState
) -> int:
    """Apply the request. What keeps it from being reviewed is tried again as often as the operator wants that."""
    reviewed: list[Review] = []

    def agreed(review: Review) -> bool:
        reviewed.append(review)
        return _agreed(review, state.terminal)

    while True:
        try:
            return _applied(command, cloud, caller, request, state, agreed=agreed)
        except Problem as problem:
            trouble = problem.__cause__ if isinstance(problem, BadRequest) else problem
            if reviewed or not isinstance(trouble, Problem):
                raise
            people(*problem_lines(trouble), "Your answers are kept.")
            if not _typed(state.terminal, "yes to try again", *YES):
                raise trouble from None


def _applied(
    command: CommandContext,
    cloud: Cloud,
    caller: Caller,
    request: SetupRequest,
    state: InterviewState,
    *,
    agreed: Callable[[Review], bool],
) -> int:
    directory = export_dir(request.user_name, SystemClock().now(), demo=command.options.demo)
    # The run gets a copy: it is wiped, and the questions may be gone back to.
    kept = state.passphrase if request.seal_passphrase else None
    passphrase = Secret(kept.reveal()) if kept is not None else None
    with writable(directory):
        return apply_at(
            command,
            cloud,
            caller,
            request,
            directory=directory,
            agreed=agreed,
            passphrase=passphrase,
        )


def _agreed(review: Review, terminal: Terminal) -> bool:
    """Whether to go on, as the screen asks: in a real account for its last digits. Raises ``_GoneBack``."""
    caller = review.setup.account.caller
    if review.setup.request.only_kms:
        people(*paragraph(ONLY_KMS), *paragraph(ANOTHER_WAY))
        if not _typed(terminal, f"the words {ONLY_KMS_WORDS} to go on", ONLY_KMS_WORDS):
            return False
    where = account_label(caller.account_id, caller.alias, demo=review.demo)
    people(f"Create emergency user {review.setup.request.user_name} in {where}?")
    if review.demo:
        return _typed(terminal, "yes to create it", *YES)
    return _typed(terminal, f"the last {DIGITS} digits of the account id to create it", caller.account_id[-DIGITS:])


def _typed(terminal: Terminal, what: str, *wanted: str) -> bool:
    """Ask until one of ``wanted`` is typed, or no. Raises ``_GoneBack``."""
    while True:
        people(*paragraph(f"Type {what}, {BACK} to go back to the questions, or no to leave:"))
        typed = terminal.line().casefold()
        if typed == BACK:
            raise _GoneBack
        if typed in (*wanted, *NO):
            return typed in wanted


def _tell_unfinished(options: Options) -> None:
    """Name the runs that were left open, each with the command that goes on and the one that removes."""
    try:
        unfinished = journals(options).unfinished()
    except Problem as problem:
        people(*problem_lines(problem))
        return
    people(*([f"Left unfinished ({len(unfinished)}):"] if unfinished else []))
    for stored in unfinished:
        on = next_command(options, stored.record) if stored.problem is None else []
        people(*(f"  {line}" for line in (*run_lines(stored, {}), *on)))


def _begun(defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Defaults as answers: what holds several is a tuple."""
    return {field: tuple(value) if isinstance(value, list) else value for field, value in defaults.items()}


def _policy_line(account: Account) -> str:
    policy = account.admin_policy
    if not isinstance(policy, AdminPolicy):
        return f"{ADMIN_POLICY_NAME} could not be read: {show(str(policy))}"
    room = f"{size(policy.document):,} of {INLINE_QUOTA:,} characters"
    return f"The user gets {ADMIN_POLICY_NAME} {show(policy.version_id)} as an inline policy: {room}."
