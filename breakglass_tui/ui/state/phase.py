"""Phase: the start and the four phases."""

from __future__ import annotations

from enum import IntEnum


class Phase(IntEnum):
    """The start screen and the four phases, in the order in which the operator passes them."""

    START = 0
    ASSESSMENT = 1
    SUMMARY = 2
    CONFIGURATION = 3
    VALIDATION = 4

    @property
    def title(self) -> str:
        """The name of the phase for the operator, such as "Assessment"."""
        return self.name.capitalize()


PHASES = tuple(phase for phase in Phase if phase is not Phase.START)
"""The four phases, without the start screen."""
