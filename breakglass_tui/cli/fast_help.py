"""``--help`` and ``--version`` without imports: click alone takes four times as long to start as Python itself.

``help.txt`` has the help that click prints on a terminal of at least 80 columns. A test compares the two.
"""

from __future__ import annotations

import os

from breakglass_tui import __version__

HELP = os.path.join(os.path.dirname(__file__), "help.txt")  # noqa: PTH118, PTH120 - pathlib takes as long as Python
WIDTH = 80


def print_help(arguments: list[str]) -> bool:
    """Print the help or the version if ``arguments`` ask for only that. Return whether something was printed."""
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
    """Write ``text`` to stdout and return True. Raises ``OSError`` if it cannot be written."""
    rest = text
    while rest:
        try:
            rest = rest[os.write(1, rest) :]
        except BrokenPipeError:
            break  # a reader such as head has read all it wanted
    return True


def _columns() -> int:
    """Return the width of the terminal in columns, as ``shutil.get_terminal_size`` computes it."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(1).columns or WIDTH
    except OSError:
        return WIDTH
