"""The wheel, built and installed the way a user does it."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from clean_venv import clean_venv, run

import breakglass_tui

ROOT = Path(__file__).resolve().parent.parent
SHEETS = {path.name for path in (ROOT / "styles").glob("*.tcss")}


@pytest.fixture(scope="module")
def dist(tmp_path_factory) -> Path:
    """Return a directory with an sdist and the wheel that is built from it."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return out


@pytest.fixture(scope="module")
def installed(dist, tmp_path_factory) -> Path:
    """Return the bin directory of a clean venv with the wheel, without extras."""
    (wheel,) = dist.glob("*.whl")
    return clean_venv(tmp_path_factory.mktemp("plain"), wheel)


@pytest.fixture(scope="module")
def installed_with_demo(dist, tmp_path_factory) -> Path:
    """Return the bin directory of a clean venv with the wheel and its extra ``demo``."""
    (wheel,) = dist.glob("*.whl")
    return clean_venv(tmp_path_factory.mktemp("demo"), wheel, ("demo",))


def test_the_wheel_holds_package_styles_and_license_and_nothing_else(dist):
    (wheel,) = dist.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[-1] for name in names if name.startswith("breakglass_tui/styles/")} == SHEETS
    shipped = ("page.html", "page.css", "runbook.html", "runbook.css", "report.schema.json")
    assert {f"breakglass_tui/report/{name}" for name in shipped} <= set(names)
    assert "breakglass_tui/cli/help.txt" in names
    assert {name.split("/")[0] for name in names} == {
        "breakglass_tui",
        f"breakglass_tui-{breakglass_tui.__version__}.dist-info",
    }
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if "__pycache__" in name]


def test_the_sdist_keeps_styles_on_top_and_has_the_tests(dist):
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[-1] for name in archive.getnames()}
    assert {f"styles/{sheet}" for sheet in SHEETS} <= names
    assert {"LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml", "tests/conftest.py"} <= names


def test_the_installed_program_knows_its_version(installed, tmp_path):
    ran = run(installed / "breakglass-tui", "--version", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert breakglass_tui.__version__ in ran.stdout


def test_the_installed_app_finds_its_styles(installed, tmp_path):
    script = (
        "import asyncio, breakglass_tui\n"
        "from pathlib import Path\n"
        "from breakglass_tui.domain.problems import Problem\n"
        "from breakglass_tui.settings import styles_dir\n"
        "from breakglass_tui.ui.app import BreakGlassApp\n"
        "def connect():\n    raise Problem('nowhere to go')\n"
        "async def paint():\n"
        "    app = BreakGlassApp(connect, demo=True, directory=Path('out'), journals=Path('journals'))\n"
        "    async with app.run_test(size=(80, 24)) as pilot:\n"
        "        await pilot.pause()\n"
        "        assert {Path(p).parent for p in app.css_path} == {styles_dir()}, app.css_path\n"
        "asyncio.run(paint())\n"
        "print(breakglass_tui.__file__)\n"
        "print(styles_dir())\n"
    )
    ran = run(installed / "python", "-c", script, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    package, styles = ran.stdout.split()
    assert Path(package).is_relative_to(installed.parent)
    assert Path(styles) == Path(package).parent / "styles"


def test_the_installed_demo_runs_without_a_terminal(installed_with_demo, tmp_path):
    ran = run(installed_with_demo / "python", "-m", "breakglass_tui", "--demo", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "PASS  access" in ran.stdout


@pytest.mark.parametrize(
    "arguments", [["--demo"], ["--demo", "--plain"], ["--demo", "apply", "--json"], ["--demo", "--region", "x", "runs"]]
)
def test_without_its_extra_the_demo_names_the_command_that_installs_it(installed, tmp_path, arguments):
    ran = run(installed / "breakglass-tui", *arguments, cwd=tmp_path)
    assert ran.returncode == 2, ran.stderr
    lines = ran.stderr.splitlines()
    assert lines[0] == "breakglass-tui: The simulated account is not installed."
    how, _, command = lines[-1].partition(" Install it with: ")
    assert how == "Usage error: nothing was written."
    # The command reaches pip, which looks for the packages of the extra. Without an index it finds none.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    pasted = run("bash", "-c", command, cwd=tmp_path, PATH=path, PIP_NO_INDEX="1", PIP_FIND_LINKS="")
    assert "No matching distribution found for moto==5.2.5" in pasted.stderr
    assert "does not provide the extra" not in pasted.stderr


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        (["--help"], "Usage:"),
        (["plan", "--help"], "Usage:"),
        (["completion", "bash"], "_breakglass_tui_completion"),
        (["man"], ".TH"),
    ],
)
def test_help_completion_and_manual_need_no_extra(installed, tmp_path, arguments, start):
    ran = run(installed / "breakglass-tui", *arguments, cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.lstrip().startswith(start), ran.stdout[:100]


def test_everything_but_the_demo_can_be_imported_without_the_extra(installed, tmp_path):
    script = (
        "import importlib, pkgutil, sys, breakglass_tui\n"
        "found = [module.name for module in pkgutil.walk_packages(breakglass_tui.__path__, 'breakglass_tui.')\n"
        "         if not module.name.startswith('breakglass_tui.demo.') and not module.name.endswith('__main__')]\n"
        "for name in found:\n    importlib.import_module(name)\n"
        "print(len(found))\n"
    )
    ran = run(installed / "python", "-c", script, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) > 300
    for name in ("moto", "werkzeug"):
        assert run(installed / "python", "-c", f"import {name}", cwd=tmp_path).returncode == 1
