"""Vault: the secrets of one run, in memory only."""

from __future__ import annotations

import threading

from breakglass_tui.secrets.secret import Secret


class Vault:
    """What validation needs of the secrets a run made; emptied when the run is over or the app ends."""

    def __init__(self) -> None:
        self._secrets: dict[str, Secret] = {}
        self._lock = threading.Lock()

    def put(self, name: str, secret: Secret) -> None:
        """Keep ``secret`` under ``name``, replacing what was there."""
        with self._lock:
            self._secrets[name] = secret

    def get(self, name: str) -> Secret | None:
        """The secret of that name, if this process made one."""
        with self._lock:
            return self._secrets.get(name)

    def wipe(self) -> None:
        """Drop every secret."""
        with self._lock:
            for secret in self._secrets.values():
                secret.wipe()
            self._secrets.clear()
