"""Whole runs through the fault proxy, each with the state of a new process: new clients, a new store, a journal."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import boto3
from fault_proxy import Fault, FaultProxy
from watched_account import WatchedAccount

from breakglass_tui.aws import assess
from breakglass_tui.aws.aws_cloud import AwsCloud
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain import events as e
from breakglass_tui.domain.account import Account
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.questions import SignIn
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.request import parse_request
from breakglass_tui.engine import step_context
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.cloud import Cloud, Setup
from breakglass_tui.engine.compose import new_run, new_setup, resumed_run, resumed_setup, subject_of
from breakglass_tui.engine.run import Run
from breakglass_tui.engine.run_store import RunStore

_numbers = itertools.count()
Armed = tuple[str, int, Fault]
"""An operation, the number of its call, and the fault of that call."""


class PatientClock(SystemClock):
    """A clock whose durations include skipped waits. The time of day is real, for the codes of MFA devices."""

    waited = 0.0

    def ticks(self) -> float:
        """Return monotonic seconds plus the skipped waits."""
        return super().ticks() + self.waited


@dataclass
class Bench:
    """The run of one test: a separate user and separate directories, in a shared account."""

    watched: WatchedAccount
    proxy: FaultProxy
    clock: PatientClock
    account: Account
    root: Path
    name: str = field(default_factory=lambda: f"bg-matrix-{next(_numbers)}")
    told: list[list[e.Event]] = field(default_factory=list)
    run_id: str = ""
    signs_in: bool = True

    @property
    def directory(self) -> Path:
        """The directory of the envelopes."""
        return self.root / "envelopes"

    def begin(
        self, *faults: Armed, looking: bool = False, once_begun: Callable[[], object] = lambda: None
    ) -> RunRecord:
        """Run the first process. Faults count from the first step, or with ``looking`` from the preflight checks on."""
        cloud = self.cloud()
        request = parse_request(self.watched.request(self.name))
        setup = new_setup(request, self.account, self.directory)
        setup.envelopes.require_writable()
        self.setup, self.run_id = setup, setup.run_id
        run = new_run(cloud, setup, self.store(), self.clock)
        return self._carried_out(run, faults, at=e.RunStarted if looking else e.StepStarted, then=once_begun)

    def again(self, *faults: Armed, undo: bool = False) -> RunRecord:
        """Resume the run in another process, or undo it."""
        cloud, store = self.cloud(), self.store()
        stored = store.find(self.run_id)
        run = resumed_run(cloud, self._setup_again(cloud, store, undo=undo), stored, store, undo=undo, clock=self.clock)
        return self._carried_out(run, faults, at=e.RunResumed, record=stored.record)

    def again_healed(self, *faults: Armed) -> RunRecord:
        """Resume the run in another process, after all faults except ``faults`` have ended."""
        self.proxy.heal()
        return self.again(*faults)

    def validate(self, *faults: Armed) -> dict[str, CheckResult]:
        """Validate the user of the first process, the way that process does."""
        for operation, nth, fault in faults:
            self.proxy.arm(operation, nth, fault)
        checks = self.cloud().checks(subject_of(self.setup, self.store().find(self.run_id).record))
        told = CheckRunner(checks, self.clock).events()
        return {event.result.id: event.result for event in told if isinstance(event, e.CheckFinished)}

    def cloud(self) -> Cloud:
        """Return the account through the proxy, with new clients.

        botocore's clients are in reference cycles. The tests collect these rarely, so the connections of the clients
        before would stay open.
        """
        gc.collect()
        session = self._signed_in()
        return AwsCloud(Clients(session, endpoint_url=self.proxy.url, reload_session=self._signed_in), demo=False)

    def store(self) -> RunStore:
        """Return a new store of the journals."""
        return RunStore(self.root / "state", self.clock)

    def whole(self) -> None:
        """Assert that the account has one of each resource."""
        self.watched.whole(self.name, self.run_id, self.directory)

    def nothing(self) -> None:
        """Assert that the account has no resource of the run."""
        self.watched.nothing(self.name, self.run_id, self.directory)

    def _signed_in(self) -> boto3.Session:
        demo = self.watched.demo
        session = boto3.Session(demo.access_key_id, demo.secret_access_key, region_name="eu-west-1")
        session.events.register("before-send", self.proxy.at_the_door)
        return session

    def _setup_again(self, cloud: Cloud, store: RunStore, *, undo: bool) -> Setup:
        stored, caller = store.find(self.run_id), cloud.identify()
        if undo:
            return resumed_setup(stored, Account(caller, "eu-west-1"))
        *_, account = cloud.assess("eu-west-1", caller)
        return resumed_setup(stored, account)

    def _carried_out(
        self,
        run: Run,
        faults: tuple[Armed, ...],
        *,
        at: type,
        record: RunRecord | None = None,
        then: Callable[[], object] = lambda: None,
    ) -> RunRecord:
        events: list[e.Event] = []
        self.told.append(events)
        record = record or RunRecord()
        armed = False
        for event in run.events():
            if isinstance(event, at) and not armed:
                armed = True
                self.proxy.seen.clear()
                for operation, nth, fault in faults:
                    self.proxy.arm(operation, nth, fault)
                then()
            events.append(event)
            record.apply(event)
            if isinstance(event, e.Asked):
                assert isinstance(event.question, SignIn), "everything is sealed: nothing else is to be asked"
                self._asked_to_sign_in(run, event.number)
        return record

    def _asked_to_sign_in(self, run: Run, number: int) -> None:
        if self.signs_in:
            self.proxy.renew()
            run.answer(number, answer=True)
        else:
            run.stop("keep")

    def story(self) -> str:
        """Return the events, for the message of a failed test."""
        lines = []
        for number, events in enumerate(self.told, start=1):
            lines.append(f"process {number}")
            lines += [f"  {_line(event)}" for event in events]
        return "\n".join(lines)


def patient(clock: PatientClock, proxy: FaultProxy) -> object:
    """A ``StepContext.wait`` that takes no time, and delivers late requests."""

    def wait(self: step_context.StepContext, seconds: float) -> None:
        clock.waited += seconds
        proxy.pass_time(clock.waited)
        if self.stopping:
            raise step_context.Stopped

    return wait


def looked_at(watched: WatchedAccount) -> Account:
    """Return the account as the assessment reads it."""
    clients = Clients(watched.session, endpoint_url=watched.endpoint)
    *_, account = assess.assess(clients, "eu-west-1", assess.identify(clients))
    return account


def _line(event: e.Event) -> str:
    name = type(event).__name__
    match event:
        case e.CallStarted(id=id, operation=operation, attempt=attempt):
            return f"{name} {id} {operation} {attempt}"
        case e.CallFinished(id=id, call=call):
            return f"{name} {id} {call.operation} {call.error or 'well'}{' LOST' if call.lost else ''}"
        case e.StepFinished(step=step, status=status, problem=problem):
            return f"{name} {step} {status} {problem or ''}"
        case e.StepUndone(step=step, left=left):
            return f"{name} {step} {left or ''}"
        case e.RunFinished(status=status, problem=problem):
            return f"{name} {status} {problem or ''}"
        case e.PreflightFinished(result=result):
            return f"{name} {result.id} {result.status} {result.found}"
        case _:
            return f"{name} {getattr(event, 'step', '')} {getattr(event, 'text', '')}".rstrip()
