"""A validation without a run: its record before the first check."""

from __future__ import annotations

import secrets

from breakglass_tui.domain.events import RunHeader, RunStarted
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.clock import Clock
from breakglass_tui.engine.cloud import Subject


def validation_record(subject: Subject) -> RunRecord:
    """Return a record with the ids and envelopes of an earlier run only. The checks read the user's own id again."""
    ids = {"access_key_id": subject.access_key_id, "mfa_serial": subject.mfa_serial}
    return RunRecord(facts={name: id for name, id in ids.items() if id}, envelopes=list(subject.envelopes))


def validation_started(subject: Subject, clock: Clock, *, demo: bool) -> RunStarted:
    """Return the first event of the validation's record: a run with a new id and without steps."""
    caller, request = subject.account.caller, subject.request
    region = request.region if request else subject.account.region
    expected = request.as_json() if request else {"region": region, "user_name": subject.user_name}
    header = RunHeader(secrets.token_hex(8), caller.account_id, caller.arn, region, demo=demo, request=expected)
    return RunStarted(clock.now(), header, ())
