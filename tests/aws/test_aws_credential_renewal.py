"""Credentials that expire during a run: one question, new ones of the same account, and the run continues."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from stored_runs import only_run

from breakglass_tui.aws.api import RENEWALS, Api
from breakglass_tui.aws.aws_cloud import AwsCloud
from breakglass_tui.aws.connect import connect
from breakglass_tui.domain import events as e
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.questions import SignIn
from breakglass_tui.engine.compose import new_run, resumed_run, resumed_setup

OTHER = "210987654321"
Watch = Callable[[Any], object]


class CloudWithoutPreflight(AwsCloud):
    """A cloud without preflight checks, which ask no questions."""

    def preflight(self, setup: Any) -> tuple[()]:
        return ()


@dataclass
class Operator:
    """An operator with temporary credentials in a file, who signs in again when asked."""

    lab: Any
    shared_account: Any
    file: Path
    asked: list[SignIn] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    key_id: str = ""

    def sign_in(self) -> None:
        """Write new credentials of an administrator role into the file."""
        demo = self.shared_account.demo
        long_lived = boto3.Session(demo.access_key_id, demo.secret_access_key, region_name="eu-west-1")
        sts = long_lived.client("sts", endpoint_url=self.shared_account.endpoint)
        arn = f"arn:aws:iam::{demo.account_id}:role/OrganizationAccountAccessRole"
        # A session of GetSessionToken without MFA may not call IAM.
        given = sts.assume_role(RoleArn=arn, RoleSessionName="operator")["Credentials"]
        self.write(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])

    def write(self, key_id: str, secret: str, token: str) -> None:
        """Write these credentials into the file."""
        self.key_id = key_id
        names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
        lines = [f"{name}={value}" for name, value in zip(names, (key_id, secret, token), strict=True)]
        self.file.write_text("\n".join(["[default]", *lines]))

    def expire(self) -> None:
        """Let the credentials in the file expire."""
        self.shared_account.demo._server._world.sessions.pop(self.key_id)

    def cloud(self, **options: Any) -> CloudWithoutPreflight:
        """Return a cloud with the credentials in the file, or those in ``options``."""
        cloud: Any = connect(region="eu-west-1", endpoint_url=self.shared_account.endpoint, **options)
        return CloudWithoutPreflight(cloud._clients, demo=False)

    def run(self, run: Any, at_question: Watch | None = None, watch: Watch = lambda _: None) -> Any:
        """Run ``run``. Each sign-in is answered after ``at_question``, which may stop the run instead."""
        self.events = []
        for event in run.events():
            self.events.append(event)
            watch(event)
            if isinstance(event, e.Asked):
                assert isinstance(event.question, SignIn)
                self.asked.append(event.question)
                (at_question or (lambda _: self.sign_in()))(run)
                run.answer(event.number, answer=True)
        return self.events[-1]

    def new_run(self, cloud: Any = None, **fields: Any) -> Any:
        """Return a run with every step."""
        return new_run(cloud or self.cloud(), self.lab.everything(**fields), self.lab.store, self.lab.clock)

    def stored_run(self) -> Any:
        """Return the run that the journal has."""
        return only_run(self.lab.store)

    def after(self, step: str) -> Watch:
        """Return a watch that lets the credentials expire at the end of ``step``."""

        def watch(event: Any) -> None:
            if isinstance(event, e.StepFinished) and event.step == step:
                self.expire()

        return watch


@pytest.fixture
def state(lab: Any, shared_account: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    file = tmp_path / "credentials"
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    state = Operator(lab, shared_account, file)
    state.sign_in()
    return state


@pytest.fixture
def claimed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list of accounts: each next identification of new credentials finds one of them."""
    claimed: list[str] = []
    real = Api._identify

    def identify(self: Api, clients: Any) -> str:
        return claimed.pop(0) if claimed else real(self, clients)

    monkeypatch.setattr(Api, "_identify", identify)
    return claimed


@pytest.mark.parametrize("step", ["create-user", "access-key"])
def test_after_new_credentials_of_the_same_account_the_run_continues(state: Operator, step: str) -> None:
    ended = state.run(state.new_run(), watch=state.after(step))

    assert ended.status is RunStatus.DONE, ended.problem
    assert {question.account_id for question in state.asked} == {state.shared_account.demo.account_id}
    assert "credentials file" in state.asked[0].why
    assert +state.stored_run().record.recovery.unanswered == {}
    assert len(state.lab.keys(state.lab.name)) == 1
    assert len(state.lab.devices(state.lab.name)) == 1
    assert state.lab.members() == [state.lab.name]


