"""The request that a demo without a terminal carries out."""

from __future__ import annotations

from typing import Any

from breakglass_tui.demo.demo_account import DemoAccount


def demo_request() -> dict[str, Any]:
    """Everything the tool can set up, sealed with the demo's own key; as a request file would hold it."""
    return {
        "region": DemoAccount.default_region,
        "access": "both",
        "mfa": "sealed",
        "groups": ["emergency"],
        "role_arn": f"arn:aws:iam::{DemoAccount.account_id}:role/EmergencyAdmin",
        "kms_key_id": "alias/break-glass",
        "tags": {"team": "platform", "purpose": "emergency access"},
    }
