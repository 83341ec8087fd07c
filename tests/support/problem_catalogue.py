"""Every problem that the source can raise, with a placeholder for each value."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "breakglass_tui"
VALUE = "VALUE"
SENTENCES = ("what", "why", "next")


@dataclass(frozen=True)
class Written:
    """A problem in the source: its place and its sentences. A missing sentence is None."""

    where: str
    what: str | None
    why: str | None
    next: str | None


def problems() -> Iterator[Written]:
    """Return all problems, except those that are only rebuilt from stored ones."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Problem":
                given: dict[str | None, ast.expr] = {keyword.arg: keyword.value for keyword in call.keywords}
                if None in given:
                    continue
                given |= {"what": call.args[0]} if call.args else {}
                told = {name: _text(given[name]) if name in given else None for name in SENTENCES}
                yield Written(f"{file.relative_to(PACKAGE)}:{call.lineno}", **told)


def _text(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_text(value) for value in values)
        case ast.IfExp(body=body):
            return _text(body)
        case ast.BinOp(left=left, right=right, op=ast.Add()):
            return _text(left) + _text(right)
        case _:
            return VALUE
