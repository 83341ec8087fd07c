"""Events that the process that resumes a run, or undoes it, cannot learn anywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CallSettled:
    """A look at AWS told what became of a request whose answer was lost."""

    at: datetime
    step: str
    operation: str
    found: str


@dataclass(frozen=True, slots=True)
class FactLearned:
    """AWS gave an id that nothing else could tell later."""

    at: datetime
    step: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class UnmanagedFound:
    """Somebody else made ``thing`` while this run was at work: it is never touched."""

    at: datetime
    step: str
    thing: str


@dataclass(frozen=True, slots=True)
class EnvelopeStarted:
    """An envelope is about to be written: from now on the file is this run's."""

    at: datetime
    step: str
    path: str


@dataclass(frozen=True, slots=True)
class SecretStored:
    """The operator has stored the secret of a step: it is never replaced."""

    at: datetime
    step: str


@dataclass(frozen=True, slots=True)
class FirstSignInDone:
    """AWS holds the lasting password of a step now: what was sealed before opens nothing any more."""

    at: datetime
    step: str
