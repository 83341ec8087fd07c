"""The steps from a request to a reviewed setup, which ``plan`` and ``apply`` share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from breakglass_tui.cli.streams import to_stderr
from breakglass_tui.domain.account import Account, Caller
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.conflicts import conflicts
from breakglass_tui.domain.events import CheckFinished
from breakglass_tui.domain.evidence_signer import EvidenceSigner
from breakglass_tui.domain.problems import BadRequest, Problem
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.engine.compose import new_setup, preflight_checks
from breakglass_tui.engine.plan import Check
from breakglass_tui.engine.recent_check import RECENT_S
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.plain.plan_text import Review
from breakglass_tui.plain.words import account_label
from breakglass_tui.secrets.vault import Vault


def assess_account(cloud: Cloud, region: str, caller: Caller) -> Account:
    """Read the caller's account in ``region`` and return it complete. Prints a line. Raises ``Problem``."""
    to_stderr(f"Reading {account_label(caller.account_id, caller.alias, cloud.place)}…")
    *_, complete = cloud.assess(region, caller)
    return complete


def review_request(
    cloud: Cloud,
    caller: Caller,
    request: SetupRequest,
    directory: Path,
    store: RunStore,
    *,
    vault: Vault,
    signer: EvidenceSigner | None = None,
) -> Review:
    """Return the plan for ``request`` with the results of its preflight checks. ``vault`` has the secrets of the run.
    ``signer`` signs its evidence.

    Raises ``BadRequest`` if the request contradicts the account. If AdministratorAccess could not be read, that problem
    is the cause of the exception.
    """
    clock = SystemClock()
    started, unread_account = clock.ticks(), Account(caller, request.region)
    unread = new_setup(request, unread_account, directory, vault=vault, signer=signer)
    with _results_meanwhile(cloud.early_preflight(unread)) as early:
        account = assess_account(cloud, request.region, caller)
        if request.seal_passphrase:
            to_stderr("Testing the passphrase seal. This takes some seconds…")
        errors = conflicts(unread.request, account)
        if errors:
            policy = account.admin_policy
            raise BadRequest(errors) from (policy if isinstance(policy, Problem) else None)
    setup = replace(unread, account=account)
    # A large account takes long to read. Checks that are no longer recent after that are made again.
    results = early.result() if clock.ticks() - started < RECENT_S else {}
    checks = preflight_checks(cloud, setup, store)
    results |= _results(CheckRunner([check for check in checks if check.id not in results]))
    preflight = tuple(results[check.id] for check in checks)
    return Review(setup, cloud.plan(setup), preflight, cloud.place, cloud.endpoint)


@contextmanager
def _results_meanwhile(checks: Sequence[Check]) -> Iterator[Future[dict[str, CheckResult]]]:
    """Run ``checks`` in a thread during the context, and yield the future of their results.

    The context ends when they have finished. If it ends with an exception, the checks are stopped.
    """
    runner = CheckRunner(checks)
    with ThreadPoolExecutor(1, "breakglass-preflight") as pool:
        try:
            yield pool.submit(_results, runner)
        except BaseException:
            runner.stop()
            raise


def _results(runner: CheckRunner) -> dict[str, CheckResult]:
    """Run the checks of ``runner`` and return their results by id."""
    return {event.result.id: event.result for event in runner.events() if isinstance(event, CheckFinished)}
