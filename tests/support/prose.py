"""Extract the prose of the repository. The rules that judge it are in plain_english.py.

python tests/support/prose.py --bad [PATH ...]    print the findings, limited to these files and folders
python tests/support/prose.py --dump [PATH ...]   print every item of prose

An item is one string, docstring, comment, paragraph, table row or text node. A string counts if it has two words.
Code is excluded by four rules:

1. Text in backticks, link targets and template tags are replaced before an item is judged.
2. A line of shell or HCL (in the Makefile, in .ci/run, and in the strings of ``GENERATORS``) contributes its
   comments and its quoted texts of three or more words. ``CODE`` says which line is code.
3. A code fence of a document contributes its comments, and the text that follows three or more spaces.
4. Strings of tests are data. Tests contribute docstrings and comments.
"""

from __future__ import annotations

import ast
import html
import io
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
SHELL_FILES = ("Makefile", ".ci/run")
PATTERNS = (
    *(f"breakglass_tui/**/*{suffix}" for suffix in (".py", ".j2", ".html", ".txt", ".css", ".tcss")),
    *(
        "styles/*.tcss",
        "scripts/**/*.py",
        "tests/**/*.py",
        "constraints.txt",
        "pyproject.toml",
        *DOCUMENTS,
        *SHELL_FILES,
    ),
)

GENERATORS = ("breakglass_tui/commands/", "breakglass_tui/cli/completion.py")
"""Their strings contain lines of shell and HCL."""
CODE = re.compile(r"[$=|&<>]|^\s*\[|; (?:then|do)\b|\\$")
"""A line of a command file that has one of these signs is code."""
QUOTED = re.compile(r"""(["'])((?:(?!\1)[^=<>|&])+)\1""")
COMMENT = re.compile(r"(?:^|\s)##? (.*)")
PRAGMA = re.compile(r"#\s*(?:noqa|type: ignore)\S*(?::? [A-Z]+[0-9]+,?)*(?: - )?")
BULLET = re.compile(r"\s*(?:[-*] |\d+\. |\||#)")


class Item(NamedTuple):
    """A piece of prose, with its first and last line in the source."""

    file: str
    line: int
    end: int
    kind: str
    text: str


def files(prefixes: list[str] | None = None) -> list[Path]:
    """Return the files that hold prose, limited to those at or below ``prefixes`` (absolute, or from the root)."""
    found = sorted({path for pattern in PATTERNS for path in ROOT.glob(pattern) if path.is_file()})
    if not prefixes:
        return found
    wanted = [ROOT / prefix for prefix in prefixes]
    return [path for path in found if any(path == one or one in path.parents for one in wanted)]


def items(prefixes: list[str] | None = None) -> Iterator[Item]:
    """Yield every item of prose."""
    for path in files(prefixes):
        name = path.relative_to(ROOT).as_posix()
        text = path.read_text(encoding="utf-8")
        for line, end, kind, prose in _extract(name, path.suffix, text):
            if _words(prose) >= 2:
                yield Item(name, line, end, kind, prose)


Piece = tuple[int, int, str, str]


def _extract(name: str, suffix: str, text: str) -> Iterator[Piece]:
    if suffix == ".py":
        return _python(name, text)
    if name == "constraints.txt":
        return _shell(text)
    return READERS[suffix](text)


def _python(name: str, text: str) -> Iterator[Piece]:
    tree = ast.parse(text, name)
    bare = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }
    parts: set[int] = set()
    for node in ast.walk(tree):
        if id(node) in parts:
            continue
        if isinstance(node, ast.JoinedStr):
            # A format specification is a JoinedStr too.
            specifications = [value.format_spec for value in node.values if isinstance(value, ast.FormattedValue)]
            inner = [part for one in specifications if one for part in ast.walk(one)]
            parts |= {id(part) for part in [*node.values, *inner]}
            prose = "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            prose = node.value
        else:
            continue
        lines = node.lineno, node.end_lineno or node.lineno
        if id(node) in bare:
            yield *lines, "docstring", prose
        elif name.startswith(GENERATORS):
            yield *lines, "string", "\n".join(_readable(line) for line in prose.split("\n"))
        elif not name.startswith("tests/"):
            yield *lines, "string", prose
    yield from _comments(text)


def _readable(line: str) -> str:
    """Return the prose in a line that can be code."""
    if not CODE.search(line):
        return line
    comment = COMMENT.search(line)
    quoted = [match[2] for match in QUOTED.finditer(line) if _words(match[2]) >= 3 and not re.search(r"\w\(", match[2])]
    return " | ".join([*quoted, *([comment[1]] if comment else [])])


