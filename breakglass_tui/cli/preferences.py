"""What the configuration files say: how the app looks, which account it is about, and what the questions begin with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Check = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Preferences:
    """``request`` holds defaults by the names of the request's fields; ``keys`` the keys of an action, with commas."""

    theme: str = ""
    profile: str = ""
    region: str = ""
    request: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)


def _text(value: Any) -> str:
    return "" if isinstance(value, str) else "must be a text"


def _texts(value: Any) -> str:
    return "" if isinstance(value, list) and not any(map(_text, value)) else "must be a list of texts"


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else "must be true or false"


def _count(value: Any) -> str:
    return "" if isinstance(value, int) and not isinstance(value, bool) and value >= 1 else "must be a number from 1"


def _table(value: Any) -> str:
    return "" if isinstance(value, dict) and not any(map(_text, value.values())) else "must be a table of texts"


def _keys(value: Any) -> str:
    fits = isinstance(value, dict) and not any(_text(keys) and _texts(keys) for keys in value.values())
    return "" if fits else "must be a table of keys, each a text or a list of texts"


def _one_of(*words: str) -> Check:
    return lambda value: "" if value in words else f"must be one of {', '.join(words)}"


REQUEST: Mapping[str, Check] = {
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
"""The form of each value; what it may hold is for the rules of the request to say, where it is used."""
NAMES: Mapping[str, Check] = {
    "theme": _text,
    "profile": _text,
    "region": _text,
    "request": lambda value: "" if isinstance(value, dict) else "must be a table",
    "keys": _keys,
}


def put_together(tables: list[dict[str, Any]]) -> Preferences:
    """What right ``tables`` say together, the most important one first."""
    scalars: dict[str, str] = {}
    request: dict[str, Any] = {}
    keys: dict[str, str] = {}
    for table in reversed(tables):
        scalars |= {name: table[name] for name in ("theme", "profile", "region") if name in table}
        request |= table.get("request", {})
        keys |= {id: each if isinstance(each, str) else ",".join(each) for id, each in table.get("keys", {}).items()}
    return Preferences(**scalars, request=request, keys=keys)
