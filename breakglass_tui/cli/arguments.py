"""Arguments that several commands share, and the decorator that gives a command its global options."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from breakglass_tui.cli.demo_extra import require_demo_extra
from breakglass_tui.cli.last_line import Ending
from breakglass_tui.cli.options import Options
from breakglass_tui.domain.text import show


def completes(what: str) -> Callable[[click.Context, click.Parameter, str], list[Any]]:
    """Return a click callback that completes a word with the function named ``what`` in ``cli.completion``.

    The module is imported only when a shell asks for a completion.
    """

    def _complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[Any]:
        from breakglass_tui.cli import completion

        words: list[Any] = getattr(completion, what)(context, parameter, incomplete)
        return words

    return _complete


LONGEST_NAME = 255
"""The most bytes in one name of a path (NAME_MAX in limits.h). File systems of Linux and macOS have this limit."""
LONGEST_PATH = 3840
"""The most bytes in the path of a directory. PATH_MAX of Linux is 4096, and the files in it need the rest."""


def _output(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    """Return ``path``. Raises ``click.BadParameter`` if no system can create it or the files in it.

    A name that starts with ~ or $ is refused too. It is what the operator meant a shell to replace.
    """
    if path is not None:
        if path.parts and path.parts[0].startswith(("~", "$")):
            raise click.BadParameter(
                f"The shell did not replace {show(path.parts[0])}. Give the whole path, or write it unquoted after a "
                "space. For a directory of this name, give its absolute path."
            )
        if any(len(os.fsencode(name)) > LONGEST_NAME for name in path.parts):
            raise click.BadParameter(f"A name in this path has more than {LONGEST_NAME} bytes.")
        if len(os.fsencode(path.absolute())) > LONGEST_PATH:
            raise click.BadParameter(f"This path has more than {LONGEST_PATH} bytes.")
    return path


def _request(help: str) -> Callable[[Any], Any]:
    names = ("--request", "request_file")
    return click.option(*names, metavar="FILE", shell_complete=completes("files"), help=f"{help} - reads stdin.")


def _out(help: str) -> Callable[[Any], Any]:
    path = click.Path(path_type=Path)
    return click.option("--out", type=path, callback=_output, metavar="DIR", help=help)


def _file(metavar: str) -> Callable[[Any], Any]:
    path = click.Path(path_type=Path)
    return click.argument("envelope", metavar=metavar, type=path, shell_complete=completes("envelopes"))


REQUEST = _request("Request file, TOML or JSON.")
COMPARED_REQUEST = _request("Compare the user with this request file, TOML or JSON.")
OUT = _out("Directory for the report and the envelopes. Default: a new one, below the exports of --show-paths.")
REPORT_OUT = _out("Directory for the report. Without it, no report is written.")
RUN = click.argument("run_id", metavar="RUN", shell_complete=completes("runs"))
ENVELOPE = _file("ENVELOPE")
ENVELOPE_OR_REPORT = _file("FILE")
IDENTITY = click.option(
    "-i",
    "--identity",
    "identities",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File with age identities, or a private SSH key without a passphrase. Can be given more than once.",
)
# The number is text: a value that is no number may be the passphrase, and click would repeat it in its message.
PASSPHRASE_FD = click.option(
    "--passphrase-fd",
    metavar="N",
    help="Read the passphrase (one line) from file descriptor N. Example: --passphrase-fd 3 3< FILE",
)
REPORT = click.option(
    "--report", type=click.Path(path_type=Path), metavar="FILE", help="Use this report.json, not the one beside it."
)
_EXISTING = click.Path(path_type=Path, exists=True, dir_okay=False)
ALLOWED_SIGNERS = click.option(
    "--allowed-signers",
    type=_EXISTING,
    metavar="FILE",
    help="SSH keys that may sign reports, in the format of ssh-keygen.",
)
PUBLIC_KEY = click.option(
    "--public-key", type=_EXISTING, metavar="FILE", help="Public key of the KMS key that signs reports, as PEM."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")


REQUIRE = click.option(
    "--require",
    "required",
    type=click.Choice(("ready",)),
    metavar="ready",
    help="Exit with 3 unless the verdict is READY.",
)


def with_options(command: Callable[..., Ending]) -> Callable[..., Ending]:
    """Return ``command`` as a function that gets the global options as its first argument.

    What the command line does not set is taken from the configuration files.
    """

    @click.pass_obj
    @functools.wraps(command)
    def _command(given: Options, *args: Any, **kwargs: Any) -> Ending:
        from breakglass_tui.cli.preferences_files import with_preferences

        if given.demo:
            require_demo_extra()
        return command(with_preferences(given, os.environ), *args, **kwargs)

    return _command


def _show_paths(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from breakglass_tui.cli.show_paths import show_paths

        show_paths()
        context.exit()


SHOW_PATHS = click.option(
    "--show-paths",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_paths,
    help="Show the paths of configuration, logs, journals and reports, and exit.",
)
