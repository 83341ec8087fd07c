"""The directories of this program's files: XDG base directories, and the directory of the style sheets."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from platformdirs import PlatformDirs

APP = "breakglass-tui"
CONFIG_FILE = "config.toml"
_PACKAGE = Path(__file__).resolve().parent


def state_dir() -> Path:
    """Return the directory of the log, the journals and the locks: ``$XDG_STATE_HOME/breakglass-tui``."""
    return _xdg("XDG_STATE_HOME", ".local/state", PlatformDirs(APP).user_state_path)


def runs_root(*, demo: bool) -> Path:
    """Return the directory of journals and locks. With ``demo``, it is that of the simulated account."""
    return state_dir() / "demo" if demo else state_dir()


def data_dir() -> Path:
    """Return the directory of reports and envelopes: ``$XDG_DATA_HOME/breakglass-tui``."""
    return _xdg("XDG_DATA_HOME", ".local/share", PlatformDirs(APP).user_data_path)


def export_root(*, demo: bool) -> Path:
    """Return the default directory of exports. With ``demo``, it is that of the simulated account."""
    return data_dir() / ("demo" if demo else "reports")


def export_dir(user_name: str, now: datetime, *, demo: bool) -> Path:
    """Return the default directory for the export of one run or validation of ``user_name`` at the time ``now``."""
    return export_root(demo=demo) / f"{now:%Y%m%dT%H%M%SZ}-{user_name}"


def config_dir() -> Path:
    """Return the directory of the operator's configuration: ``$XDG_CONFIG_HOME/breakglass-tui``."""
    return _xdg("XDG_CONFIG_HOME", ".config", PlatformDirs(APP).user_config_path)


def system_config_dirs() -> tuple[Path, ...]:
    """Return the directories of machine-wide configuration, the most important first.

    They are ``breakglass-tui`` in each absolute path of ``$XDG_CONFIG_DIRS``, or the default of the platform.
    """
    given = [Path(part) for part in os.environ.get("XDG_CONFIG_DIRS", "").split(":") if Path(part).is_absolute()]
    return tuple(part / APP for part in given) or (PlatformDirs(APP).site_config_path,)


def styles_dir() -> Path:
    """Return the directory of the style sheets.

    An installed wheel has it inside the package, a checkout beside the package.
    """
    packaged = _PACKAGE / "styles"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "styles"


def _xdg(variable: str, default: str, found: Path) -> Path:
    """Return ``found``, or ``default`` in the home directory if ``variable`` is relative.

    XDG ignores relative paths.
    """
    value = os.environ.get(variable, "").strip()
    return Path.home() / default / APP if value and not Path(value).is_absolute() else found
