"""The questions that a running step can ask the operator."""

from __future__ import annotations

from typing import Protocol

from breakglass_tui.domain.fast_dataclass import dataclass


class Hidden(Protocol):
    """A text whose ``repr`` and ``str`` are masked. Only ``reveal`` returns the text itself."""

    def reveal(self) -> str:
        """Return the text, not masked."""
        ...


@dataclass(frozen=True)
class MfaCodes:
    """A question for two consecutive codes of the operator's authenticator app. The answer is ``tuple[str, str]``.

    The operator scans ``uri`` or types ``seed``. ``refused`` is why the codes of the previous answer were not accepted.
    """

    device: str
    uri: Hidden
    seed: Hidden
    refused: str = ""


@dataclass(frozen=True)
class StoreSecret:
    """A request to the operator to store a secret that no seal protects. The answer is ``True``.

    The secret is shown only on demand. ``label`` names it. ``public`` has related values that are not secret, as pairs
    of label and value, such as the access key id.
    """

    label: str
    secret: Hidden
    public: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SignIn:
    """A request for new credentials of the same account, because the current ones have expired. The answer is ``True``.

    The run waits for the answer. ``why`` is why the credentials are needed. ``refused`` is why the newest credentials
    were rejected, or empty.
    """

    account_id: str
    why: str
    refused: str = ""


Question = MfaCodes | StoreSecret | SignIn
Answer = tuple[str, str] | bool
