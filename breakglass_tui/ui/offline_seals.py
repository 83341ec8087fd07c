"""OfflineSeals: the seals of a draft that open an envelope without AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from breakglass_tui.secrets.secret import Secret


@dataclass(frozen=True, eq=False, repr=False)
class OfflineSeals:
    """The fields of a ``Draft`` for seals that need no AWS. They have the same names and meanings as in ``Draft``."""

    seal_to: str
    seal_threshold: int
    seal_mfa_to: str
    seal_mfa_threshold: int
    passphrase: Secret | None
