"""OwnKeys: applies the table ``[keys]`` of the configuration file, which maps ids of actions to keys."""

from __future__ import annotations

from collections.abc import Mapping

from breakglass_tui.ui.shell.leaving import Leaving
from breakglass_tui.ui.shell.terminal_input import TerminalInput


class OwnKeys(Leaving, TerminalInput):
    """App mixin that uses the operator's own keys. A notice names conflicts and unknown names in the table."""

    keys: Mapping[str, str] = {}

    def use_keys(self, keys: Mapping[str, str]) -> None:
        """Use ``keys``, which has comma-separated keys by binding id, in place of the default keys."""
        self.keys = keys
        self.set_keymap(dict(keys))
        if "quit" in keys:
            self.quit_keys = frozenset(keys["quit"].split(","))

    def on_mount(self) -> None:
        """After the first paint, report unknown names in the table, and actions that lose their key."""
        if self.keys:
            self.set_timer(0.5, self._tell_unfit)

    def _tell_unfit(self) -> None:
        from breakglass_tui.ui.key_names import taken, unfit

        found = [*unfit(self.keys), *taken(self.keys)]
        if found:
            self.tell(f"Table [keys] of the configuration: {' '.join(found)}", failed=True)
