"""A validation without a run: what is recorded of it before its first check."""

from __future__ import annotations

import secrets

from breakglass_tui.domain.events import RunHeader, RunStarted
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.clock import Clock
from breakglass_tui.engine.cloud import Subject


def validation_record(subject: Subject) -> RunRecord:
    """Empty but for what an earlier run left; who the user is, the checks are to find out anew."""
    left = {"access_key_id": subject.access_key_id, "mfa_serial": subject.mfa_serial}
    return RunRecord(facts={name: id for name, id in left.items() if id}, envelopes=list(subject.envelopes))


def validation_started(subject: Subject, clock: Clock, *, demo: bool) -> RunStarted:
    """The beginning of a record of its own: a run with a new id and without steps."""
    caller, request = subject.account.caller, subject.request
    region = request.region if request else subject.account.region
    asked = request.as_json() if request else {"region": region, "user_name": subject.user_name}
    header = RunHeader(secrets.token_hex(8), caller.account_id, caller.arn, region, demo=demo, request=asked)
    return RunStarted(clock.now(), header, ())
