"""The real program on a terminal, for floods of input and for terminals that go away."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pexpect

LIMIT_S = 60
PROGRAM = ["-m", "breakglass_tui", "--demo"]
TICKS = os.sysconf("SC_CLK_TCK")


class ProgramOnTerminal:
    """The demo in a terminal of 80x24, with its state below ``directory``.

    With ``shell``, a shell starts it, which leads the session and ignores SIGHUP.
    """

    def __init__(self, directory: Path, *, shell: bool = False) -> None:
        self._used_s = 0.0
        places = {name: str(directory / name) for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
        self.child: Any = pexpect.spawn(
            "/bin/sh" if shell else sys.executable,
            ["-c", f"trap '' HUP; '{sys.executable}' -m breakglass_tui --demo; true"] if shell else PROGRAM,
            cwd=directory,
            env={**os.environ, "HOME": str(directory), "TERM": "xterm-256color", **places},
            dimensions=(24, 80),
            timeout=LIMIT_S,
            encoding="utf-8",
            use_poll=True,
        )
        self.child.expect_exact("New emergency user")
        self.pid = self.child.pid
        if shell:
            self.pid = int(Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text())

    def send(self, keys: str) -> None:
        """Send ``keys`` as the terminal would."""
        self.child.send(keys)

    def press(self, keys: str, answer: str) -> None:
        """Press until the program, which may still be busy, shows ``answer``."""
        for _ in range(LIMIT_S // 3):
            self.child.send(keys)
            if self.child.expect_exact([answer, pexpect.TIMEOUT], timeout=3) == 0:
                return
        raise AssertionError(f"{keys!r} never led to {answer!r}")

    def open_form(self) -> None:
        """Go to the form, and wait until the account is read."""
        self.child.send("n")  # once: on the form, the key is a letter of the field
        self.child.expect_exact("AdministratorAccess v1")

    def processor_s(self) -> float:
        """Return the processor time, in seconds, that the process has used. After its end, the last known one."""
        if fields := self._fields():
            self._used_s = (int(fields[11]) + int(fields[12])) / TICKS
        return self._used_s

    def is_active(self) -> bool:
        """Return whether the process has not ended. A process that nothing waited for has ended too."""
        return bool(fields := self._fields()) and fields[0] != "Z"

    def _fields(self) -> list[str]:
        """Return the fields of the process in /proc (proc_pid_stat(5)) from its state on. Empty after its end."""
        try:
            return Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            return []

    def end_after(self, limit_s: float, *, draw: bool = True) -> float:
        """Return after how many seconds the process ended, at most ``limit_s``. ``draw`` reads its output meanwhile."""
        start = time.monotonic()
        while (after := time.monotonic() - start) < limit_s and self.is_active():
            self.processor_s()
            if draw:
                self.child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=0.02)
            else:
                self._wait(limit_s - after)
        return after

    def _wait(self, limit_s: float) -> None:
        """Wait until the process ends, at most ``limit_s`` seconds (pidfd_open(2))."""
        process = os.pidfd_open(self.pid)
        try:
            select.select([process], [], [], limit_s)
        finally:
            os.close(process)

    def close_terminal(self) -> None:
        """Close the terminal, as a terminal window does."""
        self.child.ptyproc.fileobj.close()
        # pexpect must not wait for a process that has been waited for.
        self.child.closed = self.child.ptyproc.closed = self.child.ptyproc.terminated = True

    def kill(self) -> None:
        """End the process if it is still active."""
        if self.is_active():
            os.kill(self.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):  # pexpect has waited for it
            os.waitpid(self.child.pid, 0)
