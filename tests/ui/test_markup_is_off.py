"""No widget reads text as markup. Text of AWS, of a file or of a person can neither style, link, act nor crash."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import breakglass_tui.ui

PACKAGE = Path(breakglass_tui.ui.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
READERS = frozenset(
    {
        "Static",
        "Label",
        "Button",
        "Checkbox",
        "RadioButton",
        "RadioSet",
        "OptionList",
        "SelectionList",
        "Select",
        "Tree",
        "DataTable",
        "Tabs",
        "Tab",
        "TabPane",
        "TabbedContent",
        "Collapsible",
        "Log",
        "RichLog",
        "Markdown",
        "MarkdownViewer",
        "Link",
        "Placeholder",
        "Toast",
        "Digits",
        "ListItem",
    }
)
"""Textual's widgets that show text, and read it as markup unless markup is turned off."""
KNOWN = {path: ast.parse(path.read_text()) for path in SOURCES}
FORBIDDEN = frozenset({"from_markup", "to_content", "render_markup"})
TITLES = frozenset({"border_title", "border_subtitle", "tooltip", "title", "sub_title", "label", "placeholder"})


def name_of(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def is_plain(node):
    """Return whether it is a literal without a bracket, or text whose type excludes markup."""
    if isinstance(node, ast.Constant):
        return not (isinstance(node.value, str) and "[" in node.value)
    return isinstance(node, ast.Call) and (
        name_of(node.func) in ("Content", "Text")
        or (isinstance(node.func, ast.Attribute) and name_of(node.func.value) in ("Content", "Text"))
    )


def is_off(call):
    return any(word.arg == "markup" and getattr(word.value, "value", True) is False for word in call.keywords)


def reads_markup(call):
    given = [*call.args, *(word.value for word in call.keywords if word.arg in ("content", "label", "prompt"))]
    return not is_off(call) and not (given and all(map(is_plain, given)))


def made_like_its_base(tree):
    """Return the subclasses of readers without their own constructor. The caller must turn markup off."""
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    readers = [node for node in classes if READERS & set(map(name_of, node.bases))]
    return {node.name for node in readers if not any(getattr(one, "name", "") == "__init__" for one in node.body)}


BARE = frozenset(name for tree in KNOWN.values() for name in made_like_its_base(tree))


def complaints(tree):
    """Return everything in a module that would read text as markup, as ``line: what``."""
    found, bare = [], BARE | made_like_its_base(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and READERS & set(map(name_of, node.bases)):
            inits = [n for n in ast.walk(node) if isinstance(n, ast.Call) and ast.unparse(n.func) == "super().__init__"]
            found += [f"{node.lineno}: class {node.name}"] if not all(map(is_off, inits)) else []
        if isinstance(node, ast.Call):
            name = name_of(node.func)
            wrong = (name in READERS and reads_markup(node)) or (name in {"notify", *bare} and not is_off(node))
            found += [f"{node.lineno}: {name}()"] if wrong or name in FORBIDDEN else []
        if isinstance(node, ast.Assign):
            titled = [name_of(t) for t in node.targets if isinstance(t, ast.Attribute) and name_of(t) in TITLES]
            read = titled and name_of(node.targets[0]) not in ("placeholder", "label") and not is_plain(node.value)
            found += [f"{node.lineno}: {titled[0]} ="] if read else []
        if isinstance(node, ast.FunctionDef) and node.name == "render":
            typed = ast.unparse(node.returns) if node.returns else "nothing"
            found += [] if typed in ("Text", "Content", "Strip") else [f"{node.lineno}: render() -> {typed}"]
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_on_the_screen_reads_text_as_markup(path):
    assert complaints(KNOWN[path]) == []


@pytest.mark.parametrize(
    "source",
    [
        "Static(text)",
        "Static('[bold]x')",
        "Static()",
        "Label(f'{name}', id='x')",
        "Button(name, compact=True)",
        "OptionList(*options)",
        "OptionList(markup=True)",
        "self.notify(text)",
        "notify('done', markup=on)",
        "self.border_title = name",
        "self.tooltip = f'{name}'",
        "Content.from_markup(text)",
        "class Line(Static):\n    pass\n\nLine('')",
        "class Line(Static):\n    def __init__(self):\n        super().__init__(text)",
        "class Line(Widget):\n    def render(self) -> str:\n        return self.text",
    ],
)
def test_the_rule_finds_widgets_that_read_text_as_markup(source):
    assert complaints(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    ["Static(text, markup=False)", "Button('No', id='no')", "Static(Content(text))", "self.border_title = Content(x)"],
)
def test_the_rule_accepts_plain_text(source):
    assert complaints(ast.parse(source)) == []