def _comments(text: str) -> Iterator[Piece]:
    """Yield comments. Comments on successive lines of their own are one item."""
    block: list[tuple[int, int, str]] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        (row, column), own = token.start, not token.line[: token.start[1]].strip()
        if block and not (own and (row, column) == (block[-1][0] + 1, block[-1][1])):
            yield block[0][0], block[-1][0], "comment", "\n".join(line for *_, line in block)
            block = []
        block.append((row, column if own else -1, PRAGMA.sub("", token.string).lstrip("#! ")))
    if block:
        yield block[0][0], block[-1][0], "comment", "\n".join(line for *_, line in block)


def _shell(text: str) -> Iterator[Piece]:
    first, block = 0, list[str]()
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.startswith("# "):
            first = first if block else number
            block.append(line[2:])
            continue
        if block:
            yield first, number - 1, "comment", "\n".join(block)
            block = []
        if match := re.search(r"\s## (.*)", line):
            yield number, number, "help", match[1]
        elif prose := _readable(f"{line} \\"):
            yield number, number, "string", prose


def _template(text: str) -> Iterator[Piece]:
    plain = re.sub(
        r"\{%.*?%\}|\{#.*?#\}|<style>.*?</style>", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.DOTALL
    )
    plain = re.sub(r"\{\{.*?\}\}", "{}", plain)
    for match in re.finditer(r"(?:\A|>)([^<>]+)", plain):
        yield (*_span(plain, match), "template", html.unescape(match[1]).strip())


def _document(text: str) -> Iterator[Piece]:
    fenced, first, block = False, 0, list[str]()
    for number, line in enumerate([*text.splitlines(), ""], 1):
        fence = line.lstrip().startswith("```")
        if block and (fence or not line.strip() or BULLET.match(line)):
            yield first, number - 1, "document", "\n".join(block)
            block = []
        if fence:
            fenced = not fenced
        elif fenced:
            if match := re.search(r"(?:^|\s)# (.*)|\S {3,}(\S.*)", line):
                yield number, number, "document", match[1] or match[2]
        elif line.strip():
            first = first if block else number
            block.append(line)


def _sheet(text: str) -> Iterator[Piece]:
    for match in re.finditer(r"/\*(.*?)\*/", text, re.DOTALL):
        yield (*_span(text, match), "comment", match[1].strip())


def _settings(text: str) -> Iterator[Piece]:
    for number, line in enumerate(text.splitlines(), 1):
        if match := COMMENT.search(line):
            yield number, number, "comment", match[1]
        for quoted in re.findall(r'"([^"]+)"', line):
            if _words(quoted) >= 3:
                yield number, number, "string", quoted


def _paragraphs(text: str) -> Iterator[Piece]:
    for match in re.finditer(r"(?:.+\n?)+", text):
        yield (*_span(text, match), "template", match[0].strip())


def _span(text: str, match: re.Match[str]) -> tuple[int, int]:
    return text.count("\n", 0, match.start()) + 1, text.count("\n", 0, match.end()) + 1


def _words(text: str) -> int:
    return sum(any(letter.isalpha() for letter in word) for word in text.split())


READERS = {
    ".md": _document,
    ".css": _sheet,
    ".tcss": _sheet,
    ".html": _template,
    ".j2": _template,
    ".txt": _paragraphs,
    ".toml": _settings,
    "": _shell,
}


def main(arguments: list[str]) -> int:
    """Print findings or items. The exit status is 1 if there are findings, 2 if the command line is wrong."""
    mode, *paths = arguments or ["--help"]
    prefixes = [path if (ROOT / path).exists() else str(Path(path).resolve()) for path in paths]
    if mode not in ("--bad", "--dump"):
        sys.stdout.write(f"{__doc__}\n")
        return 2
    if missing := [path for path, prefix in zip(paths, prefixes, strict=True) if not files([prefix])]:
        sys.stderr.write(f"No prose at: {', '.join(missing)}\n")
        return 2
    if mode == "--dump":
        for item in items(prefixes):
            sys.stdout.write(f"{item.file}:{item.line}: {item.kind}: {' '.join(item.text.split())}\n")
        return 0
    from plain_english import findings  # This module is imported by that one.

    found = list(findings(prefixes))
    sys.stdout.write("".join(f"{one}\n" for one in found))
    by_rule = ", ".join(f"{rule} {count}" for rule, count in Counter(one.rule for one in found).most_common())
    sys.stderr.write(f"{len(found)} findings" + (f": {by_rule}\n" if found else "\n"))
    return 1 if found else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:
        sys.exit(1)
