"""``apply``: plan, create and validate the user without a screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from breakglass_tui.cli.command_words import PASSPHRASE_FD
from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.event_consumer import CommandContext, EventConsumer
from breakglass_tui.cli.evidence_signing import choose_signer
from breakglass_tui.cli.execution import run_and_validate
from breakglass_tui.cli.failure_report import usage
from breakglass_tui.cli.last_line import START_AGAIN, Ending
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.reviewed_setup import review_request, writable
from breakglass_tui.cli.seal_options import (
    accept_risks,
    missing_seal,
    store_new_passphrase,
    with_passphrase,
)
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.stored_runs import run_store
from breakglass_tui.cli.streams import to_stderr, warn
from breakglass_tui.domain.account import Caller
from breakglass_tui.domain.acknowledgements import acknowledgements
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import BadRequest, FieldError
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.engine.compose import new_name, new_run
from breakglass_tui.plain.event_printer import EventPrinter
from breakglass_tui.plain.plan_text import Review
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.plain.words import account_label
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import Vault
from breakglass_tui.settings import export_dir


def run_apply(
    options: Options,
    request: SetupRequest,
    out: Path | None,
    passphrase: Secret | None = None,
    *,
    yes: bool,
    as_json: bool,
) -> Ending:
    """Create the user of ``request`` and validate it. Raises ``Problem``.

    ``passphrase`` adds a passphrase seal to the request. With ``yes``, no consent is asked for.
    """
    terminal, request = Terminal(to_stderr, aloud=options.plain), with_passphrase(request, passphrase)
    _require_headless_request(request, attached=terminal.attached(), yes=yes, passphrase=passphrase)
    clock = SystemClock()
    if not request.user_name:
        request = request.named(new_name(clock))
    directory = out or export_dir(request.user_name, clock.now(), demo=options.demo)
    with Interrupts(to_stderr) as interrupts, Connector(options) as connect, writable(directory):
        context = CommandContext(options, terminal, interrupts, as_json)
        cloud = connect()
        confirm = _warn_and_accept if yes else lambda review: _confirm(review, terminal)
        return review_and_apply(
            context, cloud, cloud.identify(), request, directory=directory, confirm=confirm, passphrase=passphrase
        )


def review_and_apply(
    context: CommandContext,
    cloud: Cloud,
    caller: Caller,
    request: SetupRequest,
    *,
    directory: Path,
    confirm: Callable[[Review], bool],
    passphrase: Secret | None,
) -> Ending:
    """Show the plan for ``request``. If ``confirm`` returns True for it, run the plan and validate the user.

    ``passphrase`` is wiped at the end. If the request needs one and it is None, the terminal asks for it. Raises
    ``Problem``.
    """
    store, vault = run_store(context.options), Vault()
    # The claim comes before any read: a user that another run is creating would look like a name already in use.
    with store.claim(caller.account_id, request.user_name):
        try:
            store_new_passphrase(vault, request, caller, context.terminal, passphrase)
            signer = choose_signer(context.options, cloud, context.terminal)
            review = review_request(cloud, caller, request, directory, store, vault=vault, signer=signer)
            to_stderr(*review.lines(), "")
            if not confirm(review):
                return Ending(ExitCode.INTERRUPTED, "Cancelled: nothing was written to AWS.", START_AGAIN, repeat=())
            consumer = EventConsumer(printer=EventPrinter(context.terminal.write_message))
            return run_and_validate(cloud, review.setup, new_run(cloud, review.setup, store), consumer, context)
        finally:
            vault.wipe()


def _warn_and_accept(review: Review) -> bool:
    for each in acknowledgements(review.setup.request):
        warn(f"{each.risk} {each.remedy}")
    return True


def _confirm(review: Review, terminal: Terminal) -> bool:
    caller = review.setup.account.caller
    where = account_label(caller.account_id, caller.alias, review.place)
    if not accept_risks(review.setup.request, terminal):
        return False
    return terminal.confirm(f"Create emergency user {review.setup.request.user_name} in {where}?")


def _require_headless_request(request: SetupRequest, *, attached: bool, yes: bool, passphrase: Secret | None) -> None:
    """Raise ``Problem`` if the request needs a screen or a terminal that this process does not have.

    It is called before any call to AWS. ``attached`` means that there is a terminal.
    """
    without_seal = missing_seal(request)
    errors = [without_seal] if without_seal is not None else []
    if request.seal_passphrase and passphrase is None and not attached:
        errors.append(
            FieldError("seal_passphrase", f"no terminal to ask for the passphrase: give it with {PASSPHRASE_FD}")
        )
    if request.mfa == "authenticator" and not attached:
        errors.append(FieldError("mfa", 'authenticator needs a terminal for the QR code and two codes: use "sealed"'))
    if errors:
        raise BadRequest(tuple(errors))
    if not yes and not attached:
        raise usage(
            "The command needs a terminal to ask for your consent.",
            why="stdin or stderr is not a terminal. The command plan shows what apply would do.",
            next="To apply without a question, run",
            repeat=("--yes",),
        )
