"""From options and a request to a reviewed setup: what plan and apply have in common."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from breakglass_tui.cli.streams import people
from breakglass_tui.domain.account import Account, Caller
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.conflicts import conflicts
from breakglass_tui.domain.events import CheckFinished
from breakglass_tui.domain.problems import BadRequest, Problem
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.engine.compose import new_setup, preflight_checks
from breakglass_tui.engine.plan import Check
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.plain.plan_text import Review
from breakglass_tui.plain.words import account_label
from breakglass_tui.secrets.envelope_files import Envelopes
from breakglass_tui.secrets.vault import Vault


def assessed(cloud: Cloud, region: str, caller: Caller) -> Account:
    """The whole picture of the caller's account in ``region``; raises ``Problem``."""
    people(f"Reading {account_label(caller.account_id, caller.alias, demo=cloud.demo)} …")
    return _last(cloud.assess(region, caller))


def reviewed(
    cloud: Cloud, caller: Caller, request: SetupRequest, directory: Path, store: RunStore, *, vault: Vault
) -> Review:
    """The plan for ``request`` and what the looks before the first write found; ``vault`` is that of the run.

    Raises ``BadRequest`` when the account contradicts the request; its cause is what could not be read, if so.
    """
    account = assessed(cloud, request.region, caller)
    errors = conflicts(request, account)
    if errors:
        policy = account.admin_policy
        raise BadRequest(errors) from (policy if isinstance(policy, Problem) else None)
    setup = new_setup(request, account, directory, vault=vault)
    return Review(setup, cloud.plan(setup), inspected(preflight_checks(cloud, setup, store)), cloud.demo)


def inspected(checks: tuple[Check, ...]) -> tuple[CheckResult, ...]:
    """The results of ``checks``, in their order."""
    results = {e.result.id: e.result for e in CheckRunner(checks).events() if isinstance(e, CheckFinished)}
    return tuple(results[check.id] for check in checks)


@contextlib.contextmanager
def writable(directory: Path | None) -> Iterator[None]:
    """Prove that files can be written there, if anywhere; a directory made for nothing goes away again.

    Raises ``Problem``.
    """
    if directory is None:
        yield
        return
    existed = directory.exists()
    Envelopes(directory, account_id="", run_id="").prepare()
    try:
        yield
    finally:
        if not existed:
            with contextlib.suppress(OSError):
                directory.rmdir()


def _last(pictures: Iterator[Account]) -> Account:
    *_, last = pictures
    return last
