"""Events that a later process needs to resume or undo a run, because it cannot read their facts from AWS."""

from __future__ import annotations

from datetime import datetime

from breakglass_tui.domain.fast_dataclass import dataclass


@dataclass(frozen=True)
class CallSettled:
    """A request's answer was lost, and a later read of AWS showed that the request was applied."""

    at: datetime
    step: str
    operation: str
    found: str


@dataclass(frozen=True)
class FactLearned:
    """AWS returned an id that cannot be read again later. ``name`` is the name of the fact, ``value`` is the id."""

    at: datetime
    step: str
    name: str
    value: str


@dataclass(frozen=True)
class UnmanagedFound:
    """A resource appeared during this run that the run did not create. The run never changes or removes it.

    ``thing`` describes the resource.
    """

    at: datetime
    step: str
    thing: str


@dataclass(frozen=True)
class EnvelopeStarted:
    """An envelope is about to be written. From now on the file belongs to this run."""

    at: datetime
    step: str
    path: str


@dataclass(frozen=True)
class SecretStored:
    """The operator has stored the secret of a step. That secret is never replaced."""

    at: datetime
    step: str


@dataclass(frozen=True)
class FirstSignInDone:
    """AWS now has the permanent password. The temporary password, which ``step`` set, no longer works."""

    at: datetime
    step: str
