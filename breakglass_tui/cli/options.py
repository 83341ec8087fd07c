"""The global options, which go before the command."""

from __future__ import annotations

from dataclasses import dataclass, field

from breakglass_tui.cli.preferences import Preferences


@dataclass(frozen=True, slots=True)
class Options:
    """The global options as the operator gave them, and the ``preferences`` of the configuration files."""

    demo: bool = False
    plain: bool = False
    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    theme: str | None = None
    preferences: Preferences = field(default_factory=Preferences)

    def command(self, *words: str) -> str:
        """Return a command line for the same account, quoted for the shell."""
        from breakglass_tui.cli.command_words import PROGRAM, shell_line

        values = {"--profile": self.profile, "--region": self.region, "--endpoint-url": self.endpoint_url}
        given = [word for name, value in values.items() if value is not None for word in (name, value)]
        return shell_line([PROGRAM, *(["--demo"] if self.demo else []), *given, *words])
