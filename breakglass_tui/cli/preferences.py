"""The settings in the configuration files: theme, keys, profile, Region, evidence, and defaults of the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

KMS = "kms:"
"""The start of ``sign_with`` for a KMS key, such as ``kms:alias/evidence``."""
TypeRule = Callable[[Any], str]
"""Returns what is wrong with the type of a value, or ""."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """The merged settings of the configuration files.

    ``request`` has default values by field. ``keys`` maps the id of an action to its keys, separated by commas.
    ``evidence`` has the settings of signatures by name.
    """

    theme: str = ""
    profile: str = ""
    region: str = ""
    request: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)


def _text(value: Any) -> str:
    return "" if isinstance(value, str) else "must be a string"


def _texts(value: Any) -> str:
    return "" if isinstance(value, list) and not any(map(_text, value)) else "must be a list of strings"


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else "must be true or false"


def _count(value: Any) -> str:
    return (
        ""
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1
        else "must be an integer of at least 1"
    )


def _table(value: Any) -> str:
    return "" if isinstance(value, dict) and not any(map(_text, value.values())) else "must be a table of strings"


def _file(value: Any) -> str:
    valid = not _text(value) and value.startswith(("/", "~/"))
    return "" if valid else "must be a path that begins with / or ~/"


def _signing_key(value: Any) -> str:
    valid = not _text(value) and value.startswith(("/", "~/", KMS)) and value != KMS
    return "" if valid else f"must be the path of an SSH key, with / or ~/ at its start, or {KMS} and a KMS key"


def _keys(value: Any) -> str:
    valid = isinstance(value, dict) and not any(_text(keys) and _texts(keys) for keys in value.values())
    return "" if valid else "must be a table of keys, each a string or a list of strings"


def _one_of(*words: str) -> TypeRule:
    return lambda value: "" if value in words else f"must be one of {', '.join(words)}"


REQUEST: Mapping[str, TypeRule] = {
    "path": _text,
    "access": _one_of("console", "programmatic", "both"),
    "mfa": _one_of("none", "authenticator", "sealed"),
    "require_mfa": _flag,
    "groups": _texts,
    "role_arn": _text,
    "kms_key_id": _text,
    "seal_to": _texts,
    "seal_threshold": _count,
    "seal_mfa_to": _texts,
    "seal_mfa_threshold": _count,
    "seal_passphrase": _flag,
    "password_reset_required": _flag,
    "tags": _table,
}
"""The rule for the type of each default value. The rules of the request check the value itself when it is used."""
EVIDENCE: Mapping[str, TypeRule] = {
    "sign_with": _signing_key,
    "allowed_signers": _file,
    "signer": _text,
    "public_key": _file,
}
"""The rule for each setting of signatures."""
NAMES: Mapping[str, TypeRule] = {
    "theme": _text,
    "profile": _text,
    "region": _text,
    "request": lambda value: "" if isinstance(value, dict) else "must be a table",
    "keys": _keys,
    "evidence": lambda value: "" if isinstance(value, dict) else "must be a table",
}


def merge(tables: list[dict[str, Any]]) -> Preferences:
    """Return the merged settings of ``tables``, which are valid. Earlier tables have precedence."""
    scalars: dict[str, str] = {}
    request: dict[str, Any] = {}
    keys: dict[str, str] = {}
    evidence: dict[str, str] = {}
    for table in reversed(tables):
        scalars |= {name: table[name] for name in ("theme", "profile", "region") if name in table}
        request |= table.get("request", {})
        evidence |= table.get("evidence", {})
        keys |= {id: each if isinstance(each, str) else ",".join(each) for id, each in table.get("keys", {}).items()}
    return Preferences(**scalars, request=request, keys=keys, evidence=evidence)
