"""Arguments to commands.

Nothing but click is imported until a command runs: ``--help`` and ``--version`` answer at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from breakglass_tui import __version__
from breakglass_tui.cli.arguments import (
    ENVELOPE,
    IDENTITY,
    JSON,
    OUT,
    PASSPHRASE_FD,
    REQUEST,
    RUN,
    SHOW_PATHS,
    completed,
    with_options,
)
from breakglass_tui.cli.options import Options

PROG = "breakglass-tui"


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=PROG)
@click.option("--demo", is_flag=True, help="Work on a simulated account; AWS is not touched.")
@click.option("--plain", is_flag=True, help="Ask and answer line by line instead of on a full screen.")
@click.option("--profile", metavar="P", help="AWS profile.")
@click.option("--region", metavar="R", help="AWS Region for KMS, STS and sign-in.")
@click.option("--endpoint-url", metavar="URL", help="Another endpoint: https, or http on loopback.")
@click.option("--theme", metavar="T", shell_complete=completed("themes"), help="Colour theme of the full-screen app.")
@SHOW_PATHS
@click.pass_context
def cli(context: click.Context, /, **given: Any) -> int | None:
    """Set up an emergency (break-glass) user in AWS and prove that it works.

    Without a command the full-screen app opens.
    """
    context.obj = Options(**given)
    if context.invoked_subcommand is not None:
        return None
    return context.invoke(_open_app)


@with_options
def _open_app(options: Options) -> int:
    from breakglass_tui.cli.default_command import open_app

    return open_app(options)


@cli.command()
@REQUEST
@PASSPHRASE_FD
@JSON
@click.option("--script", "as_script", is_flag=True, help="The same as a bash script of aws commands, on stdout.")
@click.option("--terraform", "as_terraform", is_flag=True, help="The same as a Terraform file, on stdout.")
@with_options
def plan(options: Options, request_file: str | None, passphrase_fd: str | None, **forms: bool) -> int:
    """Show exactly what apply would do. Writes nothing.

    With --demo, --request may be left out: the demo has a request of its own.
    """
    from breakglass_tui.cli.passphrase_input import from_descriptor
    from breakglass_tui.cli.plan_output import run_plan
    from breakglass_tui.cli.request_file import request_of

    asked = [form.removeprefix("as_") for form, wanted in forms.items() if wanted]
    if len(asked) > 1:
        raise click.UsageError(f"Choose one of --{' and --'.join(asked)}.")
    passphrase = from_descriptor(passphrase_fd, request_file)
    return run_plan(options, request_of(options, request_file), passphrase, form=asked[0] if asked else "text")


@cli.command()
@REQUEST
@click.option("--yes", is_flag=True, help="Do not ask.")
@OUT
@PASSPHRASE_FD
@JSON
@with_options
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
    With --demo, --request may be left out: the demo has a request of its own.
    """
    from breakglass_tui.cli.apply import run_apply
    from breakglass_tui.cli.passphrase_input import from_descriptor
    from breakglass_tui.cli.request_file import request_of

    passphrase = from_descriptor(passphrase_fd, request_file)
    return run_apply(options, request_of(options, request_file), out, passphrase, yes=yes, as_json=as_json)


@cli.command()
@click.option("--user-name", required=True, metavar="NAME", help="The user to validate.")
@REQUEST
@OUT
@JSON
@click.option("--junit", "as_junit", is_flag=True, help="One JUnit XML document on stdout.")
@with_options
def validate(
    options: Options, user_name: str, request_file: str | None, out: Path | None, *, as_json: bool, as_junit: bool
) -> int:
    """Check an emergency user. Only reads. Exit 3 when a check failed; one line for each check on stderr."""
    from breakglass_tui.cli.validate import run_validate

    return run_validate(options, user_name, request_file, out, as_json=as_json, as_junit=as_junit)


@cli.command()
@JSON
@with_options
def runs(options: Options, *, as_json: bool) -> int:
    """List the runs of this machine, and what is open. Only reads."""
    from breakglass_tui.cli.runs import run_runs

    return run_runs(options, as_json=as_json)


@cli.command()
@RUN
@PASSPHRASE_FD
@JSON
@with_options
def resume(options: Options, run_id: str, passphrase_fd: str | None, *, as_json: bool) -> int:
    """Go on with a run that was cut off or stopped."""
    from breakglass_tui.cli.passphrase_input import from_descriptor
    from breakglass_tui.cli.resume import run_resume

    return run_resume(options, run_id, from_descriptor(passphrase_fd), as_json=as_json)


@cli.command()
@RUN
@click.option("--yes", is_flag=True, help="Do not ask.")
@JSON
@with_options
def undo(options: Options, run_id: str, *, yes: bool, as_json: bool) -> int:
    """Remove what a run made."""
    from breakglass_tui.cli.undo import run_undo

    return run_undo(options, run_id, yes=yes, as_json=as_json)


@cli.command("open")
@ENVELOPE
@IDENTITY
@PASSPHRASE_FD
@click.option("--reveal", is_flag=True, help="Write it to stdout as JSON, in the clear; for a pipe, not a terminal.")
@with_options
def open_(
    options: Options, envelope: Path, identities: tuple[Path, ...], passphrase_fd: str | None, *, reveal: bool
) -> int:
    """Open an envelope and show what is in it, masked until a key is pressed.

    age and passphrase envelopes open without AWS. Exit 3: it does not open with what was given. Exit 2: it is no
    envelope, or there is no screen. On a terminal --reveal is refused: the secret would stay in the scrollback.
    """
    from breakglass_tui.cli.open_envelope import run_open
    from breakglass_tui.cli.open_options import OpenOptions
    from breakglass_tui.cli.passphrase_input import from_descriptor

    return run_open(options, envelope, OpenOptions(identities, from_descriptor(passphrase_fd)), reveal=reveal)


@cli.command()
@ENVELOPE
@IDENTITY
@PASSPHRASE_FD
@click.option("--report", type=click.Path(path_type=Path), metavar="FILE", help="Instead of the report.json beside it.")
@JSON
@with_options
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
    from breakglass_tui.cli.open_options import OpenOptions
    from breakglass_tui.cli.passphrase_input import from_descriptor
    from breakglass_tui.cli.verify import run_verify

    means = OpenOptions(identities, from_descriptor(passphrase_fd))
    return run_verify(options, envelope, means, report, as_json=as_json)


@cli.command()
@click.argument("shell", metavar="bash|zsh|fish", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> int:
    """Print the script that completes words in a shell.

    As in: eval "$(breakglass-tui completion bash)"; for fish: breakglass-tui completion fish | source
    """
    from breakglass_tui.cli.completion import script
    from breakglass_tui.cli.streams import data

    data(script(shell, cli, PROG).strip())
    return 0


@cli.command()
def man() -> int:
    """Print the manual page.

    Read it with: breakglass-tui man | man -l -
    """
    from breakglass_tui.cli.manual import manual_page
    from breakglass_tui.cli.streams import data

    data(manual_page().rstrip())
    return 0


def command_line(arguments: list[str]) -> int:
    """Carry out one command line and return its exit code; raises whatever goes wrong, also click's exceptions."""
    try:
        return cli.main(args=arguments, prog_name=PROG, standalone_mode=False) or 0
    except click.exceptions.Exit as done:
        return done.exit_code
