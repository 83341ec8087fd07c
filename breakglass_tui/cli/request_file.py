"""Reads a request file in TOML or JSON. The content decides which of them it is."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from breakglass_tui.cli.options import Options
from breakglass_tui.cli.problem_report import usage
from breakglass_tui.cli.streams import to_stderr
from breakglass_tui.cli.toml_text import parse_toml
from breakglass_tui.demo.demo_request import demo_request
from breakglass_tui.domain.problems import BadRequest, FieldError, Problem
from breakglass_tui.domain.request import SetupRequest, parse_request
from breakglass_tui.domain.text import show
from breakglass_tui.secrets.age_seal import AgeSeal

LIMIT_BYTES = 1 << 20


def request_or_demo(options: Options, name: str | None) -> SetupRequest:
    """Return the request in the file ``name``. Without a name, return the request of the demo and print a note.

    Raises ``Problem`` as ``read_request`` does, or if there is no name outside the demo.
    """
    if name is not None:
        return read_request(name)
    if not options.demo:
        raise usage(
            "--request FILE is missing.",
            why="FILE is a TOML or JSON file, or - for stdin.",
            next="See an example",
            command="breakglass-tui --demo plan",
        )

    to_stderr("No --request FILE: using the request of the demo.")
    return parse_request(demo_request())


def read_request(name: str) -> SetupRequest:
    """Return the request in the file ``name``, or on stdin for ``-``.

    Raises ``Problem`` if the file cannot be read, and ``BadRequest`` with an error for each bad field.
    """
    request = parse_request(_table(_text(name), name))
    errors = (*_unusable("seal_to", request.seal_to), *_unusable("seal_mfa_to", request.seal_mfa_to))
    if errors:
        raise BadRequest(errors)
    return request


def _unusable(field: str, recipients: tuple[str, ...]) -> Iterator[FieldError]:
    """Yield an error for each recipient that has the right form, but to which nothing can be encrypted."""
    for recipient in recipients:
        try:
            AgeSeal((recipient,))
        except Problem as problem:
            yield FieldError(field, f"{problem.what} {problem.why}".removesuffix("."))


def _text(name: str) -> str:
    try:
        if name == "-":
            content = sys.stdin.buffer.read(LIMIT_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(LIMIT_BYTES + 1)
    except (OSError, ValueError) as error:
        raise _bad(name, f"cannot be read ({getattr(error, 'strerror', None) or 'not a file name'})") from None
    if len(content) > LIMIT_BYTES:
        raise _bad(name, "is larger than 1 MiB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _bad(name, f"is not UTF-8 (byte {error.start})") from None


def _table(text: str, name: str) -> dict[str, Any]:
    try:
        table = _json(text) if text.lstrip()[:1] in ("{", "[", '"') and not _is_toml(text) else parse_toml(text)
    except _DuplicateKeyError as error:
        raise _bad(name, f"has {show(repr(error.args[0]), 80)} twice") from None
    except RecursionError:
        raise _bad(name, "is nested too deeply") from None
    except ValueError as error:
        raise _bad(name, f"is neither TOML nor JSON: {show(str(error), 200)}") from None
    if not isinstance(table, dict):
        raise _bad(name, "does not hold a table of fields")
    return table


def _is_toml(text: str) -> bool:
    """Return whether ``text`` is TOML, although it begins like JSON (with a table header or a quoted key)."""
    try:
        parse_toml(text)
    except (ValueError, RecursionError):
        return False
    return True


class _DuplicateKeyError(Exception):
    """A JSON object has the same key twice, so that its meaning is unclear."""


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_unique)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for key, value in pairs:
        if key in table:
            raise _DuplicateKeyError(key)
        table[key] = value
    return table


def _bad(name: str, what: str) -> Problem:
    shown = "The request on stdin" if name == "-" else f"The request file {show(name, 200)}"
    return usage(f"{shown} {what.removesuffix('.')}.", next="Correct the request, then run", repeat=())
