"""The program on a separate terminal, and without a terminal."""

from __future__ import annotations

import codecs
import os
import pty
import re
import select
import subprocess
import sys
import threading
import time

PROGRAM = (sys.executable, "-m", "breakglass_tui")
LIMIT_S = 60


class Console:
    """The program on a terminal, with stdout in a pipe."""

    def __init__(self, *arguments, env=None, program=PROGRAM):
        self.master, slave = pty.openpty()
        command = [*program, *map(str, arguments)]
        self.process = subprocess.Popen(command, stdin=slave, stderr=slave, stdout=subprocess.PIPE, text=True, env=env)
        os.close(slave)
        self.seen, self.open = "", True
        self.decode = codecs.getincrementaldecoder("utf-8")().decode

    def until(self, pattern, within=LIMIT_S):
        """Read until ``pattern`` occurs, and return the match."""
        end = time.monotonic() + within
        while not (match := re.search(pattern, self.seen)):
            assert self.open, self.seen
            assert time.monotonic() < end, self.seen
            self.read()
        return match

    def read(self):
        if self.open and select.select([self.master], [], [], 1)[0]:
            try:
                self.seen += self.decode(os.read(self.master, 65536))
            except OSError:  # the other side of the terminal is closed
                self.open = False

    def type(self, line):
        os.write(self.master, f"{line}\n".encode())

    def ended(self):
        """Return the exit code and all of stdout."""
        out = []
        reader = threading.Thread(target=lambda: out.append(self.process.stdout.read()))
        reader.start()
        while self.open:
            self.read()
        reader.join(30)
        return self.process.wait(30), out[0]

    def close(self):
        """End the program and close the terminal."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        os.close(self.master)


def headless(*arguments, env=None, program=PROGRAM, **options):
    """Run the program without a terminal, to its end."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    command = [*program, *map(str, arguments)]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, text=True, timeout=LIMIT_S, check=False, env=env, **options
    )
