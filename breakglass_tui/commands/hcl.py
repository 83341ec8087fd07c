"""Values and blocks of HCL, the language of Terraform, in the format of ``terraform fmt``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from breakglass_tui.domain.text import json_text

TEMPLATES = (("${", "$${"), ("%{", "%%{"))
"""The sequences that start a template in strings and heredocs, with their escaped forms."""


def string(text: str) -> str:
    """Return ``text`` as a quoted string in printable ASCII. Template sequences and other characters are escaped."""
    quoted = _without_templates(json.dumps(text, ensure_ascii=False))
    return "".join(c if c.isascii() and c.isprintable() else _spelled(ord(c)) for c in quoted)


def document(value: Mapping[str, Any]) -> str:
    """Return a JSON document as an indented heredoc."""
    lines = _without_templates(json_text(value)).splitlines()
    return "\n".join(("<<-JSON", *(f"    {line}" for line in lines), "  JSON"))


def strings(values: Iterable[str]) -> str:
    """Return a list of strings on one line."""
    return f"[{', '.join(map(string, values))}]"


def references(values: Iterable[str]) -> str:
    """Return a list of references to resources or arguments, one on each line."""
    return "\n".join(("[", *(f"    {value}," for value in values), "  ]"))


def mapping(values: Mapping[str, str]) -> str:
    """Return an object with one string on each line."""
    return "\n".join(("{", *_aligned({string(key): string(text) for key, text in values.items()}, 4), "  }"))


def block(head: str, *attributes: Mapping[str, str], nested: Iterable[str] = ()) -> str:
    """Return a block that begins with ``head``.

    Blank lines separate the groups of ``attributes`` and the ``nested`` blocks.
    """
    groups = ["\n".join(_aligned(group, 2)) for group in attributes if group]
    inner = ["\n".join(f"  {line}" if line else "" for line in one.split("\n")) for one in nested]
    body = "\n\n".join([*groups, *inner])
    return f"{head} {{\n{body}\n}}"


def _aligned(attributes: Mapping[str, str], indent: int) -> Iterable[str]:
    width = max(map(len, attributes), default=0)
    return [f"{' ' * indent}{name:<{width}} = {value}" for name, value in attributes.items()]


def _spelled(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _without_templates(text: str) -> str:
    for sequence, escaped in TEMPLATES:
        text = text.replace(sequence, escaped)
    return text
