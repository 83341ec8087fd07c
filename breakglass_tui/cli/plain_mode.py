"""``--plain`` on a terminal: asks the questions of the form line by line, and then does what ``apply`` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.event_consumer import CommandContext
from breakglass_tui.cli.last_line import Ending
from breakglass_tui.cli.next_command import next_lines
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.output_directory import writable
from breakglass_tui.cli.reviewed_run import review_and_apply
from breakglass_tui.cli.reviewed_setup import assess_account
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.stored_runs import run_store
from breakglass_tui.cli.streams import to_stderr
from breakglass_tui.domain.account import Account, AdminPolicy, Caller
from breakglass_tui.domain.acknowledgements import NO_MFA, ONLY_KMS, acknowledgements
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.policy import ADMIN_POLICY_NAME, INLINE_QUOTA, size
from breakglass_tui.domain.problems import BadRequest, Problem
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.text import show
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.engine.compose import new_name
from breakglass_tui.engine.listed_run import listed_run
from breakglass_tui.plain.form_question import NO, YES, InterviewState
from breakglass_tui.plain.form_questions import QUESTIONS
from breakglass_tui.plain.interview import BACK, INSTRUCTIONS, Interview
from breakglass_tui.plain.plan_text import Review, management_lines
from breakglass_tui.plain.run_history import run_lines
from breakglass_tui.plain.terminal import InputEnded, Terminal
from breakglass_tui.plain.words import account_label, paragraph, problem_lines
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.settings import export_dir

DIGITS = 4
"""The number of digits of the account id that the operator types to confirm."""
REMEDIES = {
    ONLY_KMS.words: f"To avoid this, type {BACK} and add age recipients or a passphrase.",
    NO_MFA.words: f"To avoid this, type {BACK} and choose an MFA device.",
}
"""How to avoid each risk that the operator must accept, by the words that accept it."""


class _BackToQuestions(Exception):  # noqa: N818 - not an error
    """The operator wants to go back from the review to the questions."""


def run_plain(options: Options, terminal: Terminal) -> Ending:
    """Ask the questions, show the plan, create the user, and validate it. Raises ``Problem``."""
    with Interrupts(to_stderr) as interrupts, Connector(options) as connect:
        context = CommandContext(options, terminal, interrupts, as_json=False)
        _list_unfinished(options)
        cloud = connect()
        caller = cloud.identify()
        account = assess_account(cloud, cloud.region, caller)
        who = (f"You are {show(caller.arn)}.", *management_lines(account))
        texts = (*who, _policy_line(account), "Nothing is written before you confirm the plan.", INSTRUCTIONS)
        to_stderr(*(line for text in texts for line in paragraph(text)))
        defaults = {"region": account.region, **_as_answers(options.preferences.request)}
        state = InterviewState(terminal, account, new_name(SystemClock()), defaults)
        try:
            return _ask_and_apply(context, cloud, caller, state)
        except InputEnded:  # the end of the input means the same as Ctrl+C
            raise KeyboardInterrupt from None
        finally:
            if state.passphrase is not None:
                state.passphrase.wipe()


def _ask_and_apply(context: CommandContext, cloud: Cloud, caller: Caller, state: InterviewState) -> Ending:
    """Ask the questions until the request is applied or cancelled, and return the ending."""
    interview = Interview(
        QUESTIONS, state, lambda region: replace(state.account, region=region, keys=cloud.keys(region))
    )
    first = ""
    while True:
        request = interview.ask(first)
        try:
            named = request.named(request.user_name or state.generated_name)
            return _apply_with_retries(context, cloud, caller, named, state)
        except _BackToQuestions:
            first = interview.last_field
        except BadRequest as bad:
            first = interview.report(bad.errors)


def _apply_with_retries(
    context: CommandContext, cloud: Cloud, caller: Caller, request: SetupRequest, state: InterviewState
) -> Ending:
    """Review and apply the request. If it cannot be reviewed, ask whether to try again."""
    reviewed: list[Review] = []

    def confirm(review: Review) -> bool:
        reviewed.append(review)
        return _confirm(review, state.terminal)

    while True:
        try:
            return _apply(context, cloud, caller, request, state, confirm=confirm)
        except Problem as problem:
            trouble = problem.__cause__ if isinstance(problem, BadRequest) else problem
            if reviewed or not isinstance(trouble, Problem):
                raise
            to_stderr(*problem_lines(trouble), "Your answers are kept.")
            if not _typed(state.terminal, "yes to try again", *YES):
                raise trouble from None


def _apply(
    context: CommandContext,
    cloud: Cloud,
    caller: Caller,
    request: SetupRequest,
    state: InterviewState,
    *,
    confirm: Callable[[Review], bool],
) -> Ending:
    directory = export_dir(request.user_name, SystemClock().now(), demo=context.options.demo)
    # The run gets a copy, because it wipes its passphrase and the operator may go back to the questions.
    typed = state.passphrase if request.seal_passphrase else None
    passphrase = Secret(typed.reveal()) if typed is not None else None
    with writable(directory):
        return review_and_apply(
            context,
            cloud,
            caller,
            request,
            directory=directory,
            confirm=confirm,
            passphrase=passphrase,
        )


def _confirm(review: Review, terminal: Terminal) -> bool:
    """Return whether the operator confirms the plan. Raises ``_BackToQuestions``.

    In a real account, the operator types the last digits of the account id, as in the app.
    """
    caller = review.setup.account.caller
    for each in acknowledgements(review.setup.request):
        to_stderr(*paragraph(each.risk), *paragraph(REMEDIES[each.words]))
        if not _typed(terminal, f'"{each.words}" to continue', each.words):
            return False
    where = account_label(caller.account_id, caller.alias, review.place)
    to_stderr(f"Create emergency user {review.setup.request.user_name} in {where}?")
    if review.place is Place.DEMO:
        return _typed(terminal, "yes to create it", *YES)
    return _typed(terminal, f"the last {DIGITS} digits of the account id to create it", caller.account_id[-DIGITS:])


def _typed(terminal: Terminal, what: str, *wanted: str) -> bool:
    """Ask until the operator types one of ``wanted`` (True) or no (False). Raises ``_BackToQuestions``.

    ``what`` says in words what to type.
    """
    while True:
        to_stderr(*paragraph(f"Type {what}, {BACK} to go back to the questions, or no to cancel:"))
        typed = terminal.read_line().casefold()
        if typed == BACK:
            raise _BackToQuestions
        if typed in (*wanted, *NO):
            return typed in wanted


def _list_unfinished(options: Options) -> None:
    """Print the unfinished runs, each with the commands that remove and continue it."""
    try:
        unfinished = run_store(options).unfinished()
    except Problem as problem:
        to_stderr(*problem_lines(problem))
        return
    to_stderr(*([f"Unfinished runs ({len(unfinished)}):"] if unfinished else []))
    for stored in unfinished:
        commands = next_lines(options, stored.record) if stored.problem is None else []
        to_stderr(*(f"  {line}" for line in (*run_lines(listed_run(stored), {}), *commands)))


def _as_answers(defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return default values in the form of answers, in which a list is a tuple."""
    return {field: tuple(value) if isinstance(value, list) else value for field, value in defaults.items()}


def _policy_line(account: Account) -> str:
    policy = account.admin_policy
    if not isinstance(policy, AdminPolicy):
        return f"{ADMIN_POLICY_NAME} could not be read: {show(str(policy))}"
    room = f"{size(policy.document):,} of {INLINE_QUOTA:,} characters"
    return f"The user gets {ADMIN_POLICY_NAME} {show(policy.version_id)} as an inline policy: {room}."
