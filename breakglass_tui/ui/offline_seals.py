"""OfflineSeals: the ways to open an envelope without AWS, as the form and its dialog exchange them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from breakglass_tui.secrets.secret import Secret


@dataclass(frozen=True, eq=False, repr=False)
class OfflineSeals:
    """The fields of ``Draft`` that describe the offline seals."""

    seal_to: str
    seal_threshold: int
    seal_mfa_to: str
    seal_mfa_threshold: int
    passphrase: Secret | None
