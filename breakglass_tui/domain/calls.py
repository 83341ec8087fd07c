"""The record of one call to AWS. Reports contain it as evidence."""

from __future__ import annotations

from breakglass_tui.domain.fast_dataclass import dataclass


@dataclass(frozen=True)
class Call:
    """One finished AWS call.

    ``operation`` is written like ``iam:CreateUser``. ``attempts`` counts how often the request was sent. ``error`` is
    the error code, empty after success. ``lost`` means that no answer arrived: AWS may or may not have applied the
    call.
    """

    operation: str
    request_id: str = ""
    elapsed_ms: int = 0
    attempts: int = 1
    error: str = ""
    lost: bool = False
