"""The whole life of an emergency user under the permissions of one operator, as stages that can be compared."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import boto3
from killing import Unlooked

from breakglass_tui.aws import assess
from breakglass_tui.aws.aws_cloud import AwsCloud
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.organization import manages_organization
from breakglass_tui.domain import events as e
from breakglass_tui.domain.account import Account, AccountList
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.engine.compose import resumed_run, subject_of

LOCAL = frozenset({"clock", "envelopes"})
"""The checks that compare AWS with nothing, or whose text depends on which step ends first."""
Stage = tuple[str, dict[str, str]]
VOLATILE = re.compile(r"(?:AKIA|AIDA)[A-Z0-9]+|[0-9a-f]{8,16}|\d\d:\d\d|\d+ of \d+ users")
"""Ids, times and numbers that differ between two runs."""


class Operator:
    """A user of the simulated account whose only permissions are those of one managed policy."""

    def __init__(self, iam: Any, endpoint: str, name: str) -> None:
        self._iam = iam
        iam.create_user(UserName=name, Path="/operators/")
        key = iam.create_access_key(UserName=name)["AccessKey"]
        nothing = _document([{"Effect": "Allow", "Action": "ec2:StopInstances", "Resource": "*"}])
        self._policy = iam.create_policy(PolicyName=f"{name}-policy", PolicyDocument=nothing)["Policy"]["Arn"]
        iam.attach_user_policy(UserName=name, PolicyArn=self._policy)
        session = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="eu-west-1")
        self.clients = Clients(session, endpoint_url=endpoint)

    def allow(self, policy: str, *, without: str = "") -> None:
        """Replace the permissions of the operator with ``policy``, but without one action."""
        statements = json.loads(policy)["Statement"]
        for statement in statements:
            statement["Action"] = [action for action in statement["Action"] if action != without]
        statements = [statement for statement in statements if statement["Action"]]
        for version in self._iam.list_policy_versions(PolicyArn=self._policy)["Versions"]:
            if not version["IsDefaultVersion"]:
                self._iam.delete_policy_version(PolicyArn=self._policy, VersionId=version["VersionId"])
        self._iam.create_policy_version(PolicyArn=self._policy, PolicyDocument=_document(statements), SetAsDefault=True)


@dataclass
class Life:
    """The life of the user of ``lab`` as one operator sees it: assessment, preflight, run, validation and undo."""

    lab: Any
    clients: Clients
    fields: dict[str, Any]

    def stages(self) -> Iterator[Stage]:
        """Yield each stage with its results, without the texts that differ between two runs."""
        self.lab.demo._server.run_locked(lambda world: setattr(world, "report", None))
        *_, account = assess.assess(self.clients, "eu-west-1", assess.identify(self.clients))
        yield "assessment", self._plain(_parts(account, self.clients))
        cloud = AwsCloud(self.clients, demo=False)
        self.lab.cloud = Unlooked(self.clients, demo=False)
        setup = self.lab.setup(account, **self.fields)
        yield "preflight", self._checks(cloud.preflight(setup))
        record = self.lab.run(setup, with_preflight=True).record
        yield (
            "run",
            self._plain(
                {
                    "status": str(record.status),
                    "problem": str(record.problem),
                    **{i: str(s.status) for i, s in record.steps.items()},
                }
            ),
        )
        subject = replace(subject_of(setup, record), vault=None, created_here=False)
        yield "validation", self._checks(cloud.checks(subject))
        stored = self.lab.store.find(setup.run_id)
        undo = resumed_run(cloud, setup, stored, self.lab.store, undo=True, clock=self.lab.clock)
        for event in undo.events():
            record.apply(event)
        failed = {id: str(step.left or step.status) for id, step in record.steps.items()}
        yield "undo", self._plain({"status": f"{record.status} {record.problem}", **failed})

    def _checks(self, checks: Any) -> dict[str, str]:
        found = (
            each.result for each in CheckRunner(checks, self.lab.clock).events() if isinstance(each, e.CheckFinished)
        )
        return self._plain({each.id: f"{each.status}: {each.found}" for each in found if each.id not in LOCAL})

    def _plain(self, texts: dict[str, str]) -> dict[str, str]:
        names = {self.lab.name: "USER", self.lab.group: "GROUP", self.lab.role: "ROLE", str(self.lab.directory): "OUT"}
        for name, word in names.items():
            texts = {key: text.replace(name, word) for key, text in texts.items()}
        return {key: VOLATILE.sub("#", text) for key, text in sorted(texts.items())}


def _parts(account: Account, clients: Clients) -> dict[str, str]:
    """Return whether each part of the account was read."""
    names = ("admin_policy", "password_policy", "regions", "users", "groups", "roles", "keys")
    parts = {name: getattr(account, name) for name in names}
    problems = {name: part.problem if isinstance(part, AccountList) else part for name, part in parts.items()}
    found = {name: str(each) if isinstance(each, Problem) else "read" for name, each in problems.items()}
    api = assess.Api(clients, assess.silent_context("test"))
    management = manages_organization(api, account.caller.account_id)
    return {**found, "alias": account.caller.alias, "management": str(management)}


def _document(statements: list[Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
