"""The commands that let a trail record what this user does."""

from __future__ import annotations

import json
import shlex
from typing import Any

from breakglass_tui.aws.checks.event_selectors import (
    with_every_management_event,
    with_every_management_event_advanced,
)
from breakglass_tui.aws.checks.trail_state import Trail
from breakglass_tui.domain.text import show

CREATE = (
    "Create a trail, with a bucket that CloudTrail can write to in place of BUCKET: "
    "aws cloudtrail create-trail --name all-regions --s3-bucket-name BUCKET --is-multi-region-trail && "
    "aws cloudtrail start-logging --name all-regions"
)
LONGEST_COMMAND = 4096


def start_logging(trail: Trail, account_id: str) -> str:
    """Return the remedy for a trail that does not log."""
    return f"Start logging{_owner(trail, account_id)}: {_command('start-logging', trail)}"


def record_all(trail: Trail, account_id: str) -> str:
    """Return the remedy for a trail that does not record all management events. Its other events stay recorded.

    Source: CloudTrail API, PutEventSelectors. It replaces all selectors, so the command repeats the others.
    """
    manual = f"Include all read and write management events in the event selectors of {show(trail.arn)}."
    selectors: list[dict[str, Any]] | None
    if trail.advanced:
        option, selectors = "--advanced-event-selectors", with_every_management_event_advanced(trail.advanced)
    else:
        option, selectors = "--event-selectors", with_every_management_event(trail.basic)
    words = f"{option} {shlex.quote(json.dumps(selectors, separators=(',', ':')))}"
    command = f"{_command('put-event-selectors', trail, name='--trail-name')} {words}"
    if selectors is None or len(command) > LONGEST_COMMAND:
        return manual
    return f"Record all management events{_owner(trail, account_id)}: {show(command, LONGEST_COMMAND)}"


def repair_delivery(trail: Trail, account_id: str) -> str:
    """Return the remedy for a trail whose log files do not arrive."""
    status = _command("get-trail-status", trail)
    return f"Let CloudTrail write to {show(trail.bucket)}, then read the status{_owner(trail, account_id)}: {status}"


def _command(operation: str, trail: Trail, *, name: str = "--name") -> str:
    region = shlex.quote(show(trail.home))
    return f"aws cloudtrail {operation} --region {region} {name} {shlex.quote(show(trail.arn))}"


def _owner(trail: Trail, account_id: str) -> str:
    """Return where to run the command: an organization trail is changed in the account that owns it."""
    owner = trail.arn.split(":")[4]
    return "" if owner == account_id else f" in account {show(owner)}"
