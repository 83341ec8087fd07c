"""Vault: the secrets of one run, in memory only."""

from __future__ import annotations

import threading

from breakglass_tui.secrets.secret import Secret

SIGN_IN = ("password", "permanent-password", "passphrase")
"""The names of the secrets whose last use is the first sign-in."""
VALIDATION = ("access-key", "mfa-seed", "mfa-last-period", "mfa-aws-time")
"""The names of the secrets whose last use is a validation."""


class Vault:
    """The secrets of a run that later parts of this process need. A secret is wiped after its last use."""

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

    @property
    def names(self) -> frozenset[str]:
        """The names of all secrets."""
        with self._lock:
            return frozenset(self._secrets)

    def wipe(self, *names: str) -> None:
        """Wipe and remove the secrets with these names. Without names, wipe and remove all."""
        with self._lock:
            for name in names or tuple(self._secrets):
                secret = self._secrets.pop(name, None)
                if secret is not None:
                    secret.wipe()
