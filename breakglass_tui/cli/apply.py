"""``apply``: the four phases without a screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.event_consumer import CommandContext, EventConsumer
from breakglass_tui.cli.execution import execute
from breakglass_tui.cli.failure_report import usage
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.passphrase_input import OPTION
from breakglass_tui.cli.reviewed_setup import reviewed, writable
from breakglass_tui.cli.seal_options import ANOTHER_WAY, ONLY_KMS, lacks_seal, use_new_passphrase, with_passphrase
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.stored_runs import journals
from breakglass_tui.cli.streams import people
from breakglass_tui.domain.account import Caller
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import BadRequest, FieldError
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.seals import ONLY_KMS_WORDS
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.engine.compose import new_name, new_run
from breakglass_tui.plain.event_printer import EventPrinter
from breakglass_tui.plain.plan_text import Review
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.plain.words import NAME, account_label
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
) -> int:
    """Carry the request out and prove it; returns the published exit code. A ``passphrase`` seals as well."""
    terminal, request = Terminal(people, aloud=options.plain), with_passphrase(request, passphrase)
    _refuse_what_needs_a_screen(request, attached=terminal.attached(), yes=yes, passphrase=passphrase)
    clock = SystemClock()
    if not request.user_name:
        request = request.named(new_name(clock))
    directory = out or export_dir(request.user_name, clock.now(), demo=options.demo)
    with Interrupts(people) as interrupts, Connector(options) as connect, writable(directory):
        command = CommandContext(options, terminal, interrupts, as_json)
        cloud = connect()
        agreed = _warned if yes else lambda review: _agreed(review, terminal)
        return apply_at(
            command, cloud, cloud.identify(), request, directory=directory, agreed=agreed, passphrase=passphrase
        )


def apply_at(
    command: CommandContext,
    cloud: Cloud,
    caller: Caller,
    request: SetupRequest,
    *,
    directory: Path,
    agreed: Callable[[Review], bool],
    passphrase: Secret | None,
) -> int:
    """Review the request, carry it out if that is ``agreed``, and prove it; returns the published exit code.

    A ``passphrase`` is wiped; without one, it is asked for where the request needs it. Raises ``Problem``.
    """
    store, vault = journals(command.options), Vault()
    # Before anything is looked at: a user that another run is making would seem to be taken.
    with store.claim(caller.account_id, request.user_name):
        try:
            use_new_passphrase(vault, request, caller, command.terminal, passphrase)
            review = reviewed(cloud, caller, request, directory, store, vault=vault)
            people(*review.lines(), "")
            if not agreed(review):
                people("Nothing was written.")
                return ExitCode.INTERRUPTED
            consumer = EventConsumer(printer=EventPrinter(command.terminal.aside))
            return execute(cloud, review.setup, new_run(cloud, review.setup, store), consumer, command)
        finally:
            vault.wipe()


def _warned(review: Review) -> bool:
    if review.setup.request.only_kms:
        people(f"{NAME}: warning: {ONLY_KMS} {ANOTHER_WAY}")
    return True


def _agreed(review: Review, terminal: Terminal) -> bool:
    caller = review.setup.account.caller
    where = account_label(caller.account_id, caller.alias, demo=review.demo)
    if review.setup.request.only_kms:
        people(ONLY_KMS, ANOTHER_WAY)
        if not terminal.repeats("To go on with KMS alone:", ONLY_KMS_WORDS):
            return False
    return terminal.agrees(f"Create emergency user {review.setup.request.user_name} in {where}?")


def _refuse_what_needs_a_screen(request: SetupRequest, *, attached: bool, yes: bool, passphrase: Secret | None) -> None:
    """What can only end badly without a screen ends here, before AWS is asked anything."""
    without_seal = lacks_seal(request)
    errors = [without_seal] if without_seal is not None else []
    if request.seal_passphrase and passphrase is None and not attached:
        why = f"there is no terminal to ask for the passphrase; hand it over with {OPTION}"
        errors.append(FieldError("seal_passphrase", why))
    if request.mfa == "authenticator" and not attached:
        errors.append(FieldError("mfa", 'authenticator needs a terminal to scan and type on; use "sealed" here'))
    if errors:
        raise BadRequest(tuple(errors))
    if not yes and not attached:
        raise usage(
            "There is no terminal to ask on.",
            next="Look at what would happen with: breakglass-tui plan --request FILE; then add --yes to apply.",
        )
