"""The real AWS CLI, loaded once by a process that forks for each command. A normal start takes most of a second.

``aws_program.py serve SOCKET`` is that process. ``aws_program.py call SOCKET ARGUMENTS`` replaces ``aws`` in scripts.
"""

import json
import os
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

LONGEST = 1 << 20


def serve(path: str) -> None:
    """Answer until killed. Print "ready" on stdout at the start."""
    from awscli.clidriver import create_clidriver

    driver = create_clidriver()
    for service in ("iam", "kms", "sts"):
        driver.session.get_service_model(service)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen(8)
        os.write(1, b"ready\n")
        while True:
            caller, _ = door.accept()
            message, descriptors, *_ = socket.recv_fds(caller, LONGEST, 3)
            child = os.fork()
            if not child:
                _command(driver, caller, json.loads(message), descriptors)
            os.waitpid(child, 0)
            for descriptor in descriptors:
                os.close(descriptor)
            caller.close()


def _command(driver: Any, caller: socket.socket, given: dict[str, Any], descriptors: list[int]) -> None:
    code = 255
    try:
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
        data = {"AWS_DATA_PATH": os.environ.get("AWS_DATA_PATH", "")}  # version 1 sets it when it is imported
        os.environ.clear()
        os.environ.update({**given["environment"], **data})
        os.chdir(given["directory"])
        os.umask(given["mask"])
        driver.session._config = None  # the config file is that of the command
        code = driver.main(given["arguments"])
    except SystemExit as left:
        code = int(left.code or 0)
    except Exception:  # noqa: BLE001 - for the output of the failed test
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        caller.send(bytes([code]))
        os._exit(code)


def call(path: str, arguments: list[str]) -> int:
    """Run one command with the streams, environment and directory of this process, and return its exit code."""
    mask = os.umask(0o077)
    given = {"arguments": arguments, "environment": dict(os.environ), "directory": str(Path.cwd()), "mask": mask}
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(path)
        socket.send_fds(server, [json.dumps(given).encode()], [0, 1, 2])
        return server.recv(1)[0]


if __name__ == "__main__":
    what, socket_path, *rest = sys.argv[1:]
    sys.exit(call(socket_path, rest) if what == "call" else serve(socket_path))
