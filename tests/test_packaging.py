"""The wheel, built and installed the way a user does it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

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
    """Return the bin directory of a clean venv with the wheel. Its dependencies come from the current venv."""
    home = tmp_path_factory.mktemp("clean")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    (wheel,) = dist.glob("*.whl")
    target = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True, text=True, timeout=60, check=True,
    ).stdout.strip()  # fmt: skip
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    done = subprocess.run([*command, str(wheel)], capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (Path(target) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin"


def run(*command, cwd):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip


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


def test_the_installed_demo_runs_without_a_terminal(installed, tmp_path):
    ran = run(installed / "python", "-m", "breakglass_tui", "--demo", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "PASS  access" in ran.stdout
