"""The steps from a request to a reviewed setup, which ``plan`` and ``apply`` share."""

from __future__ import annotations

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
from breakglass_tui.engine.cloud import Cloud
from breakglass_tui.engine.compose import new_setup, preflight_checks
from breakglass_tui.engine.plan import Check
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
    account = assess_account(cloud, request.region, caller)
    errors = conflicts(request, account)
    if errors:
        policy = account.admin_policy
        raise BadRequest(errors) from (policy if isinstance(policy, Problem) else None)
    setup = new_setup(request, account, directory, vault=vault, signer=signer)
    preflight = _results(preflight_checks(cloud, setup, store))
    return Review(setup, cloud.plan(setup), preflight, cloud.place, cloud.endpoint)


def _results(checks: tuple[Check, ...]) -> tuple[CheckResult, ...]:
    """Run ``checks`` and return their results in the same order."""
    results = {e.result.id: e.result for e in CheckRunner(checks).events() if isinstance(e, CheckFinished)}
    return tuple(results[check.id] for check in checks)
