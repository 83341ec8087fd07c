"""The global options, which are given before the command."""

from __future__ import annotations

from dataclasses import dataclass, field

from breakglass_tui.cli.command_words import PROGRAM, shell_line
from breakglass_tui.cli.preferences import Preferences


@dataclass(frozen=True, slots=True)
class Options:
    """The global options from the command line, and ``preferences`` from the configuration files."""

    demo: bool = False
    plain: bool = False
    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    theme: str | None = None
    preferences: Preferences = field(default_factory=Preferences)

    def command(self, *words: str) -> str:
        """Return a command line of this program with the same global options, quoted for the shell.

        ``words`` is the command.
        """
        values = {"--profile": self.profile, "--region": self.region, "--endpoint-url": self.endpoint_url}
        given = [word for name, value in values.items() if value is not None for word in (name, value)]
        return shell_line([PROGRAM, *(["--demo"] if self.demo else []), *given, *words])
