"""What is installed and what is released: pinned packages, hashes, the same bytes from each build, SBOM and audit."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import audit
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from package_closure import opened_wheel, package_closure
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pinned_packages import pinned_packages

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
PROGRAM = "breakglass-tui"


def run(*command, umask=-1):
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=110, check=False, umask=umask
    )


def clone_into(directory, umask=-1):
    cloned = run("git", "clone", "--quiet", "--no-hardlinks", ROOT, directory, umask=umask)
    assert cloned.returncode == 0, cloned.stderr
    return directory


def build_release(source, out, umask=-1):
    built = run(sys.executable, ROOT / "scripts" / "dist.py", "--out", out, source, umask=umask)
    assert built.returncode == 0, built.stdout + built.stderr
    return out


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Path:
    """Return the directory with the files of a release, built from a clone of the last commit."""
    directory = tmp_path_factory.mktemp("release")
    return build_release(clone_into(directory / "clone", 0o022), directory / "out", 0o022)


@pytest.fixture(scope="module")
def document(released) -> dict:
    """Return the SBOM of the release."""
    (file,) = released.glob("*.cdx.json")
    return json.loads(file.read_text())


def test_each_line_of_the_constraints_has_one_version_and_hashes_and_no_address():
    text = CONSTRAINTS.read_text().replace(" \\\n    ", " ")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(lines) > 100
    form = re.compile(r"[a-z0-9.-]+==[0-9][a-z0-9.]*( ; [a-z_ ='!<>.A-Z0-9]+)?( --hash=sha256:[0-9a-f]{64})+")
    assert [line for line in lines if not form.fullmatch(line)] == []


def test_the_constraints_have_an_allowed_version_of_everything_that_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"], *extras["demo"], *extras["dev"]]
    requirements = {one.name: one for one in map(Requirement, asked) if one.name != PROGRAM}
    pinned = pinned_packages(CONSTRAINTS)
    assert {"hatchling", "moto", "textual"} <= requirements.keys()
    missing = requirements.keys() - pinned.keys()
    assert missing == set()
    assert [str(one) for name, one in requirements.items() if not one.specifier.contains(pinned[name][0])] == []


def test_the_installed_packages_are_those_of_the_constraints():
    installed = package_closure(distribution(PROGRAM), ("dev",)).items()
    versions = {name: one.distribution.version for name, one in installed if name != PROGRAM}
    pinned = {name: version for name, (version, _) in pinned_packages(CONSTRAINTS).items()}
    assert len(versions) > 50
    assert versions.items() - pinned.items() == set()


def test_make_installs_nothing_without_a_hash():
    shown = run("make", "--dry-run", "--always-make", "--directory", ROOT, ".venv/.installed").stdout
    installs = re.findall(r"-m pip install (.*)", shown)
    packages, program = installs
    assert "--require-hashes --only-binary :all: -r constraints.txt" in packages
    assert "--no-deps --no-build-isolation -e ." in program


def test_two_builds_of_a_commit_in_different_places_have_the_same_bytes(released, tmp_path):
    again = build_release(clone_into(tmp_path / "another" / "place", 0o077), tmp_path / "out", 0o077)
    first, second = ({file.name: file.read_bytes() for file in out.iterdir()} for out in (released, again))
    assert {Path(name).suffix for name in first} == {".whl", ".gz", ".json", ".txt", ""}
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_the_sums_are_those_of_all_files_of_the_release(released):
    sums = dict(line.split("  ")[::-1] for line in (released / "SHA256SUMS").read_text().splitlines())
    files = [file for file in released.iterdir() if file.name != "SHA256SUMS"]
    assert sums == {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_a_change_that_is_not_committed_is_not_released(tmp_path):
    source = clone_into(tmp_path / "clone")
    (source / "breakglass_tui" / "more.py").write_text("")
    refused = run(sys.executable, ROOT / "scripts" / "dist.py", "--out", tmp_path / "out", source)
    assert refused.returncode == 1
    assert "?? breakglass_tui/more.py" in refused.stderr
    assert "Commit or remove these changes" in refused.stderr
    assert not (tmp_path / "out").exists()


def test_the_sbom_is_valid_cyclonedx(document):
    assert document["specVersion"] == "1.6"
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(json.dumps(document)) is None
    assert validator.validate_str(json.dumps({**document, "components": [{"name": "no type"}]})) is not None


def test_the_sbom_has_the_packages_that_the_wheel_needs_with_version_hashes_and_licence(released, document):
    (wheel,) = released.glob("*.whl")
    with opened_wheel(wheel) as program:
        needed = package_closure(program).keys() - {PROGRAM}
    components = {canonicalize_name(one["name"]): one for one in document["components"]}
    assert components.keys() == needed
    assert "boto3" in needed
    assert "moto" not in needed
    pinned = pinned_packages(CONSTRAINTS)
    for name, component in components.items():
        (files,) = component["externalReferences"]
        assert (component["version"], {one["content"] for one in files["hashes"]}) == (
            pinned[name][0],
            set(pinned[name][1]),
        )
        assert component["licenses"]


def test_the_requirements_of_a_release_are_the_packages_of_the_sbom_as_they_are_pinned(released, document):
    pinned, listed = pinned_packages(CONSTRAINTS), pinned_packages(released / "requirements.txt")
    assert listed.keys() == {canonicalize_name(one["name"]) for one in document["components"]}
    assert [name for name in listed if listed[name] != pinned[name]] == []


def test_the_sbom_says_which_wheel_it_describes_and_which_package_needs_which(released, document):
    (wheel,) = released.glob("*.whl")
    main = document["metadata"]["component"]
    assert main["name"] == PROGRAM
    assert main["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(wheel.read_bytes()).hexdigest()}]
    needs = {one["ref"]: one.get("dependsOn", []) for one in document["dependencies"]}
    assert [one for one in needs[main["bom-ref"]] if one.startswith("pkg:pypi/boto3@")]
    mentioned = {ref for refs in needs.values() for ref in refs}
    assert mentioned == {one["bom-ref"] for one in document["components"]}


FOUND = {"id": "PYSEC-2026-1", "fix_versions": ["1.2"], "aliases": [], "description": ""}
CHECKED = {"name": "one", "version": "1.0", "vulns": []}
VULNERABLE = {"name": "two", "version": "1.1", "vulns": [FOUND]}
UNREAD = {"name": "three", "skip_reason": "not found"}
PASS = "No known vulnerabilities found"
"""What pip-audit writes to stderr, also if it could read no data."""


@pytest.mark.parametrize(
    ("packages", "code", "last"),
    [
        ([CHECKED], 0, "No known vulnerabilities in 1 packages."),
        ([CHECKED, VULNERABLE], 1, "VULNERABLE: 1 known vulnerabilities in 2 packages."),
        ([CHECKED, UNREAD], 2, "NOT CHECKED: no data could be read for 1 of 2 packages: three"),
        ([VULNERABLE, UNREAD], 1, "NOT CHECKED: no data could be read for 1 of 2 packages: three"),
        ([], 2, "NOT CHECKED: no data could be read for 0 of 0 packages: "),
    ],
)
def test_an_audit_without_data_is_no_pass(packages, code, last):
    found, lines = audit.result(json.dumps({"dependencies": packages, "fixes": []}), f"{PASS}\n")
    assert (found, lines[-1]) == (code, last)
    assert ("two 1.1: PYSEC-2026-1, fixed in 1.2" in lines) is (VULNERABLE in packages)
    assert ("The reason for three: not found" in lines) is (UNREAD in packages)
    assert (PASS in lines) is False


@pytest.mark.parametrize("output", ["", "Traceback", "[]", "{}"])
def test_an_audit_without_a_result_is_no_pass(output):
    code, lines = audit.result(output, "Traceback\nConnectionError: no network\n")
    assert (code, lines[0]) == (2, "ConnectionError: no network")
    assert lines[-1].startswith("NOT CHECKED: ")
