"""Options: what stands before the command."""

from __future__ import annotations

from dataclasses import dataclass, field

from breakglass_tui.cli.preferences import Preferences


@dataclass(frozen=True, slots=True)
class Options:
    """The global options, as they were given; ``preferences`` are those of the configuration files."""

    demo: bool = False
    plain: bool = False
    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    theme: str | None = None
    preferences: Preferences = field(default_factory=Preferences)

    def command(self, *words: str) -> str:
        """A command line to type, for the same account as this one; quoted for a shell."""
        import shlex

        named = {"--profile": self.profile, "--region": self.region, "--endpoint-url": self.endpoint_url}
        given = [word for name, value in named.items() if value is not None for word in (name, value)]
        return shlex.join(["breakglass-tui", *(["--demo"] if self.demo else []), *given, *words])
