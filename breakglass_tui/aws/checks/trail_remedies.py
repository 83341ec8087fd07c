"""The AWS CLI commands that make a trail record what the user does."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.checks.event_selectors import (
    with_every_management_event,
    with_every_management_event_advanced,
)
from breakglass_tui.aws.checks.remedy_commands import aws_command
from breakglass_tui.aws.checks.trail_state import Trail
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.text import show

NEW_TRAIL = "--name all-regions"
LONGEST_COMMAND = 4096


def create_trail(clients: Clients) -> str:
    """Return the remedy for an account without a trail that logs every Region."""
    create = f"cloudtrail create-trail {NEW_TRAIL} --s3-bucket-name BUCKET --is-multi-region-trail"
    commands = (aws_command(clients, words) for words in (create, f"cloudtrail start-logging {NEW_TRAIL}"))
    return f"Create a trail, with a bucket that CloudTrail can write to in place of BUCKET: {' && '.join(commands)}"


@dataclass(frozen=True)
class TrailRemedies:
    """The remedies for ``trail``. ``account_id`` is the account of the operator.

    An organization trail can only be changed in the account that owns it. The commands for it do not have the
    operator's profile, because that is of another account.
    """

    clients: Clients
    trail: Trail
    account_id: str

    def start_logging(self) -> str:
        """Return the remedy for a trail that does not log."""
        return f"Start logging{self._place}: {self._command('start-logging')}"

    def record_all(self) -> str:
        """Return the remedy for a trail that does not record all management events.

        PutEventSelectors replaces all selectors (CloudTrail API), so the command repeats those of other events.
        """
        trail = self.trail
        manual = f"Include all read and write management events in the event selectors of {show(trail.arn)}."
        selectors: list[dict[str, Any]] | None
        if trail.advanced:
            option, selectors = "--advanced-event-selectors", with_every_management_event_advanced(trail.advanced)
        else:
            option, selectors = "--event-selectors", with_every_management_event(trail.basic)
        words = f"{option} {shlex.quote(json.dumps(selectors, separators=(',', ':')))}"
        command = self._command("put-event-selectors", words, name="--trail-name")
        if selectors is None or len(command) > LONGEST_COMMAND:
            return manual
        return f"Record all management events{self._place}: {command}"

    def repair_delivery(self) -> str:
        """Return the remedy for a trail that does not deliver its log files to S3."""
        status = self._command("get-trail-status")
        return f"Let CloudTrail write to {show(self.trail.bucket)}, then read the status{self._place}: {status}"

    @property
    def _owner(self) -> str:
        return self.trail.arn.split(":")[4]

    @property
    def _place(self) -> str:
        """The account in which to run the command, as the end of a clause. "" for the operator's own account."""
        return "" if self._owner == self.account_id else f" in account {show(self._owner)}"

    def _command(self, operation: str, *words: str, name: str = "--name") -> str:
        region, arn = shlex.quote(show(self.trail.home)), shlex.quote(show(self.trail.arn))
        line = " ".join((f"cloudtrail {operation} --region {region} {name} {arn}", *words))
        return aws_command(self.clients, line, with_profile=self._owner == self.account_id)
