"""Passphrases on the terminal of a real process: not on the screen, in a process list, or in an environment."""

from __future__ import annotations

import json
import os
import signal
import sys
import termios
import time
from pathlib import Path

import envelope_kit as kit
import pexpect
import pytest
from console import Console

from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.secrets import scrypt_child

REQUEST = 'region = "eu-west-1"\nuser_name = "bg-night"\nseal_passphrase = true\n'
LIMIT_S = 60


@pytest.fixture
def console(request):
    """Return a function that starts the program on a terminal."""

    def _console(*arguments):
        console = Console(*arguments)
        request.addfinalizer(console.close)
        return console

    return _console


@pytest.fixture
def locked(tmp_path):
    path = tmp_path / "locked"
    path.write_bytes(kit.locked())
    path.chmod(0o600)
    return path


def family(pid):
    """Return what a process list shows of the process and its children, and their environments."""
    visible = b""
    for task in Path(f"/proc/{pid}/task").glob("*"):
        for child in (task / "children").read_text().split():
            visible += family(child)
    for name in ("cmdline", "environ"):
        visible += Path(f"/proc/{pid}/{name}").read_bytes()
    return visible


def watched(console):
    """Return all that was visible of the process and its children until it ended."""
    visible, children = b"", 0
    while console.process.poll() is None:
        try:
            seen = family(console.process.pid)
        except OSError:  # one of them has just ended
            continue
        children += b"scrypt_child" in seen
        visible += seen
    assert children, "the process that derives the key was never seen"
    return visible


def echoes(console):
    return bool(termios.tcgetattr(console.master)[3] & termios.ECHO)


def test_a_typed_passphrase_opens_and_is_never_visible(console, locked):
    console = console("open", locked, "--reveal")
    console.until(r"not shown while you type")
    assert not echoes(console)
    console.type(kit.PASSPHRASE)
    console.until(r"Deriving the key")
    visible = watched(console)
    code, out = console.ended()
    assert (code, json.loads(out)["secret"]) == (ExitCode.DONE, {"password": kit.PASSWORD})
    assert kit.PASSPHRASE not in console.seen
    assert kit.PASSPHRASE.encode() not in visible


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_at_the_prompt_gives_the_terminal_its_echo_back(console, locked, number):
    console = console("open", locked, "--reveal")
    console.until(r"not shown while you type")
    assert not echoes(console)
    console.process.send_signal(number)
    assert console.process.wait(LIMIT_S) == ExitCode.INTERRUPTED
    assert echoes(console)


def test_after_a_stop_the_input_is_still_hidden(console, locked):
    console = console("open", locked, "--reveal")
    console.until(r"not shown while you type")
    console.process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, console.process.pid, os.WSTOPPED)
    shells = termios.tcgetattr(console.master)
    shells[3] |= termios.ECHO
    termios.tcsetattr(console.master, termios.TCSANOW, shells)
    console.process.send_signal(signal.SIGCONT)
    end = time.monotonic() + LIMIT_S
    while echoes(console):
        assert time.monotonic() < end
        console.read()
    console.type(kit.PASSPHRASE)
    assert console.ended()[0] == ExitCode.DONE
    assert kit.PASSPHRASE not in console.seen


def test_a_generated_passphrase_is_shown_on_the_alternate_screen_and_opens_the_envelope(console, tmp_path):
    (tmp_path / "request.toml").write_text(REQUEST)
    console = console("--demo", "apply", "--request", tmp_path / "request.toml", "--out", tmp_path / "out")
    console.until(r"Enter alone generates one")
    console.type("password12345678901234")
    console.until(r"Invalid: .*\s+New passphrase")
    console.type("")
    made = console.until(r"\x1b\[\?1049h[^\0]*\r\n    (\S+)\r\n[^\0]*Press Enter when")[1]
    console.type("")
    console.until(r"\x1b\[\?1049l[^\0]*Type the passphrase from your note")
    console.type(made)
    console.until(r'Type "no mfa" to continue:')
    console.type("no mfa")
    console.until(r"Type yes to continue:")
    console.type("yes")
    code, out = console.ended()
    assert code == ExitCode.DONE, console.seen
    assert console.seen.count(made) == 1
    assert made not in out
    (envelope,) = (tmp_path / "out").glob("*.age")
    opened = json.loads(scrypt_child.decrypt(envelope.read_bytes(), made))
    assert opened["user"] == "bg-night"
    assert made.encode() not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_an_opened_envelope_is_masked_until_a_key_shows_it(tmp_path):
    alice = kit.custodian(tmp_path, "alice")
    (info,) = kit.sealed(tmp_path, [alice.recipient])
    arguments = ["-m", "breakglass_tui", "open", str(tmp_path / info.path), "-i", str(alice.file)]
    child = pexpect.spawn(sys.executable, arguments, cwd=tmp_path, dimensions=(24, 80), timeout=LIMIT_S, use_poll=True)
    try:
        child.expect_exact("bg-alice")
        before = child.before
        child.expect_exact("Reveal")
        before += child.before
        child.send("r")
        child.expect_exact(kit.PASSWORD[:4])
        assert kit.PASSWORD[:4].encode() not in before
        child.send("q")
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == ExitCode.DONE
    finally:
        child.close(force=True)
