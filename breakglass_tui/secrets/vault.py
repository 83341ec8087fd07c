"""Vault: the secrets of one run, in memory only."""

from __future__ import annotations

import threading

from breakglass_tui.secrets.secret import Secret


class Vault:
    """The secrets of a run that validation needs. It is wiped when the run is over or the app exits."""

    def __init__(self) -> None:
        self._secrets: dict[str, Secret] = {}
        self._lock = threading.Lock()

    def put(self, name: str, secret: Secret) -> None:
        """Store ``secret`` under ``name``, in place of an earlier one."""
        with self._lock:
            self._secrets[name] = secret

    def get(self, name: str) -> Secret | None:
        """Return the secret of that name, None if this process has none."""
        with self._lock:
            return self._secrets.get(name)

    def wipe(self) -> None:
        """Drop every secret."""
        with self._lock:
            for secret in self._secrets.values():
                secret.wipe()
            self._secrets.clear()
