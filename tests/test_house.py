"""Rules of the repository that no other tool checks."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

import breakglass_tui
from breakglass_tui.ui.style_sheets import FIRST, LATER

THIS = Path(__file__).resolve()
ROOT = THIS.parent.parent
PACKAGE = ROOT / "breakglass_tui"
SOURCES = sorted(PACKAGE.rglob("*.py"))
ALL_PYTHON = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "scripts").rglob("*.py"))]


def named(path):
    return str(path.relative_to(ROOT))


def test_no_file_is_longer_than_300_lines():
    sheets = [*sorted((ROOT / "styles").glob("*.tcss")), *sorted(PACKAGE.rglob("*.html"))]
    lengths = {named(path): len(path.read_text().splitlines()) for path in [*ALL_PYTHON, *sheets]}
    assert not {name: length for name, length in lengths.items() if length > 300}


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_every_module_says_what_it_is(path):
    text = path.read_text()
    assert not text.strip() or ast.get_docstring(ast.parse(text))


def test_only_the_command_line_writes_to_the_streams():
    # The child that derives keys is a separate program.
    allowed = ("breakglass_tui/cli/", "breakglass_tui/plain/", "breakglass_tui/secrets/scrypt_child.py")
    found = [
        named(path)
        for path in SOURCES
        if not named(path).startswith(allowed) and re.search(r"\bprint\(|sys\.std(out|err)\b", path.read_text())
    ]
    assert found == []


def test_few_imports_are_indented():
    # Inside a function, or for types only, a module imports only what is heavy and can wait.
    found = [
        f"{named(path)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom) and node.col_offset
    ]
    assert len(found) < 200, found


def test_nothing_unfinished_is_in_the_tree():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    others = [path for path in ALL_PYTHON if path != THIS]
    assert [named(path) for path in others if marks.search(path.read_text())] == []


def test_a_muted_rule_has_a_reason():
    bare = re.compile(r"# (noqa(?!: [A-Z0-9, ]+ - \w)|type: ignore(?!\[[a-z-, ]+\]))")
    found = [f"{named(p)}: {line.strip()}" for p in SOURCES for line in p.read_text().splitlines() if bare.search(line)]
    assert found == []


def test_no_test_is_skipped_or_sleeps():
    lazy = re.compile(r"time\.sleep\(|mark\.skip|mark\.xfail|pytest\.skip\(")
    # A machine can lack a browser, Terraform or ssh-keygen. A test that needs one says so when it is skipped.
    programs = ("support/signing_kit.py", "report/test_browser.py", "commands/test_terraform_program.py")
    allowed = (THIS, *(ROOT / "tests" / name for name in programs))
    others = [path for path in (ROOT / "tests").rglob("*.py") if path not in allowed]
    assert [named(path) for path in others if lazy.search(path.read_text())] == []


def test_every_style_sheet_belongs_to_a_screen_or_to_the_app():
    screens = {path.parent.name for path in (PACKAGE / "ui").glob("*/screen.py")}
    sheets = {path.stem for path in (ROOT / "styles").iterdir()}
    assert sheets == screens | {"app", "envelope", "widgets", "dialogs"}
    assert {FIRST, *LATER, "envelope"} == sheets
    assert {path.suffix for path in (ROOT / "styles").iterdir()} == {".tcss"}


def test_every_file_that_architecture_names_exists():
    text = (ROOT / "ARCHITECTURE.md").read_text()
    # A word in capitals is a placeholder of a recipe.
    files = [
        name for name in re.findall(r"`([\w/]+\.(?:py|tcss))`", text) if "/" in name and not re.search("[A-Z]", name)
    ]
    assert len(files) > 100
    places = (ROOT, PACKAGE)
    assert [name for name in files if not any((place / name).is_file() for place in places)] == []


def test_the_simulated_accounts_engine_is_pinned_to_the_version_its_private_names_were_read_from():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert "moto==5.2.5" in project["optional-dependencies"]["demo"]
    assert project["requires-python"] == ">=3.11"


def test_the_change_log_knows_this_version():
    assert f"\n## {breakglass_tui.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_every_test_that_security_names_exists():
    named_tests = set(re.findall(r"\btest_\w+\b(?!\.py)", (ROOT / "SECURITY.md").read_text()))
    defined = {
        name for path in (ROOT / "tests").rglob("*.py") for name in re.findall(r"def (test_\w+)", path.read_text())
    }
    assert named_tests
    assert named_tests - defined == set()


def test_the_license_is_apache_2():
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
