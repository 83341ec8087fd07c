"""Shell completion: the script that a shell loads, and the words that the program offers to it.

To be fast, it imports only click. The ids of runs are the names of their directories.
"""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import BashComplete, CompletionItem, FishComplete, ShellComplete, ZshComplete

from breakglass_tui.settings import runs_root
from breakglass_tui.ui.themes import THEMES

VARIABLE = "_BREAKGLASS_TUI_COMPLETE"
"""The environment variable that the script sets. If it is set, click prints completions and runs no command."""
ENVELOPES = (".age", ".kms.json", "report.json")
BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' response type value
    response=$(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD %(complete_var)s=bash_complete "$1" 2>/dev/null)
    while IFS=',' read -r type value; do
        case $type in
            dir) compopt -o filenames -o plusdirs ;;
            file) compopt -o filenames -o default ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done <<< "$response"
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class _Bash(BashComplete):
    """click's completion for bash, which also completes file names with spaces, and directories next to files."""

    source_template = BASH


SHELLS: dict[str, type[ShellComplete]] = {"bash": _Bash, "fish": FishComplete, "zsh": ZshComplete}


def script(shell: str, command: click.Command, name: str) -> str:
    """Return the script that makes ``shell`` complete the command line of ``command``.

    ``name`` is the program's name.
    """
    # The source() of click starts a bash to read its version, and prints a warning about an old one on stdout.
    completion = SHELLS[shell](command, {}, name, VARIABLE)
    return completion.source_template % completion.source_vars()


def runs(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return completions with the ids of the runs on this machine, newest journal first."""
    demo = bool(context.find_root().params.get("demo"))
    journals = (runs_root(demo=demo) / "runs").glob("*/journal.jsonl")
    ids = [path.parent.name for path in sorted(journals, key=_modified_at, reverse=True)]
    return [CompletionItem(id) for id in ids if id.startswith(incomplete) and id.isprintable()]


def themes(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return completions with the names of this program's own themes."""
    return [CompletionItem(theme.name) for theme in THEMES if theme.name.startswith(incomplete)]


def files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the one completion that makes the shell offer files."""
    return [CompletionItem(incomplete, type="file")]


def envelopes(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return completions with the envelopes and reports whose path begins with ``incomplete``.

    The shell adds directories.
    """
    before, slash, typed = incomplete.rpartition("/")
    directory = Path(f"{before}{slash}" or ".").expanduser()
    try:
        names = sorted(path.name for path in directory.iterdir() if path.name.endswith(ENVELOPES) and path.is_file())
    except OSError:
        names = []
    found = [CompletionItem(f"{before}{slash}{name}") for name in names if name.startswith(typed)]
    return [*(item for item in found if item.value.isprintable()), CompletionItem(incomplete, type="dir")]


def _modified_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
