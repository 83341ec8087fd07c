"""Files from outside are read up to a limit, and a pipe or device does not block the program."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from breakglass_tui.limited_files import UnfitFileError, read_limited

PACKAGE = Path(__file__).resolve().parent.parent / "breakglass_tui"
READERS = {
    "limited_files.py": "is the reader with a limit",
    "cli/request_file.py": "reads stdin, pipes and devices too, with a limit",
    "cli/fast_help.py": "reads a file of the program, before anything is imported",
    "report/page.py": "reads a file of the program",
    "report/ssh_signer.py": "reads the start of what its own child process wrote",
}
"""The modules that open files for reading, and why."""
WHOLE = {"read_text", "read_bytes", "readlines", "copyfile", "copytree", "file_digest"}
"""Calls that read a whole file."""


def test_a_file_of_the_largest_size_is_read(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"x" * 4096)
    content, status = read_limited(path, 4096)
    assert (len(content), status.st_size) == (4096, 4096)


@pytest.mark.parametrize(
    ("limit", "said"), [(4095, "4095 bytes"), (2048, "2 KiB"), (1024 * 1024, "1 MiB"), (16 * 1024 * 1024, "16 MiB")]
)
def test_a_larger_file_is_refused_with_the_limit(tmp_path, limit, said):
    path = tmp_path / "file"
    path.touch()
    os.truncate(path, limit + 1)
    with pytest.raises(UnfitFileError) as caught:
        read_limited(path, limit)
    assert caught.value.strerror == f"it is larger than the limit of {said}"


@pytest.mark.parametrize(
    ("name", "said"), [("pipe", "a pipe"), ("directory", "a directory"), ("/dev/zero", "a device")]
)
def test_what_is_no_file_is_refused_and_does_not_block(tmp_path, name, said):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "directory").mkdir()
    with pytest.raises(UnfitFileError) as caught:
        read_limited(tmp_path / name, 10)
    assert said in str(caught.value)
    assert "not a file" in str(caught.value)


def test_a_file_that_grows_while_it_is_read_ends_at_the_limit():
    # Its size is 0 until it is read.
    with pytest.raises(UnfitFileError):
        read_limited(Path("/proc/self/maps"), 100)


def test_a_missing_file_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_limited(tmp_path / "none", 10)


def test_a_sparse_file_of_3_gib_costs_no_memory(tmp_path):
    path = tmp_path / "file"
    path.touch()
    os.truncate(path, 3 * 1024**3)
    program = """
import resource, sys
from pathlib import Path
from breakglass_tui.limited_files import read_limited
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_limited(Path(sys.argv[1]), 1 << 20)
except OSError:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    ran = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert int(ran.stdout) < 10 * 1024


def opens_for_reading(call):
    """Return whether the call opens a file for reading, by its name, its mode and its flags."""
    words, function = ast.unparse(call), ast.unparse(call.func)
    name = function.rpartition(".")[2]
    if name in WHOLE:
        return True
    if function == "os.open":
        return "os.O_RDONLY" in words and "os.O_DIRECTORY" not in words
    if name != "open" or function.startswith("self."):
        return False
    modes = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return not any(set(mode) <= set("wabx+t") and set(mode) & set("wax") for mode in modes)


@pytest.mark.parametrize(
    "code",
    [
        "path.read_text()",
        "Path(name).read_bytes()",
        "path.open()",
        "open(path, 'rb')",
        "path.open(encoding='utf-8')",
        "os.open(path, os.O_RDONLY | os.O_CLOEXEC)",
        "shutil.copyfile(a, b)",
    ],
)
def test_a_call_that_reads_a_file_is_found(code):
    assert opens_for_reading(ast.parse(code).body[0].value)


@pytest.mark.parametrize("code", ["path.open('wb')", "os.open(path, os.O_WRONLY)", "self.open()", "journal.read()"])
def test_a_call_that_reads_no_file_is_not_found(code):
    assert not opens_for_reading(ast.parse(code).body[0].value)


def test_every_other_module_reads_files_with_the_limited_reader():
    found = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        if any(opens_for_reading(call) for call in calls):
            found.add(str(path.relative_to(PACKAGE)))
    assert found == set(READERS)
