"""What several commands take, and how a command gets the options that stand before it."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from breakglass_tui.cli.options import Options


def completed(by: str) -> Callable[[click.Context, click.Parameter, str], list[Any]]:
    """What completes a word: a function of ``cli.completion``, imported when a shell asks."""

    def _words(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[Any]:
        from breakglass_tui.cli import completion

        words: list[Any] = getattr(completion, by)(context, parameter, incomplete)
        return words

    return _words


REQUEST = click.option(
    "--request", "request_file", metavar="FILE", shell_complete=completed("files"), help="TOML or JSON; - reads stdin."
)
OUT = click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Where reports and envelopes go.")
RUN = click.argument("run_id", metavar="RUN", shell_complete=completed("runs"))
ENVELOPE = click.argument(
    "envelope", metavar="ENVELOPE", type=click.Path(path_type=Path), shell_complete=completed("envelopes")
)
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


def with_options(command: Callable[..., int]) -> Callable[..., int]:
    """Hands the command the global options, after the configuration files have had their say."""

    @click.pass_obj
    @functools.wraps(command)
    def _command(given: Options, *args: Any, **kwargs: Any) -> int:
        from breakglass_tui.cli.preferences_files import settled

        return command(settled(given, os.environ), *args, **kwargs)

    return _command


def _paths_shown(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from breakglass_tui.cli.show_paths import show_paths

        show_paths()
        context.exit()


SHOW_PATHS = click.option(
    "--show-paths",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_paths_shown,
    help="Show where files are looked for and kept, and exit.",
)
