"""The one kind of error an operator ever sees: what happened, why, and what to do next."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What sort of trouble it is; the command line turns it into an exit code."""

    USAGE = "usage"
    CREDENTIALS = "credentials"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    MISSING = "missing"
    LOCAL = "local"
    BUSY = "busy"
    UNEXPECTED = "unexpected"


class Problem(Exception):  # noqa: N818 - the product's word for it
    """Something the operator must know, told as three sentences; it never holds a secret."""

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
        """All of it on one line."""
        return " ".join(part for part in (self.what, self.why, self.next) if part)

    def __repr__(self) -> str:
        """Kind and code only: enough for a log, nothing that could carry data."""
        return f"Problem(kind={self.kind.value!r}, code={self.code!r})"


class FieldError(NamedTuple):
    """One field of the request that cannot stay as it is."""

    field: str
    message: str

    def __str__(self) -> str:
        """As one line for a terminal."""
        return f"{self.field}: {self.message}"


class BadRequest(Problem):
    """A request that cannot be used, with every reason at once."""

    def __init__(self, errors: tuple[FieldError, ...], what: str = "The request cannot be used.") -> None:
        super().__init__(
            what,
            why=" ".join(f"{error}." if not str(error).endswith(".") else str(error) for error in errors),
            next="Correct the fields named and try again.",
            kind=Kind.USAGE,
        )
        self.errors = errors
