"""``apply``: plan, create and validate the user without a screen.

AWS is called before most modules are imported: they are imported while the first answers are on their way.
"""

from __future__ import annotations

from pathlib import Path

from breakglass_tui.cli.command_words import PASSPHRASE_FD
from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.last_line import Ending
from breakglass_tui.cli.load_ahead import load_ahead
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.output_directory import writable
from breakglass_tui.cli.problem_report import usage
from breakglass_tui.cli.seal_options import missing_seal, with_passphrase
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.streams import to_stderr
from breakglass_tui.domain.problems import BadRequest, FieldError
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.secrets.secret import Secret
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
        from breakglass_tui.engine.compose import new_name

        request = request.named(new_name(clock))
    directory = out or export_dir(request.user_name, clock.now(), demo=options.demo)
    with Interrupts(to_stderr) as interrupts, Connector(options) as connect, writable(directory):
        cloud = connect()
        load_ahead(cloud)
        caller = cloud.identify()
        from breakglass_tui.cli.event_consumer import CommandContext
        from breakglass_tui.cli.reviewed_run import accept, review_and_apply, warn_and_accept

        context = CommandContext(options, terminal, interrupts, as_json)
        confirm = warn_and_accept if yes else lambda review: accept(review, terminal)
        return review_and_apply(
            context, cloud, caller, request, directory=directory, confirm=confirm, passphrase=passphrase
        )


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
