"""A call to AWS as evidence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """One finished AWS call: ``operation`` as ``iam:CreateUser``, times in milliseconds, sends counted.

    ``lost`` says that AWS may or may not have carried it out.
    """

    operation: str
    request_id: str = ""
    elapsed_ms: int = 0
    attempts: int = 1
    error: str = ""
    lost: bool = False
