"""Measure ``apply``, from the start of the process to its end, compared with a sequential boto3 script."""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import boto3
from bench_account import SimulatedAws, simulated_aws
from botocore.exceptions import ClientError

from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.demo.demo_request import demo_request

PAIRS = 5
CALL_S = 0.1
USER = "break-glass-measured"
FIRST_CALLS = {
    "sts": "get_caller_identity",
    "iam": "list_users",
    "kms": "list_keys",
    "account": "list_regions",
    "organizations": "describe_organization",
    "cloudtrail": "describe_trails",
    "events": "list_rules",
    "ec2": "create_internet_gateway",
}
DRY_RUN = {"ec2": {"DryRun": True}}
SCRIPT = Path(__file__).with_name("careful_script.py")


def apply_ratio() -> float:
    """Return the time of ``apply`` divided by that of ``careful_script.py``, which makes the same user.

    Both are whole processes that call a new simulated account, and each call takes 100 ms. ``apply`` also makes all
    preflight checks, all validation checks and the report. Before the time starts, the account has answered one call of
    each service, because its first answer takes longer. The result is the median of ``PAIRS`` measurements, after one
    warm-up of each.
    """
    _apply_s(), _script_s()
    return statistics.median(_apply_s() / _script_s() for _ in range(PAIRS))


def _apply_s() -> float:
    program = ["-m", "breakglass_tui", "--endpoint-url", "{url}", "apply", "--request", "{request}"]
    return _seconds(*program, "--yes", "--out", "{directory}/out")


def _script_s() -> float:
    return _seconds(str(SCRIPT), "{url}", "{request}", USER, "{directory}")


def _seconds(*arguments: str) -> float:
    """Run Python with ``arguments`` and a simulated account. Return the seconds until it has ended.

    In the arguments, the names in braces are the endpoint, the file of the request, and an empty directory.
    """
    with simulated_aws(delay_s=CALL_S) as account, tempfile.TemporaryDirectory() as directory:
        request = Path(directory, "request.json")
        request.write_text(json.dumps({**demo_request(), "user_name": USER}), "utf-8")
        names = {"url": account.url, "request": str(request), "directory": directory}
        command = [sys.executable, *(argument.format(**names) for argument in arguments)]
        _warm(account)
        started = time.perf_counter()
        subprocess.run(command, env=_environment(account, directory), check=True, capture_output=True)
        return time.perf_counter() - started


def _warm(account: SimulatedAws) -> None:
    """Make one call of each service that ``apply`` or the script calls."""
    session = boto3.Session(account.access_key_id, account.secret_access_key, region_name=DemoAccount.default_region)
    for service, operation in FIRST_CALLS.items():
        with contextlib.suppress(ClientError):  # the account has no organization, and a dry run ends with an error
            getattr(session.client(service, endpoint_url=account.url), operation)(**DRY_RUN.get(service, {}))


def _environment(account: SimulatedAws, directory: str) -> dict[str, str]:
    """Return the environment with the credentials of the simulated account. The state goes below ``directory``."""
    state = {f"XDG_{name}_HOME": f"{directory}/{name.lower()}" for name in ("STATE", "CONFIG", "CACHE", "DATA")}
    return {**os.environ, **account.variables, **state}
