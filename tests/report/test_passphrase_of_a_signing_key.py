"""ssh-keygen asks for the passphrase of a signing key on the terminal of the process."""

from __future__ import annotations

import sys

import pexpect
import pytest
from signing_kit import require_programs, ssh_key

SIGN = """
import sys
from pathlib import Path
from breakglass_tui.domain.problems import Problem
from breakglass_tui.report.ssh_signer import SshSigner
try:
    print(sorted(SshSigner(Path(sys.argv[1]), attached=sys.argv[2] == "attached").sign(b"text")))
except Problem as problem:
    print("refused:", problem.next)
"""


@pytest.fixture
def signing(tmp_path):
    """Return a function that starts a process on a terminal, which signs with a key that has a passphrase."""
    require_programs()
    key, started = ssh_key(tmp_path / "locked", "correct horse"), []

    def _signing(attached):
        process = pexpect.spawn(
            sys.executable, ["-c", SIGN, str(key), attached], timeout=30, encoding="utf-8", use_poll=True
        )
        started.append(process)
        return process

    yield _signing
    for process in started:
        process.close(force=True)


def test_the_passphrase_is_typed_on_the_terminal_and_not_shown(signing):
    process = signing("attached")
    process.expect("Enter passphrase")
    process.sendline("correct horse")
    process.expect("SHA256SUMS.sig")
    assert "correct" not in process.before


def test_a_wrong_passphrase_is_a_problem(signing):
    process = signing("attached")
    process.expect("Enter passphrase")
    process.sendline("wrong")
    process.expect("refused: Add the key to ssh-agent")


def test_the_full_screen_app_is_never_disturbed_by_a_question(signing):
    process = signing("in the app")
    process.expect("refused: Add the key to ssh-agent")
    assert "passphrase" not in process.before
