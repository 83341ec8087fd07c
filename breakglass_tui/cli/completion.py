"""What a shell completes: the script that asks this program, and this program's answers.

Nothing is loaded for an answer but click; the engine is not asked for the runs, their directories are.
"""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import BashComplete, CompletionItem, FishComplete, ShellComplete, ZshComplete

VARIABLE = "_BREAKGLASS_TUI_COMPLETE"
"""Set by the script; click answers in place of the command."""
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
    """As click's, but names of files may hold spaces, and directories are offered beside the files that fit."""

    source_template = BASH


SHELLS: dict[str, type[ShellComplete]] = {"bash": _Bash, "fish": FishComplete, "zsh": ZshComplete}


def script(shell: str, command: click.Command, name: str) -> str:
    """What the shell is to read at its start, so that it completes the words of ``command``."""
    # click's own source() starts a bash to ask for its version, and has people told of it on stdout.
    completing = SHELLS[shell](command, {}, name, VARIABLE)
    return completing.source_template % completing.source_vars()


def runs(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The ids of runs, the one that was told of last first."""
    from breakglass_tui.settings import runs_root

    demo = bool(context.find_root().params.get("demo"))
    journals = (runs_root(demo=demo) / "runs").glob("*/journal.jsonl")
    ids = [path.parent.name for path in sorted(journals, key=_changed, reverse=True)]
    return [CompletionItem(id) for id in ids if id.startswith(incomplete) and id.isprintable()]


def themes(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The names of this program's own themes."""
    from breakglass_tui.ui.themes import THEMES

    return [CompletionItem(theme.name) for theme in THEMES if theme.name.startswith(incomplete)]


def files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Any file: the shell itself knows them."""
    return [CompletionItem(incomplete, type="file")]


def envelopes(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Envelopes and reports below what is typed; the shell adds the directories."""
    before, slash, may_exist = incomplete.rpartition("/")
    directory = Path(f"{before}{slash}" or ".").expanduser()
    try:
        names = sorted(path.name for path in directory.iterdir() if path.name.endswith(ENVELOPES) and path.is_file())
    except OSError:
        names = []
    found = [CompletionItem(f"{before}{slash}{name}") for name in names if name.startswith(may_exist)]
    return [*(item for item in found if item.value.isprintable()), CompletionItem(incomplete, type="dir")]


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
