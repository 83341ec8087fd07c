"""Functions that all front ends share: they create a setup, a run, or the subject of a validation."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from breakglass_tui.domain.account import Account, Caller
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.events import Purpose
from breakglass_tui.domain.evidence_signer import EvidenceSigner
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.request import SetupRequest, generated_name, parse_request
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.domain.text import show
from breakglass_tui.engine.clock import Clock, SystemClock
from breakglass_tui.engine.cloud import Cloud, Setup, Subject
from breakglass_tui.engine.journal_preflight import JournalPreflight
from breakglass_tui.engine.plan import Check, Plan
from breakglass_tui.engine.recent_check import RecentCheck
from breakglass_tui.engine.run import Run
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.signing_preflight import SigningPreflight
from breakglass_tui.engine.stale_journal import require_current
from breakglass_tui.engine.stored_run import StoredRun
from breakglass_tui.secrets.envelope_files import Envelopes
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE, passphrase_missing
from breakglass_tui.secrets.vault import Vault

NAME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not confused with each other when they are read aloud."""


def new_name(clock: Clock) -> str:
    """Return a generated user name with today's date and six random characters."""
    token = "".join(secrets.choice(NAME_ALPHABET) for _ in range(6))
    return generated_name(clock.now().date(), token)


def new_setup(
    request: SetupRequest,
    account: Account,
    directory: Path,
    *,
    vault: Vault | None = None,
    clock: Clock | None = None,
    signer: EvidenceSigner | None = None,
) -> Setup:
    """Return the setup of a new run, with a new run id.

    A blank user name in ``request`` is replaced with a generated one.

    The run writes its envelopes to ``directory``. Without ``vault``, the setup gets an empty one. ``signer``
    signs the evidence.
    """
    run_id = secrets.token_hex(8)
    if not request.user_name:
        request = request.named(new_name(clock or SystemClock()))
    envelopes = Envelopes(directory, account_id=account.caller.account_id, run_id=run_id)
    return Setup(run_id, request, account, envelopes, vault or Vault(), signer=signer)


def resumed_setup(
    stored: StoredRun, account: Account, *, vault: Vault | None = None, signer: EvidenceSigner | None = None
) -> Setup:
    """Return the setup of a run that an earlier process started. ``signer`` signs the evidence.

    Raises ``Problem`` if the run belongs to another account, or if its journal cannot be used.
    """
    header = _header_of(stored)
    if account.caller.account_id != header.account_id:
        raise _other_account(header.account_id, account.caller)
    envelopes = Envelopes(Path(header.directory), account_id=header.account_id, run_id=header.id)
    request = parse_request(dict(header.request))
    return Setup(header.id, request, account, envelopes, vault or Vault(), resumed=True, signer=signer)


def preflight_checks(cloud: Cloud, setup: Setup, store: RunStore) -> tuple[Check, ...]:
    """Return the preflight checks: those of ``cloud``, and that the journal can be written and the evidence signed."""
    signing = (SigningPreflight(setup.signer),) if setup.signer is not None else ()
    return (*cloud.preflight(setup), JournalPreflight(store), *signing)


def new_run(
    cloud: Cloud, setup: Setup, store: RunStore, clock: Clock | None = None, *, recent: Sequence[CheckResult] = ()
) -> Run:
    """Return a run that applies ``setup``.

    ``recent`` are the results of its preflight checks, if they were made less than ``RECENT_S`` seconds ago. Without
    them, the run makes the checks.

    Raises ``Problem`` if the request needs a passphrase and the vault has none.
    """
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
        endpoint=cloud.endpoint.url if cloud.endpoint else "",
        emulator=cloud.place is Place.EMULATOR,
    )
    preflight = tuple(map(RecentCheck, recent)) or preflight_checks(cloud, setup, store)
    return Run(
        cloud.plan(setup),
        header,
        open_journal=lambda: store.open_journal(header),
        preflight=preflight,
        clock=clock,
        lock=partial(store.lock, header.account_id),
    )


def resumed_run(
    cloud: Cloud, setup: Setup, stored: StoredRun, store: RunStore, *, undo: bool, clock: Clock | None = None
) -> Run:
    """Return a run that finishes ``stored`` or, with ``undo``, removes the resources that it created.

    A run whose undo has started can only be undone. Every process has its own simulated account. So a simulated run of
    another process starts again from the beginning. Raises ``Problem`` if the journal cannot be used, or if this
    version has other steps.
    """
    header, plan = _header_of(stored), cloud.plan(setup)
    _require_same_place(header, cloud)
    require_current(header, store.hashes(stored.id))
    same_process = store.wrote(stored.id)
    gone = cloud.demo and not same_process
    purpose: Purpose = "undo" if undo or stored.record.undoing else "anew" if gone else "resume"
    _require_same_steps(stored, plan, all_of_them=purpose != "undo")
    return Run(
        plan,
        header,
        open_journal=lambda: store.open_journal(header, stored.length),
        preflight=preflight_checks(cloud, setup, store),
        earlier=stored.record,
        purpose=purpose,
        same_process=same_process,
        clock=clock,
        lock=partial(store.lock, header.account_id),
    )


def subject_of(setup: Setup, record: RunRecord) -> Subject:
    """Return the user of ``setup`` as the subject of a validation, with what its run recorded in ``record``."""
    subject = Subject(setup.request.user_name, setup.account, setup.request, setup.vault, created_here=True)
    return with_run_results(subject, record)


def with_run_results(subject: Subject, record: RunRecord) -> Subject:
    """Return ``subject`` with the ids, envelopes and first sign-in that a run recorded in ``record``."""
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
    """Raise ``Problem`` if the stored run and ``plan`` have different steps.

    With ``all_of_them`` False, only the steps that started must be in the plan. That is enough for an undo.
    """
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


def _require_same_place(header: RunHeader, cloud: Cloud) -> None:
    """Raise ``Problem`` if the run used an emulator and ``cloud`` does not, or the reverse.

    The URL may differ, because a restarted emulator can have another port.
    """
    emulated = cloud.place is Place.EMULATOR
    # A journal of an earlier version does not say where its run was.
    if header.endpoint is None or header.demo or cloud.demo or header.emulator == emulated:
        return
    raise Problem(
        f"This run was on an emulator, {show(header.endpoint)}. The calls of this command go to AWS."
        if header.emulator
        else "This run was on AWS. The calls of this command go to an emulator.",
        why="Nothing was changed.",
        next=f"Give --endpoint-url {show(header.endpoint)} before the command."
        if header.emulator
        else "Run it without --endpoint-url.",
        kind=Kind.USAGE,
        code="AnotherPlace",
    )


def _other_account(account_id: str, caller: Caller) -> Problem:
    return Problem(
        f"This run belongs to account {show(account_id)}. The credentials belong to account {show(caller.account_id)}.",
        why="Nothing was changed.",
        next=f"Sign in to account {show(account_id)}, or name its profile with --profile. Then try again.",
        kind=Kind.CREDENTIALS,
        code="AnotherAccount",
    )
