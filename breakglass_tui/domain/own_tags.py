"""The keys of the tags that mark what this program created."""

from __future__ import annotations

RUN_TAG = "breakglass-tui:run-id"
MANAGED_TAG = "breakglass-tui:managed"
OWN_TAGS = frozenset({RUN_TAG, MANAGED_TAG})
"""The keys of the tags that this program adds to the user and to other resources that IAM can tag."""
