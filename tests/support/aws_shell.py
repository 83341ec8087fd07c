"""A shell with the real AWS CLI, which is loaded once for many commands."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROFILE = "ops"
"""The profile of the operator."""
PROGRAM = Path(__file__).parent / "aws_program.py"
SYSTEM = ("/usr/bin/aws", "/usr/bin/python3")
"""The AWS CLI of the Debian package, and its interpreter."""


def newest_interpreter() -> str:
    """Return the interpreter of version 2 of the AWS CLI if this machine has it, or else the one of version 1."""
    program, interpreter = SYSTEM
    if Path(program).exists():
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=60)
        if version.stdout.startswith("aws-cli/2."):
            return interpreter
    return sys.executable


@contextmanager
def aws_server(interpreter: str = sys.executable) -> Iterator[str]:
    """Start the AWS CLI as a server, and yield the command line that replaces ``aws``."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "socket"
        with subprocess.Popen([interpreter, PROGRAM, "serve", path], stdout=subprocess.PIPE) as server:
            try:
                assert server.stdout is not None
                assert server.stdout.readline() == b"ready\n"
                yield f"{sys.executable} -IS {PROGRAM} call {path}"
            finally:
                server.kill()


def paste(line: str, directory: Path, aws: str, environment: dict[str, str]) -> str:
    """Run ``line`` in bash as if it was pasted there, and return its output. ``aws`` is the line of ``aws_server``."""
    program = directory / "aws"
    program.write_text(f'#!/bin/bash\nexec {aws} "$@"\n')
    program.chmod(0o755)
    path = f"{directory}:{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "-c", line], env={"PATH": path, "HOME": str(directory), **environment}, cwd=directory, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=60,
    )  # fmt: skip
    return ran.stdout


def paste_as_operator(line: str, directory: Path, aws: str, account: Any) -> str:
    """Run ``line`` in bash as the operator of ``account``, and return its output.

    Only the profile has credentials, and only the line can name the endpoint: a command without both reaches nothing.
    """
    (directory / ".aws").mkdir(exist_ok=True)
    keys = f"aws_access_key_id={account.access_key_id}\naws_secret_access_key={account.secret_access_key}\n"
    (directory / ".aws" / "credentials").write_text(f"[{PROFILE}]\n{keys}")
    nowhere = {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1"}
    return paste(line, directory, aws, {**nowhere, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"})


def command(result: Any) -> str:
    """Return the command of a remedy: all of it that follows the introduction."""
    return str(result.remedy.split(": ", 1)[1])
