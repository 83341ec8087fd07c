"""Every place of the screens that draws a problem: the functions that read its sentences."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from problem_catalogue import PACKAGE

DRAWS = re.compile(
    r"\.what\b|str\((\w+\.)*problem\)|\{(str\()?(\w+\.)*(problem|policy)\)?\}|\b(problem_lines|problem_story|ProblemPanel)\("
)


def places() -> Iterator[str]:
    """Return each place as ``file:function``, with the file below ``ui``."""
    ui = PACKAGE / "ui"
    for file in sorted(ui.rglob("*.py")):
        text = file.read_text()
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = "\n".join(lines[node.body[0].lineno - 1 : node.end_lineno])
                if DRAWS.search(body):
                    yield f"{file.relative_to(ui)}:{node.name}"
