"""The questions that a running step can ask the operator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Hidden(Protocol):
    """A text with masked ``repr`` and ``str``. Only ``reveal`` returns it."""

    def reveal(self) -> str:
        """Return the text in the clear."""
        ...


@dataclass(frozen=True, slots=True)
class MfaCodes:
    """Asks for two consecutive codes of the authenticator that scanned ``uri``. Answer: ``tuple[str, str]``.

    ``refused`` explains why the codes submitted before were not accepted.
    """

    device: str
    uri: Hidden
    seed: Hidden
    refused: str = ""


@dataclass(frozen=True, slots=True)
class StoreSecret:
    """Asks the operator to store a secret that no seal protects. It is shown on request. Answer: ``True``.

    ``label`` names the secret. ``public`` has related values that are not secret, such as the access key id.
    """

    label: str
    secret: Hidden
    public: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SignIn:
    """Asks for new credentials of the same account, because the current ones have expired. Answer: ``True``.

    The run waits for the answer. ``refused`` explains why the credentials that were found are not used.
    """

    account_id: str
    why: str
    refused: str = ""


Question = MfaCodes | StoreSecret | SignIn
Answer = tuple[str, str] | bool
