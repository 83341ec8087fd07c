"""A reviewed run: shows the plan of a request, asks for consent, runs the plan and validates the user."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from breakglass_tui.cli.event_consumer import CommandContext, EventConsumer
from breakglass_tui.cli.evidence_signing import choose_signer
from breakglass_tui.cli.execution import run_and_validate
from breakglass_tui.cli.last_line import START_AGAIN, Ending
from breakglass_tui.cli.load_ahead import load_for_validation
from breakglass_tui.cli.reviewed_setup import review_request
from breakglass_tui.cli.seal_options import accept_risks, store_new_passphrase
from breakglass_tui.cli.stored_runs import run_store
from breakglass_tui.cli.streams import to_stderr, warn
from breakglass_tui.domain.account import Caller
from breakglass_tui.domain.acknowledgements import acknowledgements
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.engine.compose import new_run
from breakglass_tui.engine.recent_check import RECENT_S
from breakglass_tui.plain.event_printer import EventPrinter
from breakglass_tui.plain.plan_text import Review
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.plain.words import account_label
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import Vault


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
    store, vault, clock = run_store(context.options), Vault(), SystemClock()
    # The claim comes before any read: a user that another run is creating would look like a name already in use.
    with store.claim(caller.account_id, request.user_name):
        try:
            store_new_passphrase(vault, request, caller, context.terminal, passphrase)
            signer = choose_signer(context.options, cloud, context.terminal)
            review = review_request(cloud, caller, request, directory, store, vault=vault, signer=signer)
            reviewed_at = clock.ticks()
            to_stderr(*review.lines(), "")
            if not confirm(review):
                return Ending(ExitCode.INTERRUPTED, "Cancelled: nothing was written to AWS.", START_AGAIN, repeat=())
            printer = EventPrinter(context.terminal.write_message)
            consumer = EventConsumer(printer=printer, meanwhile=partial(load_for_validation, cloud, review.setup))
            # Consent and a slow reader of stderr take time, in which AWS can change. Without them it is milliseconds.
            recent = review.preflight if clock.ticks() - reviewed_at < RECENT_S else ()
            run = new_run(cloud, review.setup, store, recent=recent)
            return run_and_validate(cloud, review.setup, run, consumer, context)
        finally:
            vault.wipe()


def warn_and_accept(review: Review) -> bool:
    """Print the risks of the request as warnings, and return True."""
    for each in acknowledgements(review.setup.request):
        warn(f"{each.risk} {each.remedy}")
    return True


def accept(review: Review, terminal: Terminal) -> bool:
    """Ask on ``terminal`` for each risk, then for the creation of the user. Return whether all were accepted."""
    caller = review.setup.account.caller
    where = account_label(caller.account_id, caller.alias, review.place)
    if not accept_risks(review.setup.request, terminal):
        return False
    return terminal.confirm(f"Create emergency user {review.setup.request.user_name} in {where}?")
