"""Shows facts about AWS in an account of yours that no emulator can prove, and removes everything that it created.

Users, keys, devices and roles are tagged, and their names start with ``breakglass-live``. None of the users is an
administrator.
"""

from __future__ import annotations

import argparse
import json
import secrets
import shlex
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from live_experiments import EXPERIMENTS, Experiment
from live_experiments.account_guard import require_confirmation, require_own_account
from live_experiments.facts import Fact, FactStatus, as_json, summary
from live_experiments.lab import Lab, Person
from live_experiments.messages import notify, terminal
from live_experiments.resources import Resource, find, remove_all
from live_experiments.stopping import stop_on_signals

from breakglass_tui.aws.api import Api, silent_context
from breakglass_tui.aws.assess import identify
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.connect import connect_clients
from breakglass_tui.cli.endpoint import require_allowed
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.step_context import Stopped
from breakglass_tui.engine.unexpected_errors import as_problem

DONE, USAGE, DIFFERENT, CREDENTIALS, FAILED, LEFT, INTERRUPTED = 0, 2, 3, 4, 5, 6, 130
"""The exit codes. They have the same meanings as those of breakglass-tui."""
CREATES = "They create IAM users, access keys, MFA devices and roles, and remove them at the end."
SETTLE_S = 5.0
"""Seconds between two searches for remaining resources. IAM shows some changes only after seconds."""


def main(arguments: Sequence[str] | None = None, experiments: Sequence[Experiment] = EXPERIMENTS) -> int:
    """Run the experiments, or with ``--clean`` remove what earlier runs left behind. Return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.endpoint_url is not None:
            require_allowed(options.endpoint_url)
        person = Person(terminal()) if options.browser else None
        clients = connect_clients(profile=options.profile, region=options.region, endpoint_url=options.endpoint_url)
        caller = identify(clients)
        require_own_account(clients, caller, options.account_id, management=options.management)
        found = find(Api(clients, silent_context("find"))) if options.clean else []
        names = [one.__name__ for one in experiments]
        plan = [f"Remove {one}" for one in found] if options.clean else [f"Experiments: {', '.join(names)}", CREATES]
        require_confirmation(caller, clients, plan, yes=options.yes)
    except Problem as problem:
        notify("\n".join(filter(None, (problem.what, problem.why, problem.next))))
        return {Kind.USAGE: USAGE, Kind.CREDENTIALS: CREDENTIALS}.get(problem.kind, FAILED)
    with stop_on_signals() as stop:
        if options.clean:
            return _clean(clients, options)
        run_id = secrets.token_hex(4)
        lab = Lab(clients, caller, run_id=run_id, stop=stop, notify=notify, rate_s=options.rate_seconds, person=person)
        return _run(lab, run_id, options, experiments)


def _run(lab: Lab, run_id: str, options: argparse.Namespace, experiments: Sequence[Experiment]) -> int:
    """Run the experiments, print their facts, and return the exit code. What they created is removed in every case."""
    started, facts, left = datetime.now(UTC), list[Fact](), list[str]()
    try:
        for fact in _facts(lab, experiments):
            facts.append(fact)
            if not options.json:
                print("\n".join(fact.lines()), flush=True)
    finally:
        # A signal only sets an event that the removal does not read, so it cannot end the removal.
        notify(f"removing the resources of run {run_id}")
        left = _remove(lab.clients, run_id, options, lab.known)
    interrupted = lab.context.stopping
    if options.json:
        status = "left-behind" if left else "interrupted" if interrupted else "done"
        run = _run_document(lab, run_id, started, status)
        print(json.dumps({"schema_version": 1, "run": run, "facts": as_json(facts), "left": left}, indent=2))
    notify(summary(facts) + ("" if left else " Everything that the run created was removed."))
    found = {fact.status for fact in facts}
    codes = (
        (LEFT, bool(left)),
        (INTERRUPTED, interrupted),
        (FAILED, FactStatus.FAILED in found),
        (DIFFERENT, FactStatus.DIFFERENT in found),
    )
    return next((code for code, holds in codes if holds), DONE)


def _facts(lab: Lab, experiments: Sequence[Experiment]) -> Iterator[Fact]:
    """Yield the facts of each experiment. If an experiment fails, yield that as a fact, and run the others."""
    if not lab.live:
        notify(f"EMULATOR at {lab.clients.endpoint_url}. Nothing below proves how AWS behaves.")
    for experiment in experiments:
        lab.begin(experiment.__name__)
        try:
            yield from experiment(lab)
        except Stopped:
            return
        except Exception as error:  # noqa: BLE001 - the other experiments still have something to show
            yield lab.failed(as_problem(error))


def _clean(clients: Clients, options: argparse.Namespace) -> int:
    """Remove the resources of all runs of this script, which have its tag. Return the exit code."""
    left = _remove(clients, "", options)
    if options.json:
        print(json.dumps({"schema_version": 1, "left": left}, indent=2))
    if not left:
        notify("No resource of this script is left.")
    return LEFT if left else DONE


def _remove(clients: Clients, run_id: str, options: argparse.Namespace, known: Sequence[Resource] = ()) -> list[str]:
    """Remove the resources of the run ``run_id``, or of all runs if it is empty.

    Return a line for each resource that could not be removed. The lines are also shown to the operator.
    """
    settle_s = SETTLE_S if clients.endpoint_url is None else 0.0
    remaining = remove_all(Api(clients, silent_context("remove")), run_id, known, settle_s=settle_s)
    left = [" ".join(filter(None, (f"{resource}:", problem.what, problem.why))) for resource, problem in remaining]
    if left:
        words = (sys.executable, __file__, "--account-id", options.account_id, *clients.cli_options)
        notify("\n".join(("Not removed:", *left, f"Try again: {shlex.join((*words, '--clean'))}")))
    return left


def _run_document(lab: Lab, run_id: str, started: datetime, status: str) -> dict[str, Any]:
    return {
        "id": run_id,
        "status": status,
        "started_at": started.isoformat(timespec="seconds"),
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "account_id": lab.caller.account_id,
        "caller_arn": lab.caller.arn,
        "region": lab.clients.region,
        "endpoint": lab.clients.endpoint_url,
        "live": lab.live,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="live_account.py", description=__doc__)
    parser.add_argument("--account-id", required=True, help="the account. It must be that of the credentials")
    parser.add_argument("--profile", help="the profile of the AWS config files")
    parser.add_argument("--region", help="the Region. The default is that of the profile or us-east-1")
    parser.add_argument("--endpoint-url", help="an emulator, to test this script. It proves nothing about AWS")
    parser.add_argument("--management", action="store_true", help="allow the management account of an organization")
    parser.add_argument("--yes", action="store_true", help="do not ask for the account id")
    parser.add_argument("--browser", action="store_true", help="include what needs a person with a browser")
    parser.add_argument(
        "--rate-seconds",
        type=float,
        default=60.0,
        help="seconds for which the policy simulator is called four times a second",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of text")
    parser.add_argument("--clean", action="store_true", help="only remove what an earlier run left behind")
    return parser


if __name__ == "__main__":
    sys.exit(main())
