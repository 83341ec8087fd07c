"""Problem: the only kind of error that an operator sees. It says what happened, why, and what to do next."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

OTHER_SIMULATED_ACCOUNT = "OtherSimulatedAccount"
"""The code of the problem that an envelope of ``--demo`` needs the simulated account of a process that has ended."""


class Kind(StrEnum):
    """The category of a problem. The command line maps it to an exit code."""

    USAGE = "usage"
    CREDENTIALS = "credentials"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    MISSING = "missing"
    LOCAL = "local"
    BUSY = "busy"
    UNEXPECTED = "unexpected"


class Problem(Exception):  # noqa: N818 - the product's word for it
    """An error for the operator in three sentences: what happened, why, what to do next. It never contains a secret.

    ``code`` is an error code of AWS or of this program, or empty.
    """

    def __init__(
        self, what: str, *, why: str = "", next: str = "", kind: Kind = Kind.UNEXPECTED, code: str = ""
    ) -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.next = next
        self.kind = kind
        self.code = code

    def __str__(self) -> str:
        """Return the three sentences on one line."""
        return " ".join(part for part in (self.what, self.why, self.next) if part)

    def __repr__(self) -> str:
        """Return kind and code only. They identify the problem in a log and carry no data."""
        return f"Problem(kind={self.kind.value!r}, code={self.code!r})"


class FieldError(NamedTuple):
    """An error in one field of the request."""

    field: str
    message: str

    def __str__(self) -> str:
        """Return the error as one line: ``FIELD: MESSAGE``."""
        return f"{self.field}: {self.message}"


class BadRequest(Problem):
    """The problem that a request is invalid. It lists the errors of all fields."""

    def __init__(self, errors: tuple[FieldError, ...], what: str = "The request is not valid.") -> None:
        super().__init__(
            what,
            why=" ".join(f"{error}" if str(error).endswith((".", "?")) else f"{error}." for error in errors),
            next="Correct these fields and try again.",
            kind=Kind.USAGE,
        )
        self.errors = errors
