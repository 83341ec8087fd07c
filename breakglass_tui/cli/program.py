"""Arguments to commands, and whatever goes wrong to one line and an exit code.

Nothing but click is imported until a command runs: ``--help`` and ``--version`` answer at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from breakglass_tui import __version__
from breakglass_tui.cli.options import Options

PROG = "breakglass-tui"
REQUEST = click.option("--request", "request_file", metavar="FILE", help="TOML or JSON; - reads stdin.")
OUT = click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Where reports and envelopes go.")
RUN = click.argument("run_id", metavar="RUN")
ENVELOPE = click.argument("envelope", metavar="ENVELOPE", type=click.Path(path_type=Path))
IDENTITY = click.option(
    "-i",
    "--identity",
    "identities",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A file with age identities, or an unlocked private SSH key; may be given again.",
)
# As text: whatever is given in the place of a number may be the passphrase, and click would repeat it.
PASSPHRASE_FD = click.option(
    "--passphrase-fd", metavar="N", help="Read the passphrase, one line, from this file descriptor; as 3 3< FILE."
)
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=PROG)
@click.option("--demo", is_flag=True, help="Work on a simulated account; AWS is not touched.")
@click.option("--plain", is_flag=True, help="Lines of text instead of the full-screen app (with --demo).")
@click.option("--profile", metavar="P", help="AWS profile.")
@click.option("--region", metavar="R", help="AWS Region for KMS, STS and sign-in.")
@click.option("--endpoint-url", metavar="URL", help="Another endpoint: https, or http on loopback.")
@click.option("--theme", metavar="T", help="Colour theme of the full-screen app.")
@click.pass_context
def cli(context: click.Context, /, **given: Any) -> int | None:
    """Set up an emergency (break-glass) user in AWS and prove that it works.

    Without a command the full-screen app opens.
    """
    context.obj = Options(**given)
    if context.invoked_subcommand is not None:
        return None
    from breakglass_tui.cli.bare import open_app

    return open_app(context.obj)


@cli.command()
@REQUEST
@PASSPHRASE_FD
@JSON
@click.pass_obj
def plan(options: Options, request_file: str | None, passphrase_fd: str | None, *, as_json: bool) -> int:
    """Show exactly what apply would do. Writes nothing."""
    from breakglass_tui.cli.passphrase import from_descriptor
    from breakglass_tui.cli.plan import run_plan
    from breakglass_tui.cli.request_file import read_request

    passphrase = from_descriptor(passphrase_fd, _needed(request_file))
    return run_plan(options, read_request(_needed(request_file)), passphrase, as_json=as_json)


@cli.command()
@REQUEST
@click.option("--yes", is_flag=True, help="Do not ask.")
@OUT
@PASSPHRASE_FD
@JSON
@click.pass_obj
def apply(
    options: Options,
    request_file: str | None,
    out: Path | None,
    passphrase_fd: str | None,
    *,
    yes: bool,
    as_json: bool,
) -> int:
    """Create the emergency user without a screen, and prove it.

    The secrets need a seal: kms_key_id, seal_to, or a passphrase (seal_passphrase = true, or --passphrase-fd).
    """
    from breakglass_tui.cli.apply import run_apply
    from breakglass_tui.cli.passphrase import from_descriptor
    from breakglass_tui.cli.request_file import read_request

    passphrase = from_descriptor(passphrase_fd, _needed(request_file))
    return run_apply(options, read_request(_needed(request_file)), out, passphrase, yes=yes, as_json=as_json)


@cli.command()
@click.option("--user-name", required=True, metavar="NAME", help="The user to validate.")
@REQUEST
@OUT
@JSON
@click.option("--junit", "as_junit", is_flag=True, help="One JUnit XML document on stdout.")
@click.pass_obj
def validate(
    options: Options, user_name: str, request_file: str | None, out: Path | None, *, as_json: bool, as_junit: bool
) -> int:
    """Check an emergency user. Only reads. Exit 3 when a check failed; one line for each check on stderr."""
    from breakglass_tui.cli.validate import run_validate

    return run_validate(options, user_name, request_file, out, as_json=as_json, as_junit=as_junit)


@cli.command()
@JSON
@click.pass_obj
def runs(options: Options, *, as_json: bool) -> int:
    """List the runs of this machine, and what is open. Only reads."""
    from breakglass_tui.cli.runs import run_runs

    return run_runs(options, as_json=as_json)


@cli.command()
@RUN
@PASSPHRASE_FD
@JSON
@click.pass_obj
def resume(options: Options, run_id: str, passphrase_fd: str | None, *, as_json: bool) -> int:
    """Go on with a run that was cut off or stopped."""
    from breakglass_tui.cli.passphrase import from_descriptor
    from breakglass_tui.cli.resume import run_resume

    return run_resume(options, run_id, from_descriptor(passphrase_fd), as_json=as_json)


@cli.command()
@RUN
@click.option("--yes", is_flag=True, help="Do not ask.")
@JSON
@click.pass_obj
def undo(options: Options, run_id: str, *, yes: bool, as_json: bool) -> int:
    """Remove what a run made."""
    from breakglass_tui.cli.undo import run_undo

    return run_undo(options, run_id, yes=yes, as_json=as_json)


@cli.command("open")
@ENVELOPE
@IDENTITY
@PASSPHRASE_FD
@click.option("--reveal", is_flag=True, help="Write it to stdout as JSON, in the clear; for a pipe, not a terminal.")
@click.pass_obj
def open_(
    options: Options, envelope: Path, identities: tuple[Path, ...], passphrase_fd: str | None, *, reveal: bool
) -> int:
    """Open an envelope and show what is in it, masked until a key is pressed.

    age and passphrase envelopes open without AWS. Exit 3: it does not open with what was given. Exit 2: it is no
    envelope, or there is no screen. On a terminal --reveal is refused: the secret would stay in the scrollback.
    """
    from breakglass_tui.cli.open_envelope import run_open
    from breakglass_tui.cli.passphrase import from_descriptor
    from breakglass_tui.cli.unsealing import Means

    return run_open(options, envelope, Means(identities, from_descriptor(passphrase_fd)), reveal=reveal)


@cli.command()
@ENVELOPE
@IDENTITY
@PASSPHRASE_FD
@click.option("--report", type=click.Path(path_type=Path), metavar="FILE", help="Instead of the report.json beside it.")
@JSON
@click.pass_obj
def verify(
    options: Options,
    envelope: Path,
    identities: tuple[Path, ...],
    passphrase_fd: str | None,
    report: Path | None,
    *,
    as_json: bool,
) -> int:
    """Say who can open an envelope, and whether it opens. Only reads, and shows no secret.

    With a report.json instead: whether it, its files, its envelopes and its journal are as they were. Exit 3 when a
    check failed.
    """
    from breakglass_tui.cli.passphrase import from_descriptor
    from breakglass_tui.cli.unsealing import Means
    from breakglass_tui.cli.verify import run_verify

    means = Means(identities, from_descriptor(passphrase_fd))
    return run_verify(options, envelope, means, report, as_json=as_json)


def run_and_exit() -> NoReturn:
    """Carry out this process's own command line, and end it."""
    from breakglass_tui.cli.streams import open_all

    open_all()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Carry out one command line and return its exit code; no exception gets past this."""
    try:
        return cli.main(args=arguments, prog_name=PROG, standalone_mode=False) or 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except (click.Abort, KeyboardInterrupt, Exception) as error:  # noqa: BLE001 - the last line of defence
        from breakglass_tui.cli.exits import report_failure

        return report_failure(error, as_json="--json" in arguments)


def _needed(request_file: str | None) -> str:
    if request_file is None:
        raise click.UsageError("--request FILE is missing; it is a TOML or JSON file, or - for stdin.")
    return request_file
