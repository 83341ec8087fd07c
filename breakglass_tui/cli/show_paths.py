"""``--show-paths``: print the paths of configuration, logs, journals and exports, each with its variable."""

from __future__ import annotations

from pathlib import Path

from breakglass_tui.cli.preferences_files import config_files
from breakglass_tui.cli.streams import to_stdout
from breakglass_tui.directories import flaw_of_file
from breakglass_tui.domain.text import show
from breakglass_tui.logs import FILE
from breakglass_tui.settings import CONFIG_FILE, export_root, runs_root, state_dir

LONGEST = 4096
STATE, DATA = "XDG_STATE_HOME", "XDG_DATA_HOME"


def show_paths() -> None:
    """Print one path on each line. Creates no file. Raises ``Problem``."""
    rows = [
        *(("config", path, variable) for path, variable in config_files()),
        ("state", state_dir(), STATE),
        ("log", state_dir() / FILE, STATE),
        ("journals", runs_root(demo=False) / "runs", STATE),
        ("journals, demo", runs_root(demo=True) / "runs", STATE),
        ("exports", export_root(demo=False), DATA),
        ("exports, demo", export_root(demo=True), DATA),
    ]
    shown = [(name, _status(path), variable, show(str(path), LONGEST)) for name, path, variable in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for name, status, variable, path in shown:
        to_stdout(f"{name:{widths[0]}}  {status:{widths[1]}}  {variable:{widths[2]}}  {path}")


def _status(path: Path) -> str:
    """Return ``found``, ``not found``, or ``ignored`` for a configuration file that others can write to."""
    try:
        status = path.stat()
        used = path.name != CONFIG_FILE or flaw_of_file(path, status) is None
    except OSError:
        return "not found"
    return "found" if used else "ignored"
