"""A shell on a terminal, into which commands are pasted one after the other."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pexpect

STAND_INS = Path(__file__).parent / "runbook_programs.py"
PROMPT = "@pasted@ "
SIZE = (40, 160)


class PastingShell:
    """An interactive bash that keeps its variables from one command to the next."""

    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        given = {"PS1": PROMPT, "PS2": "", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **environment}
        options = ["--noprofile", "--norc", "--noediting", "-i"]
        self._child: Any = pexpect.spawn(
            "bash",
            options,
            env=given,
            cwd=str(directory),
            echo=False,
            encoding="utf-8",
            timeout=90,
            dimensions=SIZE,
            use_poll=True,
        )
        self._child.expect_exact(PROMPT)

    def paste(self, command: str, *typed: str, after: str = "") -> str:
        """Paste ``command``, type each answer when the pattern ``after`` is on the screen, and return the output."""
        self._child.sendline(command)
        for answer in typed:
            if after:
                self._child.expect(after)
            self._child.sendline(answer)
        self._child.expect_exact(PROMPT)
        return str(self._child.before).replace("\r\n", "\n").strip()

    def status(self) -> int:
        """Return the exit code of the last command."""
        return int(self.paste("echo $?"))

    def on_screen(self, command: str, key: str, shown: str, *, first: str = "Reveal", quit: str = "q") -> str:
        """Paste a command that opens a screen, wait for ``first``, press ``key``, and return what matches ``shown``.

        ``quit`` is the key that ends the screen.
        """
        self._child.sendline(command)
        self._child.expect(first)
        self._child.send(key)
        self._child.expect(shown)
        found = str(self._child.match[0])
        self._child.send(quit)
        self._child.expect_exact(PROMPT)
        return found

    def close(self) -> None:
        """End the shell."""
        self._child.close(force=True)


def write_programs(directory: Path, aws: str, endpoint: str) -> None:
    """Write the programs that a runbook names. ``aws`` is the line of ``aws_server``. Each one reaches ``endpoint``."""
    stand_in = f"exec {sys.executable} {STAND_INS}"
    login = f'case "$1" in login | logout) {stand_in} aws-login "$@" ;; esac'
    programs = {
        "aws": f'{login}\nexec {aws} "$@" --endpoint-url {endpoint}',
        "breakglass-tui": f'exec {sys.executable} -m breakglass_tui --endpoint-url {endpoint} "$@"',
        **{name: f'{stand_in} {name} "$@"' for name in ("age", "jq", "oathtool") if shutil.which(name) is None},
    }
    for name, text in programs.items():
        (directory / name).write_text(f"#!/bin/bash\n{text}\n")
        (directory / name).chmod(0o755)


def commands_of(text: str) -> list[str]:
    """Return the commands of a runbook as they are in its raw Markdown, with the indentation of their list item."""
    return re.findall(r"^ *```\n(.*)\n *```$", text, re.MULTILINE)
