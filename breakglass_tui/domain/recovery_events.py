"""Events with facts that a process that resumes or undoes a run can get from no other source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CallSettled:
    """A read of AWS showed the result of a request whose answer was lost."""

    at: datetime
    step: str
    operation: str
    found: str


@dataclass(frozen=True, slots=True)
class FactLearned:
    """AWS returned an id that cannot be read again later."""

    at: datetime
    step: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class UnmanagedFound:
    """``thing`` appeared during this run and was not created by it. The run never changes or removes it."""

    at: datetime
    step: str
    thing: str


@dataclass(frozen=True, slots=True)
class EnvelopeStarted:
    """An envelope is about to be written. From now on the file belongs to this run."""

    at: datetime
    step: str
    path: str


@dataclass(frozen=True, slots=True)
class SecretStored:
    """The operator has stored the secret of a step. That secret is never replaced."""

    at: datetime
    step: str


@dataclass(frozen=True, slots=True)
class FirstSignInDone:
    """AWS now has the permanent password of a step. The temporary password no longer works."""

    at: datetime
    step: str
