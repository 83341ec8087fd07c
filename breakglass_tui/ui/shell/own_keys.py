"""The operator's own keys: the table ``[keys]`` of a configuration file maps ids of actions to keys."""

from __future__ import annotations

from collections.abc import Mapping

from breakglass_tui.ui.shell.leaving import Leaving


class OwnKeys(Leaving):
    """Uses the operator's keys. If a key then means another action on the same screen, a notice says so."""

    keys: Mapping[str, str] = {}

    def use_keys(self, keys: Mapping[str, str]) -> None:
        """Replace the keys of these actions. ``keys`` has comma-separated keys by binding id."""
        self.keys = keys
        self.set_keymap(dict(keys))

    def on_mount(self) -> None:
        """After the first paint, report keys without effect, and actions that lose a key."""
        if self.keys:
            self.set_timer(0.5, self._tell_unfit)

    def _tell_unfit(self) -> None:
        from breakglass_tui.ui.key_names import taken, unfit

        found = [*unfit(self.keys), *taken(self.keys)]
        if found:
            self.tell(f"Table [keys] of the configuration: {' '.join(found)}", failed=True)
