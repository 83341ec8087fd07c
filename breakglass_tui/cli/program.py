"""The commands of the program.

Until a command runs, nothing heavier than click is imported, so that ``--help`` and completion are fast.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from breakglass_tui import __version__
from breakglass_tui.cli.arguments import (
    ALLOWED_SIGNERS,
    COMPARED_REQUEST,
    ENVELOPE,
    ENVELOPE_OR_REPORT,
    IDENTITY,
    JSON,
    OUT,
    PASSPHRASE_FD,
    PUBLIC_KEY,
    REPORT,
    REPORT_OUT,
    REQUEST,
    REQUIRE,
    RUN,
    SHOW_PATHS,
    completes,
    with_options,
)
from breakglass_tui.cli.last_line import Ending, require_verdict
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.printed_files import completion, man

PROG = "breakglass-tui"


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=PROG)
@click.option("--demo", is_flag=True, help="Use a simulated account. AWS is not touched.")
@click.option("--plain", is_flag=True, help="Ask line by line instead of on a full screen.")
@click.option("--profile", metavar="P", help="AWS profile.")
@click.option("--region", metavar="R", help="AWS Region for KMS, STS and sign-in.")
@click.option("--endpoint-url", metavar="URL", help="Custom endpoint: https, or http on loopback.")
@click.option("--theme", metavar="T", shell_complete=completes("themes"), help="Colour theme of the full-screen app.")
@SHOW_PATHS
@click.pass_context
def cli(context: click.Context, /, **given: Any) -> Ending | None:
    """Set up an emergency (break-glass) user in AWS and validate that it works.

    Without a command, the full-screen app opens. The options below go before the command.
    """
    context.obj = Options(**given)
    if context.invoked_subcommand is not None:
        return None
    ending: Ending = context.invoke(_open_app)
    return ending


@with_options
def _open_app(options: Options) -> Ending:
    from breakglass_tui.cli.default_command import open_app

    return open_app(options)


@cli.command()
@REQUEST
@PASSPHRASE_FD
@JSON
@click.option("--script", "as_script", is_flag=True, help="Print a bash script of aws commands.")
@click.option("--terraform", "as_terraform", is_flag=True, help="Print a Terraform file.")
@click.option("--iam-policy", "as_iam_policy", is_flag=True, help="Print the IAM policy that the caller needs.")
@with_options
def plan(options: Options, request_file: str | None, passphrase_fd: str | None, **forms: bool) -> Ending:
    """Show exactly what apply would do. Writes nothing.

    With --demo, --request is optional: the demo has its own request.
    """
    from breakglass_tui.cli.passphrase_input import read_passphrase_fd
    from breakglass_tui.cli.plan_output import run_plan
    from breakglass_tui.cli.request_file import request_or_demo

    chosen = [form.removeprefix("as_") for form, wanted in forms.items() if wanted]
    if len(chosen) > 1:
        names = " and ".join(f"--{form.replace('_', '-')}" for form in chosen)
        raise click.UsageError(f"Choose one of {names}.")
    passphrase = read_passphrase_fd(passphrase_fd, request_file)
    request = request_or_demo(options, request_file)
    return run_plan(options, request, passphrase, form=chosen[0] if chosen else "text", request_file=request_file)


@cli.command()
@REQUEST
@click.option("--yes", is_flag=True, help="Do not ask for consent.")
@OUT
@PASSPHRASE_FD
@JSON
@REQUIRE
@with_options
def apply(
    options: Options,
    request_file: str | None,
    out: Path | None,
    passphrase_fd: str | None,
    *,
    yes: bool,
    as_json: bool,
    required: str | None,
) -> Ending:
    """Create and validate the emergency user without a screen.

    The secrets need a seal: kms_key_id, seal_to, or a passphrase (seal_passphrase = true, or --passphrase-fd). With
    --demo, --request is optional: the demo has its own request.
    """
    from breakglass_tui.cli.apply import run_apply
    from breakglass_tui.cli.passphrase_input import read_passphrase_fd
    from breakglass_tui.cli.request_file import request_or_demo

    passphrase = read_passphrase_fd(passphrase_fd, request_file)
    request = request_or_demo(options, request_file)
    ending = run_apply(options, request, out, passphrase, yes=yes, as_json=as_json)
    return require_verdict(ending, required)


@cli.command()
@click.option("--user-name", required=True, metavar="NAME", help="Name of the user.")
@COMPARED_REQUEST
@REPORT_OUT
@JSON
@click.option("--junit", "as_junit", is_flag=True, help="Print one JUnit XML document on stdout.")
@click.option(
    "--from",
    "directory",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Directory of the user's envelopes. Default: those of its newest run on this machine.",
)
@IDENTITY
@PASSPHRASE_FD
@click.option(
    "--accept-device",
    "accepted",
    multiple=True,
    metavar="SERIAL",
    help="Accept an MFA device that no run enrolled. This machine remembers it.",
)
@REQUIRE
@with_options
def validate(
    options: Options,
    user_name: str,
    request_file: str | None,
    out: Path | None,
    *,
    directory: Path | None,
    identities: tuple[Path, ...],
    passphrase_fd: str | None,
    accepted: tuple[str, ...],
    as_json: bool,
    as_junit: bool,
    required: str | None,
) -> Ending:
    """Validate an emergency user. Only reads.

    stdout has the verdict first. stderr has a line for each check. Exit code 3: a check failed.

    With --identity or --passphrase-fd, the user's envelopes are opened. Then test calls use the user's own
    credentials: they read the user, make a dry-run write, and assume the role.

    In JSON, readiness.verdict is ready, needs-control-plane (STEPS LEFT) or not-ready. NOT PROVEN is not-ready too:
    then readiness.reasons[].kind is not-proven, and never failed.
    """
    from breakglass_tui.cli.open_options import OpenOptions
    from breakglass_tui.cli.passphrase_input import read_passphrase_fd
    from breakglass_tui.cli.validate import Forms, Openers, run_validate

    given = OpenOptions(identities, read_passphrase_fd(passphrase_fd, request_file))
    openers, forms = Openers(given, directory, accepted), Forms(as_json, as_junit)
    ending = run_validate(options, user_name, request_file=request_file, out=out, openers=openers, forms=forms)
    return require_verdict(ending, required)


@cli.command()
@JSON
@with_options
def runs(options: Options, *, as_json: bool) -> Ending:
    """List the runs of this machine. Only reads.

    Unfinished runs come first, with what AWS has of them now and the commands that resume or remove them.
    """
    from breakglass_tui.cli.runs import run_runs

    return run_runs(options, as_json=as_json)


@cli.command()
@RUN
@PASSPHRASE_FD
@JSON
@with_options
def resume(options: Options, run_id: str, passphrase_fd: str | None, *, as_json: bool) -> Ending:
    """Continue a run that was interrupted or stopped.

    If the run was being removed, continue the removal. RUN: the first characters of an id. The command runs lists the
    ids.
    """
    from breakglass_tui.cli.passphrase_input import read_passphrase_fd
    from breakglass_tui.cli.resume import run_resume

    return run_resume(options, run_id, read_passphrase_fd(passphrase_fd), as_json=as_json)


@cli.command()
@RUN
@click.option("--yes", is_flag=True, help="Do not ask for consent.")
@JSON
@with_options
def undo(options: Options, run_id: str, *, yes: bool, as_json: bool) -> Ending:
    """Remove what a run created.

    RUN: the first characters of an id. The command runs lists the ids.
    """
    from breakglass_tui.cli.undo import run_undo

    return run_undo(options, run_id, yes=yes, as_json=as_json)


@cli.command("open")
@ENVELOPE
@IDENTITY
@PASSPHRASE_FD
@click.option("--reveal", is_flag=True, help="Write the secret to stdout as JSON in clear text. Needs a pipe or file.")
@with_options
def open_(
    options: Options, envelope: Path, identities: tuple[Path, ...], passphrase_fd: str | None, *, reveal: bool
) -> Ending:
    """Open an envelope and show its content.

    On a terminal, r shows the secret for 15 seconds. Envelopes sealed with age or with a passphrase open without
    AWS. Exit code 3: the envelope does not open with what was given. Exit code 2: the file is not an envelope, or
    there is no screen. --reveal does not work on a terminal, because the secret would stay in the scrollback.
    """
    from breakglass_tui.cli.open_envelope import run_open
    from breakglass_tui.cli.open_options import OpenOptions
    from breakglass_tui.cli.passphrase_input import read_passphrase_fd

    return run_open(options, envelope, OpenOptions(identities, read_passphrase_fd(passphrase_fd)), reveal=reveal)


@cli.command()
@ENVELOPE_OR_REPORT
@IDENTITY
@PASSPHRASE_FD
@REPORT
@ALLOWED_SIGNERS
@PUBLIC_KEY
@JSON
@with_options
def verify(
    options: Options,
    envelope: Path,
    identities: tuple[Path, ...],
    passphrase_fd: str | None,
    report: Path | None,
    *,
    allowed_signers: Path | None,
    public_key: Path | None,
    as_json: bool,
) -> Ending:
    """Check an envelope or a report. Only reads.

    For an envelope: who can open it, and whether it opens with what was given. No secret is shown. For a report.json:
    whether the report, its files, its envelopes and its journal are unchanged, and whether a key that you trust has
    signed it. Exit code 3: a check failed.
    """
    from breakglass_tui.cli.open_options import OpenOptions
    from breakglass_tui.cli.passphrase_input import read_passphrase_fd
    from breakglass_tui.cli.verify import run_verify

    given = OpenOptions(identities, read_passphrase_fd(passphrase_fd))
    return run_verify(
        options, envelope, given, report, allowed_signers=allowed_signers, public_key=public_key, as_json=as_json
    )


cli.add_command(completion)
cli.add_command(man)


def command_line(arguments: list[str]) -> Ending:
    """Run one command line and return its ending. Raises every error, including the exceptions of click."""
    try:
        ending: Ending = cli.main(args=arguments, prog_name=PROG, standalone_mode=False)
    except click.exceptions.Exit as end:
        return Ending(end.exit_code)
    # For --help and --version, click returns 0 or raises Exit.
    return ending if isinstance(ending, Ending) else Ending(ending or 0)
