"""From a request to a run and on to its validation: the same few moves for every front end."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

from breakglass_tui.domain.account import Account
from breakglass_tui.domain.events import RunHeader
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.request import SetupRequest, generated_name
from breakglass_tui.engine.clock import Clock, SystemClock
from breakglass_tui.engine.cloud import Cloud, Setup, Subject
from breakglass_tui.engine.run import Run
from breakglass_tui.secrets.envelopes import Envelopes
from breakglass_tui.secrets.vault import Vault

NAME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not mistaken for one another when read aloud."""


def new_name(clock: Clock) -> str:
    """A fresh generated user name of today."""
    token = "".join(secrets.choice(NAME_ALPHABET) for _ in range(6))
    return generated_name(clock.now().date(), token)


def new_setup(
    request: SetupRequest, account: Account, directory: Path, *, vault: Vault | None = None, clock: Clock | None = None
) -> Setup:
    """A setup with an id of its own; a blank user name is filled in. Envelopes go into ``directory``."""
    run_id = secrets.token_hex(8)
    if not request.user_name:
        request = request.named(new_name(clock or SystemClock()))
    envelopes = Envelopes(directory, account_id=account.caller.account_id, run_id=run_id)
    return Setup(run_id, request, account, envelopes, vault or Vault())


def new_run(cloud: Cloud, setup: Setup, clock: Clock | None = None) -> Run:
    """The run that carries ``setup`` out."""
    caller = setup.account.caller
    header = RunHeader(
        id=setup.run_id,
        account_id=caller.account_id,
        caller_arn=caller.arn,
        region=setup.request.region,
        demo=cloud.demo,
        request=setup.request.as_json(),
    )
    return Run(cloud.plan(setup), header, preflight=cloud.preflight(setup), clock=clock)


def subject_of(setup: Setup, record: RunRecord) -> Subject:
    """What validation expects after that run."""
    subject = Subject(setup.request.user_name, setup.account, setup.request, setup.vault)
    return replace(
        subject,
        user_id=record.facts.get("user_id", ""),
        access_key_id=record.facts.get("access_key_id", ""),
        mfa_serial=record.facts.get("mfa_serial", ""),
    )
