"""Experiment: how many calls of SimulatePrincipalPolicy IAM answers a second."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError

from breakglass_tui.aws.api_problems import request_id_of
from breakglass_tui.aws.error_classes import OVERLOADED, code_of
from breakglass_tui.domain.calls import Call
from live_experiments.facts import Fact
from live_experiments.lab import Lab, LabUser

OPERATION = "iam:SimulatePrincipalPolicy"
INTERVAL_S = 0.25
WORKERS = 8
SHOWN = 5


def simulator_rate(lab: Lab) -> Iterator[Fact]:
    """Send four simulations a second, without retries. Yield as a fact how many of them IAM refuses for their rate.

    The program sends one in five seconds while it waits for a new user. AWS publishes no limit.
    """
    user = lab.user()
    client = lab.clients.get("iam", writes=True)  # writes are sent once
    lab.api.call(OPERATION, retry_on={"NoSuchEntity"}, PolicySourceArn=user.arn, ActionNames=["iam:GetUser"])
    started = lab.context.clock.ticks()
    with ThreadPoolExecutor(WORKERS) as pool:
        sent = []
        while lab.context.clock.ticks() - started < lab.rate_s:
            sent.append(pool.submit(_simulate, client, user))
            lab.context.wait(INTERVAL_S)
        calls = [future.result() for future in sent]
    refused = [call for call in calls if call.error in OVERLOADED]
    first = calls.index(refused[0]) if refused else 0
    found = f"{len(calls)} calls in {lab.rate_s:.0f} s, {len(refused)} refused for their rate"
    found += f", the first after {first * INTERVAL_S:.0f} s" if refused else ""
    text = "IAM answers four simulations a second, or it refuses some of them for their rate."
    shown = tuple((refused or calls)[:SHOWN])
    yield lab.fact(text, expected="any number of refusals", found=found, holds=True, needs_aws=True, calls=shown)


def _simulate(client: Any, user: LabUser) -> Call:
    try:
        answer = client.simulate_principal_policy(PolicySourceArn=user.arn, ActionNames=["iam:GetUser"])
    except ClientError as error:
        return Call(OPERATION, request_id_of(error), error=code_of(error))
    return Call(OPERATION, str(answer["ResponseMetadata"]["RequestId"]))
