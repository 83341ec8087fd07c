"""The request that a demo uses if the operator gives none."""

from __future__ import annotations

from typing import Any

from breakglass_tui.demo.demo_account import DemoAccount


def demo_request() -> dict[str, Any]:
    """Return a request for everything that the program can set up, sealed with a KMS key of the simulated account."""
    return {
        "region": DemoAccount.default_region,
        "access": "both",
        "mfa": "sealed",
        "groups": ["emergency"],
        "role_arn": f"arn:aws:iam::{DemoAccount.account_id}:role/EmergencyAdmin",
        "kms_key_id": "alias/break-glass",
        "tags": {"team": "platform", "purpose": "emergency access"},
    }