def test_steps_side_by_side_ask_once(state: Operator) -> None:
    ended = state.run(state.new_run(), watch=state.after("create-user"))

    refused = [event for event in state.events if isinstance(event, e.CallFinished) and event.call.error]
    assert ended.status is RunStatus.DONE, ended.problem
    assert len({event.id for event in refused}) > 1
    assert len(state.asked) == 1


def test_credentials_of_another_account_are_refused_and_the_question_is_repeated(
    state: Operator, claimed: list[str]
) -> None:
    claimed.append(OTHER)
    ended = state.run(state.new_run(), watch=state.after("create-user"))

    assert ended.status is RunStatus.DONE, ended.problem
    first, second = state.asked
    assert first.refused == ""
    assert OTHER in second.refused
    assert state.shared_account.demo.account_id in second.refused


def test_an_answer_without_a_sign_in_repeats_the_question_with_the_reason(state: Operator) -> None:
    def only_at_the_second(_: Any) -> None:
        if len(state.asked) == 2:
            state.sign_in()

    ended = state.run(state.new_run(), only_at_the_second, state.after("create-user"))
    assert ended.status is RunStatus.DONE, ended.problem
    assert "AWS does not accept these credentials." in state.asked[1].refused


def test_stopping_at_the_question_keeps_everything_and_a_later_run_finishes(state: Operator) -> None:
    ended = state.run(state.new_run(), lambda run: run.stop("keep"), state.after("create-user"))

    assert ended.status is RunStatus.INCOMPLETE
    assert ended.stopped
    assert state.lab.exists(state.lab.name)
    assert not any(isinstance(event, e.UndoStarted) for event in state.events)

    state.sign_in()
    stored, lab = state.stored_run(), state.lab
    setup = resumed_setup(stored, lab.account)
    ended = state.run(resumed_run(state.cloud(), setup, stored, lab.store, undo=False, clock=lab.clock))
    assert ended.status is RunStatus.DONE, ended.problem
    assert state.lab.keys(state.lab.name) == [state.stored_run().record.facts["access_key_id"]]
    assert len(state.lab.devices(state.lab.name)) == 1


def test_an_undo_waits_for_new_credentials_too(state: Operator) -> None:
    def undo(event: Any) -> None:
        if isinstance(event, e.StepFinished) and event.step == "create-user":
            run.stop("undo")
        if isinstance(event, e.UndoStarted):
            state.expire()

    run = state.new_run()
    ended = state.run(run, watch=undo)
    assert ended.status is RunStatus.UNDONE, state.stored_run().record.not_removed
    assert len(state.asked) == 1
    assert state.lab.nothing_left()


@pytest.mark.parametrize("way", ["environment", "given"])
def test_the_question_says_that_the_credentials_cannot_change(
    state: Operator, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = state.shared_account.demo
    keys = (demo.access_key_id, demo.secret_access_key)
    if way == "environment":
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys[0])
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys[1])
    cloud = state.cloud(**({"credentials": keys} if way == "given" else {}))
    expired_once(cloud, monkeypatch)
    ended = state.run(state.new_run(cloud))

    (asked,) = state.asked
    assert ended.status is RunStatus.DONE, ended.problem
    assert ("export new credentials" if way == "environment" else "passed to this program") in asked.why


def expired_once(cloud: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the session be expired for the first CreateUser."""
    client = cloud._clients.get("iam", region="eu-west-1", writes=True)

    def expired(**_: Any) -> Any:
        answer: Any = {"Error": {"Code": "ExpiredToken", "Message": "x"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
        raise ClientError(answer, "CreateUser")

    monkeypatch.setattr(client, "create_user", expired)


def test_a_call_that_every_new_session_is_refused_ends_with_the_problem(
    state: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """KMS in a Region that is not enabled reports that it does not know the credentials."""
    cloud = state.cloud()
    real, unknown = cloud._clients.get, cloud._clients.as_user("AKIAQYLPMN5HEXAMPLE1", "not-a-secret")

    def get(service: str, *, region: str = "", writes: bool) -> Any:
        found = unknown.get if service == "iam" and writes else real
        return found(service, region=region, writes=writes)

    monkeypatch.setattr(cloud._clients, "get", get)
    ended = state.run(state.new_run(cloud))
    assert ended.problem.kind is Kind.CREDENTIALS
    assert len(state.asked) == RENEWALS
    assert ended.status is RunStatus.INCOMPLETE


def test_there_is_no_question_outside_of_a_step(state: Operator) -> None:
    cloud = state.cloud()
    state.expire()
    with pytest.raises(Problem) as caught:
        cloud.identify()
    assert caught.value.kind is Kind.CREDENTIALS


def test_clients_of_the_users_own_key_never_change_it(state: Operator) -> None:
    clients = state.cloud()._clients
    assert clients.reload_session is not None
    assert clients.as_user("AKIAQYLPMN5HEXAMPLE1", "not-a-secret").reload_session is None
