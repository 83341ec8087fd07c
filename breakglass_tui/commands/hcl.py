"""Values and blocks of HCL, the language of Terraform, as ``terraform fmt`` writes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

TEMPLATES = (("${", "$${"), ("%{", "%%{"))
"""In a string and in a heredoc these begin an expression, unless their sign is doubled."""


def string(text: str) -> str:
    """A quoted string in ASCII; what looks like an expression stays text. Other escapes are as in JSON."""
    quoted = _no_templates(json.dumps(text, ensure_ascii=False))
    return "".join(c if c.isascii() else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}" for c in quoted)


def document(value: Mapping[str, Any]) -> str:
    """A JSON document as an indented heredoc."""
    lines = _no_templates(json.dumps(value, indent=2)).splitlines()
    return "\n".join(("<<-JSON", *(f"    {line}" for line in lines), "  JSON"))


def strings(values: Iterable[str]) -> str:
    """A list of strings on one line."""
    return f"[{', '.join(map(string, values))}]"


def references(values: Iterable[str]) -> str:
    """A list of things that have a name in this file, each on a line of its own."""
    return "\n".join(("[", *(f"    {value}," for value in values), "  ]"))


def mapping(values: Mapping[str, str]) -> str:
    """An object with one string on each line."""
    return "\n".join(("{", *_aligned({string(key): string(text) for key, text in values.items()}, 4), "  }"))


def block(head: str, *attributes: Mapping[str, str], nested: Iterable[str] = ()) -> str:
    """A block; each group of attributes stands apart from the next, and nested blocks come last."""
    groups = ["\n".join(_aligned(group, 2)) for group in attributes if group]
    inner = ["\n".join(f"  {line}" if line else "" for line in one.split("\n")) for one in nested]
    body = "\n\n".join([*groups, *inner])
    return f"{head} {{\n{body}\n}}"


def _aligned(attributes: Mapping[str, str], indent: int) -> Iterable[str]:
    width = max(map(len, attributes), default=0)
    return [f"{' ' * indent}{name:<{width}} = {value}" for name, value in attributes.items()]


def _no_templates(text: str) -> str:
    for begin, doubled in TEMPLATES:
        text = text.replace(begin, doubled)
    return text
