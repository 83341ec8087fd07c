"""Secrets to search for everywhere: those the account received or created, in every form in which they could leak."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from moto.iam.models import IAMBackend

from breakglass_tui.demo.overlay.iam_login_profiles import IamLoginProfiles

RUN = 10
"""The length of a piece of a random secret that occurs nowhere by chance."""
_STEERING = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]")


class Canaries:
    """Every secret created in the simulated accounts of this process, by kind."""

    def __init__(self) -> None:
        self.secrets: dict[str, set[str]] = {"password": set(), "access-key": set(), "mfa-seed": set(), "given": set()}

    def add(self, kind: str, secret: str) -> None:
        """Also search for this secret."""
        self.secrets[kind].add(secret)

    def listen(self, patch: pytest.MonkeyPatch) -> None:
        """Register every secret where the account creates or receives it."""
        set_password, key, device = (
            IamLoginProfiles._set,
            IAMBackend.create_access_key,
            IAMBackend.create_virtual_mfa_device,
        )

        def _set(responses, user, password):
            self.add("password", password)
            return set_password(responses, user, password)

        def create_access_key(backend, *given, **named):
            made = key(backend, *given, **named)
            self.add("access-key", made.secret_access_key)
            return made

        def create_virtual_mfa_device(backend, *given, **named):
            made = device(backend, *given, **named)
            seed = made.base32_string_seed
            self.add("mfa-seed", base64.b64decode(seed).decode() if "=" in seed else seed)
            return made

        patch.setattr(IamLoginProfiles, "_set", _set)
        patch.setattr(IAMBackend, "create_access_key", create_access_key)
        patch.setattr(IAMBackend, "create_virtual_mfa_device", create_virtual_mfa_device)

    def found_in(self, content: bytes) -> list[str]:
        """Return the kinds and forms of the secrets in ``content``, also between the control bytes of a terminal."""
        plain = _STEERING.sub(b"", content)
        packed = re.sub(rb"\s+", b"", plain)
        return [
            f"{kind} as {form}"
            for kind, secrets in self.secrets.items()
            for secret in secrets
            for form, needle in forms(secret)
            if any(needle in text for text in (content, plain, packed))
        ]

    def leaks(self, *roots: Path) -> dict[str, list[str]]:
        """Return the files below ``roots`` that contain a secret, and which secret."""
        files = [path for root in roots for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink()]
        assert files
        found = {str(path): self.found_in(path.read_bytes()) for path in files}
        return {path: kinds for path, kinds in found.items() if kinds}


def forms(secret: str) -> Iterator[tuple[str, bytes]]:
    """Return the secret and every piece of it, in clear text and as base64, hex, URL and JSON."""
    raw = secret.encode()
    for start in range(len(secret) - RUN + 1):
        yield "text", raw[start : start + RUN]
    for offset in range(3):
        # The base64 of a piece depends on its offset in a longer text. At its ends it mixes with its neighbours.
        coded = base64.b64encode(b"\0" * offset + raw + b"\0" * ((-len(raw) - offset) % 3))
        inner = coded[4 if offset else 0 : -4]
        yield "base64", inner
        yield "base64", inner.replace(b"+", b"-").replace(b"/", b"_")
    yield "hex", raw.hex().encode()
    yield "hex", raw.hex().upper().encode()
    yield "bytes in a list", json.dumps(list(raw))[1:-1].encode()
    yield "UTF-16", secret.encode("utf-16-le")
    for name, text in (("URL", quote(secret, safe="")), ("form", quote_plus(secret)), ("JSON", json.dumps(secret))):
        yield name, text.strip('"').encode()
    yield "backwards", raw[::-1]
