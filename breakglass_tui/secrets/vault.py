"""Vault: the secrets of one run, in memory only."""

from __future__ import annotations

import threading

from breakglass_tui.secrets.secret import Secret


class Vault:
    """The secrets of a run that later parts of this process need. It is wiped when the run is over or the app exits."""

    def __init__(self) -> None:
        self._secrets: dict[str, Secret] = {}
        self._lock = threading.Lock()

    def put(self, name: str, secret: Secret) -> None:
        """Store ``secret`` under ``name``. It replaces an earlier secret of that name."""
        with self._lock:
            self._secrets[name] = secret

    def get(self, name: str) -> Secret | None:
        """Return the secret with this name, or None if this process does not have it."""
        with self._lock:
            return self._secrets.get(name)

    def wipe(self) -> None:
        """Wipe and remove all secrets."""
        with self._lock:
            for secret in self._secrets.values():
                secret.wipe()
            self._secrets.clear()
