"""The journals of this user's runs, real or simulated."""

from __future__ import annotations

from breakglass_tui.cli.options import Options
from breakglass_tui.engine.store import RunStore
from breakglass_tui.settings import runs_root


def journals(options: Options) -> RunStore:
    """The store of the account that these options speak of; touches no disk."""
    return RunStore(runs_root(demo=options.demo))
