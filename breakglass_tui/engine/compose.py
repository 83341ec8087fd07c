"""Factories that all front ends share: setup, new run, resumed run, and the subject of a validation."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

from breakglass_tui.domain.account import Account, Caller
from breakglass_tui.domain.events import Purpose, RunHeader
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.request import SetupRequest, generated_name, parse_request
from breakglass_tui.domain.text import show
from breakglass_tui.engine.clock import Clock, SystemClock
from breakglass_tui.engine.cloud import Cloud, Setup, Subject
from breakglass_tui.engine.journal_preflight import JournalPreflight
from breakglass_tui.engine.plan import Check, Plan
from breakglass_tui.engine.run import Run
from breakglass_tui.engine.run_store import RunStore, StoredRun
from breakglass_tui.secrets.envelope_files import Envelopes
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE, passphrase_missing
from breakglass_tui.secrets.vault import Vault

NAME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not mistaken for one another when read aloud."""


def new_name(clock: Clock) -> str:
    """Return a generated user name with today's date and random characters."""
    token = "".join(secrets.choice(NAME_ALPHABET) for _ in range(6))
    return generated_name(clock.now().date(), token)


def new_setup(
    request: SetupRequest, account: Account, directory: Path, *, vault: Vault | None = None, clock: Clock | None = None
) -> Setup:
    """Return a setup with a new run id. A blank user name is replaced. Envelopes are written to ``directory``."""
    run_id = secrets.token_hex(8)
    if not request.user_name:
        request = request.named(new_name(clock or SystemClock()))
    envelopes = Envelopes(directory, account_id=account.caller.account_id, run_id=run_id)
    return Setup(run_id, request, account, envelopes, vault or Vault())


def resumed_setup(stored: StoredRun, account: Account, *, vault: Vault | None = None) -> Setup:
    """Return the setup of a run that another process started. Raises ``Problem`` if ``account`` is another account."""
    header = _header_of(stored)
    if account.caller.account_id != header.account_id:
        raise _other_account(header.account_id, account.caller)
    envelopes = Envelopes(Path(header.directory), account_id=header.account_id, run_id=header.id)
    request = parse_request(dict(header.request))
    return Setup(header.id, request, account, envelopes, vault or Vault(), resumed=True)


def preflight_checks(cloud: Cloud, setup: Setup, store: RunStore) -> tuple[Check, ...]:
    """Return the preflight checks: those of the account, and whether the run can be recorded."""
    return (*cloud.preflight(setup), JournalPreflight(store))


def new_run(cloud: Cloud, setup: Setup, store: RunStore, clock: Clock | None = None) -> Run:
    """Return the run that applies ``setup``. Raises ``Problem`` if it needs a passphrase and the vault has none."""
    if setup.request.seal_passphrase and setup.vault.get(PASSPHRASE) is None:
        raise passphrase_missing()
    caller = setup.account.caller
    header = RunHeader(
        id=setup.run_id,
        account_id=caller.account_id,
        caller_arn=caller.arn,
        region=setup.request.region,
        demo=cloud.demo,
        request=setup.request.as_json(),
        directory=str(setup.envelopes.directory.absolute()),
    )
    preflight = preflight_checks(cloud, setup, store)
    return Run(
        cloud.plan(setup), header, open_journal=lambda: store.open_journal(header), preflight=preflight, clock=clock
    )


def resumed_run(
    cloud: Cloud, setup: Setup, stored: StoredRun, store: RunStore, *, undo: bool, clock: Clock | None = None
) -> Run:
    """Return the run that finishes ``stored`` or, with ``undo``, removes the resources that it created.

    Every process has a simulated account of its own. There, a run of another process starts again from the beginning.
    A run whose undo has started can only be undone. Raises ``Problem``.
    """
    header, plan = _header_of(stored), cloud.plan(setup)
    gone = cloud.demo and not store.wrote(stored.id)
    purpose: Purpose = "undo" if undo or stored.record.undoing else "anew" if gone else "resume"
    _require_same_steps(stored, plan, all_of_them=purpose != "undo")
    return Run(
        plan,
        header,
        open_journal=lambda: store.open_journal(header, stored.length),
        preflight=preflight_checks(cloud, setup, store),
        earlier=stored.record,
        purpose=purpose,
        clock=clock,
    )


def subject_of(setup: Setup, record: RunRecord) -> Subject:
    """Return the subject of the validation after the run of ``record``."""
    subject = Subject(setup.request.user_name, setup.account, setup.request, setup.vault, created_here=True)
    return with_run_results(subject, record)


def with_run_results(subject: Subject, record: RunRecord) -> Subject:
    """Return ``subject`` with the ids and envelopes of the run of ``record``."""
    return replace(
        subject,
        user_id=record.facts.get("user_id", ""),
        access_key_id=record.facts.get("access_key_id", ""),
        mfa_serial=record.facts.get("mfa_serial", ""),
        envelopes=tuple(record.envelopes),
        signing_in=record.permanent is not None and record.signed_in_at is None,
        signed_in=record.signed_in_at is not None,
    )


def _header_of(stored: StoredRun) -> RunHeader:
    if stored.problem is not None:
        raise stored.problem
    assert stored.record.header is not None
    return stored.record.header


def _require_same_steps(stored: StoredRun, plan: Plan, *, all_of_them: bool) -> None:
    """Raise ``Problem`` if the run has other steps than ``plan``. An undo needs only the steps that started."""
    known = {step.id for step in plan.steps}
    recorded = set(stored.record.steps) if all_of_them else {step.id for step in stored.record.may_exist}
    odd = recorded ^ known if all_of_them else recorded - known
    if odd:
        raise Problem(
            f"This version does not have the steps of the run {show(stored.id)}: {show(', '.join(sorted(odd)))}.",
            why="Another version of this program started the run. Nothing was read from AWS and nothing was changed.",
            next="Finish or undo the run with the version that started it.",
            kind=Kind.LOCAL,
            code="OtherVersion",
        )


def _other_account(account_id: str, caller: Caller) -> Problem:
    return Problem(
        f"This run belongs to account {show(account_id)}. The credentials belong to account {show(caller.account_id)}.",
        why="Nothing was changed.",
        next=f"Sign in to account {show(account_id)}, or name its profile with --profile. Then try again.",
        kind=Kind.CREDENTIALS,
        code="AnotherAccount",
    )
