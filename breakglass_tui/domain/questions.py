"""What a running step may ask of the operator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Hidden(Protocol):
    """Text that shows itself only when asked to: repr and str are masked."""

    def reveal(self) -> str:
        """The text in the clear."""
        ...


@dataclass(frozen=True, slots=True)
class MfaCodes:
    """Two consecutive codes of the authenticator that scanned ``uri``. Answer: ``tuple[str, str]``.

    ``refused`` explains why the codes given before were not accepted.
    """

    device: str
    uri: Hidden
    seed: Hidden
    refused: str = ""


@dataclass(frozen=True, slots=True)
class StoreSecret:
    """A secret that nothing seals: shown on request until the operator has stored it. Answer: ``True``.

    ``label`` says what it is, ``public`` what belongs to it and is no secret, such as the access key id.
    """

    label: str
    secret: Hidden
    public: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SignIn:
    """The credentials are used up; the run waits until there are new ones of the same account. Answer: ``True``.

    ``refused`` says why those that were found are not used.
    """

    account_id: str
    why: str
    refused: str = ""


Question = MfaCodes | StoreSecret | SignIn
Answer = tuple[str, str] | bool
