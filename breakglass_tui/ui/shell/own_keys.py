"""The operator's own keys: actions by id, from the table ``[keys]`` of a configuration file."""

from __future__ import annotations

from collections.abc import Mapping

from breakglass_tui.ui.shell.leaving import Leaving


class OwnKeys(Leaving):
    """A key that is given to one action is taken from another of the same screen, and that is said."""

    keys: Mapping[str, str] = {}

    def use_keys(self, keys: Mapping[str, str]) -> None:
        """From now on these actions have these keys, comma separated, in place of their own."""
        self.keys = keys
        self.set_keymap(dict(keys))

    def on_mount(self) -> None:
        """Say what has no effect or an unwanted one, once the first paint is done."""
        if self.keys:
            self.set_timer(0.5, self._tell_unfit)

    def _tell_unfit(self) -> None:
        from breakglass_tui.ui.key_names import taken, unfit

        said = [*unfit(self.keys), *taken(self.keys)]
        if said:
            self.tell(f"[keys] of the configuration: {' '.join(said)}", failed=True)
