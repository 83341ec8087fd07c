"""Commands whose output other programs read: the completion script of a shell, and the manual page."""

from __future__ import annotations

import sys

import click

from breakglass_tui.cli.command_words import PROGRAM
from breakglass_tui.cli.last_line import Ending
from breakglass_tui.cli.streams import to_stdout


@click.command()
@click.argument("shell", metavar="bash|zsh|fish", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> Ending:
    """Print the completion script of a shell.

    For bash and zsh: eval "$(breakglass-tui completion bash)". For fish: breakglass-tui completion fish | source
    """
    from breakglass_tui.cli.completion import script

    print_script = f"{PROGRAM} completion {shell}"
    load = f"{print_script} | source" if shell == "fish" else f'eval "$({print_script})"'
    return _print(script(shell, _whole_program(), PROGRAM), "Load the script", load)


@click.command()
def man() -> Ending:
    """Print the manual page.

    Read it with: breakglass-tui man | man -l -
    """
    from breakglass_tui.cli.manual import manual_page

    return _print(manual_page(_whole_program()), "Read the page", "breakglass-tui man | man -l -")


def _whole_program() -> click.Group:
    root = click.get_current_context().find_root().command
    assert isinstance(root, click.Group)
    return root


def _print(text: str, lead: str, command: str) -> Ending:
    """Print ``text`` for another program, and return the ending. It has a last line only on a terminal.

    A last line would disturb the program that reads the output.
    """
    to_stdout(text.strip())
    on_terminal = sys.stdout is not None and sys.stdout.isatty()
    return Ending(0, "Done." if on_terminal else "", lead, command)
