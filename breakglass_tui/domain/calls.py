"""The record of one call to AWS. It is evidence in reports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """One finished AWS call.

    ``operation`` is written like ``iam:CreateUser``. ``attempts`` counts how often the request was sent. ``lost`` means
    that no answer arrived: AWS may or may not have applied the call.
    """

    operation: str
    request_id: str = ""
    elapsed_ms: int = 0
    attempts: int = 1
    error: str = ""
    lost: bool = False
