"""The first record and the first event of a validation that follows no run."""

from __future__ import annotations

import secrets

from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.events import RunStarted
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.engine.clock import Clock
from breakglass_tui.engine.cloud import Cloud, Subject


def validation_record(subject: Subject) -> RunRecord:
    """Return the record of a validation before its first check.

    It has only the access key id, MFA serial number and envelopes that an earlier run recorded. The checks read the
    unique id of the user again.
    """
    ids = {"access_key_id": subject.access_key_id, "mfa_serial": subject.mfa_serial}
    return RunRecord(facts={name: id for name, id in ids.items() if id}, envelopes=list(subject.envelopes))


def validation_started(subject: Subject, clock: Clock, cloud: Cloud) -> RunStarted:
    """Return the first event of the validation: the start of a run with a new id and without steps."""
    caller, request = subject.account.caller, subject.request
    region = request.region if request else subject.account.region
    expected = request.as_json() if request else {"region": region, "user_name": subject.user_name}
    header = RunHeader(
        id=secrets.token_hex(8),
        account_id=caller.account_id,
        caller_arn=caller.arn,
        region=region,
        demo=cloud.demo,
        request=expected,
        endpoint=cloud.endpoint.url if cloud.endpoint else "",
        emulator=cloud.place is Place.EMULATOR,
    )
    return RunStarted(clock.now(), header, ())
