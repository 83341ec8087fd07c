"""Write ``breakglass_tui/cli/help.txt``, which ``breakglass-tui --help`` prints without loading click."""

from __future__ import annotations

from breakglass_tui.cli.fast_help import HELP
from breakglass_tui.cli.manual import help_text
from breakglass_tui.cli.program import cli

with open(HELP, "w", encoding="ascii", newline="\n") as file:  # noqa: PTH123 - HELP is a string, see there
    file.write(help_text(cli))
