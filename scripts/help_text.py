"""Writes breakglass_tui/cli/help.txt anew: what ``breakglass-tui --help`` says without loading click."""

from __future__ import annotations

from breakglass_tui.cli.fast_help import HELP
from breakglass_tui.cli.manual import help_text

with open(HELP, "w", encoding="ascii", newline="\n") as file:  # noqa: PTH123 - HELP is text, see there
    file.write(help_text())
