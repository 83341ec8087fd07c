"""``--help`` and ``--version``, answered without loading anything: click alone takes four times a bare Python.

What stands in ``help.txt`` is what click says on a terminal of 80 columns or more; a test holds the two together.
"""

from __future__ import annotations

import os

from breakglass_tui import __version__

HELP = os.path.join(os.path.dirname(__file__), "help.txt")  # noqa: PTH118, PTH120 - pathlib takes as long as Python
WIDTH = 80


def answered(arguments: list[str]) -> bool:
    """Whether that was all there was to do; if not, nothing was written."""
    try:
        if arguments == ["--version"]:
            return _written(f"breakglass-tui, version {__version__}\n".encode())
        if arguments in (["--help"], ["-h"]) and _columns() >= WIDTH:
            with open(HELP, "rb") as file:  # noqa: PTH123 - see above
                return _written(file.read())
    except OSError:
        return False
    return False


def _written(text: bytes) -> bool:
    """Write all of it; raises ``OSError`` if nothing could be written."""
    rest = text
    while rest:
        try:
            rest = rest[os.write(1, rest) :]
        except BrokenPipeError:
            break  # the reader, as head, has all it wanted
    return True


def _columns() -> int:
    """As ``shutil.get_terminal_size`` finds them."""
    said = os.environ.get("COLUMNS", "")
    if said.isascii() and said.isdecimal() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(1).columns or WIDTH
    except OSError:
        return WIDTH
