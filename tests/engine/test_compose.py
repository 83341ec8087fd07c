from __future__ import annotations

import re
from dataclasses import replace

import pytest

from breakglass_tui.domain.endpoints import Endpoint
from breakglass_tui.domain.events import EnvelopeInfo, RunFinished, RunResumed, RunStatus
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.request import parse_request
from breakglass_tui.engine.compose import new_name, new_run, new_setup, resumed_run, resumed_setup, subject_of
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import Vault


def test_a_blank_user_name_is_replaced_and_a_given_one_is_not(account, tmp_path, clock):
    blank, given = parse_request({"region": "eu-west-1"}), parse_request({"region": "eu-west-1", "user_name": "bg"})
    assert re.fullmatch(
        r"break-glass-20261122-[a-z2-9]{6}", new_setup(blank, account, tmp_path, clock=clock).request.user_name
    )
    assert new_setup(given, account, tmp_path).request.user_name == "bg"


def test_generated_names_and_run_ids_do_not_repeat(account, tmp_path, clock):
    request = parse_request({"region": "eu-west-1"})
    assert len({new_name(clock) for _ in range(200)}) == 200
    assert len({new_setup(request, account, tmp_path).run_id for _ in range(200)}) == 200


def test_the_run_has_its_header_and_the_validation_gets_its_ids(fake_cloud, fake_step, account, tmp_path, store, clock):
    facts = {"user_id": "AIDA1", "access_key_id": "AKIA1", "mfa_serial": "arn:mfa"}
    kept = (EnvelopeInfo("/e", ("password",), ("age",), "00"),)
    fake_cloud.steps = [fake_step("create-user", work=lambda context: StepOutcome(facts=facts, envelopes=kept))]
    vault = Vault()
    setup = new_setup(parse_request({"region": "eu-west-1"}), account, tmp_path, vault=vault)
    record = RunRecord()
    for event in new_run(fake_cloud, setup, store, clock).events():
        record.apply(event)
    assert isinstance(event, RunFinished)
    assert record.header.account_id == account.caller.account_id
    assert record.header.request["user_name"] == setup.request.user_name
    subject = subject_of(setup, record)
    assert (subject.user_id, subject.access_key_id, subject.mfa_serial) == ("AIDA1", "AKIA1", "arn:mfa")
    assert subject.vault is vault
    assert subject.envelopes == kept


@pytest.fixture
def interrupted(fake_cloud, fake_step, account, tmp_path, store, clock):
    """A run that another process left incomplete during its second step."""
    user, key = fake_step("create-user"), fake_step("access-key", frozenset({"create-user"}))
    fake_cloud.steps = [user, key]
    setup = new_setup(parse_request({"region": "eu-west-1", "user_name": "bg"}), account, tmp_path)

    def full(context):
        raise Problem("Your session has expired.", kind=Kind.CREDENTIALS)

    key.work = full
    list(new_run(fake_cloud, setup, store, clock).events())
    key.work = None
    for step in fake_cloud.steps:
        step.log.clear()
    (stored,) = store.unfinished()
    return stored


def test_a_run_of_another_process_is_resumed_under_its_own_id(interrupted, fake_cloud, account, store, clock):
    setup = resumed_setup(interrupted, account)
    assert (setup.run_id, setup.resumed, setup.request.user_name) == (interrupted.id, True, "bg")
    *_, last = resumed_run(fake_cloud, setup, interrupted, store, undo=False, clock=clock).events()
    assert last.status is RunStatus.DONE
    assert [step.log for step in fake_cloud.steps] == [[], ["apply access-key"]]
    assert store.unfinished() == ()


def test_in_a_new_simulated_account_every_step_runs_again(interrupted, fake_cloud, account, store, clock):
    fake_cloud.demo, later = True, RunStore(store.root)
    first, *_ = resumed_run(
        fake_cloud, resumed_setup(interrupted, account), interrupted, later, undo=False, clock=clock
    ).events()
    assert first.purpose == "anew"
    assert [step.log for step in fake_cloud.steps] == [["apply create-user"], ["apply access-key"]]


def test_a_run_in_an_existing_simulated_account_is_resumed(interrupted, fake_cloud, account, store, clock):
    fake_cloud.demo = True
    run = resumed_run(fake_cloud, resumed_setup(interrupted, account), interrupted, store, undo=False, clock=clock)
    first, *_, last = run.events()
    assert (first.purpose, last.status) == ("resume", RunStatus.DONE)
    assert [step.log for step in fake_cloud.steps] == [[], ["apply access-key"]]


@pytest.mark.parametrize("same_process", [False, True])
def test_an_undo_tells_whether_its_process_already_wrote_to_the_run(
    interrupted, fake_cloud, account, store, clock, same_process
):
    store = store if same_process else RunStore(store.root)
    setup = resumed_setup(interrupted, account)
    first, *_ = resumed_run(fake_cloud, setup, interrupted, store, undo=True, clock=clock).events()
    assert (first.purpose, first.same_process) == ("undo", same_process)


@pytest.mark.parametrize("demo", [False, True])
def test_a_run_whose_undo_was_stopped_can_only_be_undone(interrupted, fake_cloud, account, store, clock, demo):
    setup = resumed_setup(interrupted, account)
    undo = resumed_run(fake_cloud, setup, interrupted, store, undo=True, clock=clock)
    undo.stop("keep")
    list(undo.events())
    fake_cloud.demo = demo
    (stored,) = store.unfinished()
    first, *_, last = resumed_run(fake_cloud, setup, stored, store, undo=False, clock=clock).events()
    assert (first.purpose, last.status) == ("undo", RunStatus.UNDONE)


def test_credentials_of_another_account_are_refused(interrupted, account):
    other = replace(account, caller=replace(account.caller, account_id="999999999999"))
    with pytest.raises(Problem, match="999999999999") as caught:
        resumed_setup(interrupted, other)
    assert caught.value.kind is Kind.CREDENTIALS


EMULATOR = Endpoint("http://127.0.0.1:4566")


@pytest.mark.parametrize("undo", [False, True])
@pytest.mark.parametrize("emulated", [False, True])
def test_a_run_on_an_emulator_is_not_resumed_or_undone_on_aws_nor_the_reverse(
    interrupted, fake_cloud, account, store, clock, undo, emulated
):
    interrupted.record.header = replace(
        interrupted.record.header, endpoint=EMULATOR.url if emulated else "", emulator=emulated
    )
    fake_cloud.endpoint = None if emulated else EMULATOR
    with pytest.raises(Problem) as caught:
        resumed_run(fake_cloud, resumed_setup(interrupted, account), interrupted, store, undo=undo, clock=clock)
    assert caught.value.kind is Kind.USAGE
    assert ("--endpoint-url http://127.0.0.1:4566" if emulated else "without --endpoint-url") in caught.value.next
    assert all(step.log == [] for step in fake_cloud.steps if step.id != "create-user")


def test_an_emulator_that_was_started_again_on_another_port_has_its_runs(
    interrupted, fake_cloud, account, store, clock
):
    interrupted.record.header = replace(interrupted.record.header, endpoint=EMULATOR.url, emulator=True)
    fake_cloud.endpoint = Endpoint("http://127.0.0.1:4567")
    run = resumed_run(fake_cloud, resumed_setup(interrupted, account), interrupted, store, undo=False, clock=clock)
    *_, last = run.events()
    assert last.status is RunStatus.DONE


@pytest.mark.parametrize(
    ("endpoint", "recorded"),
    [
        (None, ("", False)),
        (EMULATOR, (EMULATOR.url, True)),
        (Endpoint("https://vpce.example.com", emulator=False), ("https://vpce.example.com", False)),
    ],
)
def test_the_endpoint_is_recorded(fake_cloud, account, store, tmp_path, clock, endpoint, recorded):
    fake_cloud.endpoint = endpoint
    setup = new_setup(parse_request({"region": "eu-west-1"}), account, tmp_path)
    first, *_ = new_run(fake_cloud, setup, store, clock).events()
    assert (first.header.endpoint, first.header.emulator) == recorded


def test_a_damaged_run_is_refused_with_its_reason(interrupted, account):
    damaged = replace(interrupted, problem=Problem("It cannot be used."))
    with pytest.raises(Problem, match="cannot be used"):
        resumed_setup(damaged, account)


@pytest.mark.parametrize("steps", [["create-user"], ["create-user", "access-key", "new-step"]])
def test_a_run_of_a_version_with_other_steps_is_not_resumed(
    interrupted, fake_cloud, fake_step, account, store, clock, steps
):
    fake_cloud.steps = [fake_step(id) for id in steps]
    with pytest.raises(Problem, match="version") as caught:
        resumed_run(fake_cloud, resumed_setup(interrupted, account), interrupted, store, undo=False, clock=clock)
    assert caught.value.code == "OtherVersion"


def test_an_undo_needs_only_the_steps_that_started(interrupted, fake_cloud, fake_step, account, store, clock):
    setup = resumed_setup(interrupted, account)
    fake_cloud.steps = [fake_step("create-user")]
    with pytest.raises(Problem, match="access-key"):
        resumed_run(fake_cloud, setup, interrupted, store, undo=True, clock=clock)
    fake_cloud.steps = [fake_step(id) for id in ("create-user", "access-key", "new-step")]
    *_, last = resumed_run(fake_cloud, setup, interrupted, store, undo=True, clock=clock).events()
    assert last.status is RunStatus.UNDONE
    assert fake_cloud.steps[2].log == []


def test_a_process_with_an_outdated_record_gets_busy(interrupted, fake_cloud, account, store, clock):
    setup = resumed_setup(interrupted, account)
    list(resumed_run(fake_cloud, setup, interrupted, store, undo=False, clock=clock).events())
    log = [list(step.log) for step in fake_cloud.steps]
    *_, last = resumed_run(fake_cloud, setup, interrupted, store, undo=True, clock=clock).events()
    assert last.problem.kind is Kind.BUSY
    assert [step.log for step in fake_cloud.steps] == log


def test_a_run_locked_by_another_process_is_busy_and_nothing_is_written(interrupted, fake_cloud, account, store, clock):
    setup = resumed_setup(interrupted, account)
    journal = store.root / "runs" / interrupted.id / "journal.jsonl"
    before = journal.read_bytes()
    with RunStore(store.root).claim(account.caller.account_id, "BG"):
        first, last = resumed_run(fake_cloud, setup, interrupted, store, undo=True, clock=clock).events()
    assert (type(first), last.problem.kind) == (RunResumed, Kind.BUSY)
    assert last.status is RunStatus.INCOMPLETE
    assert journal.read_bytes() == before


def test_no_run_starts_without_the_passphrase_of_its_seal(fake_cloud, account, store, tmp_path):
    request = parse_request({"region": "eu-west-1", "user_name": "bg", "seal_passphrase": True})
    setup = new_setup(request, account, tmp_path)
    with pytest.raises(Problem) as caught:
        new_run(fake_cloud, setup, store)
    assert "--passphrase-fd" in caught.value.next
    setup.vault.put(PASSPHRASE, Secret("words"))
    assert new_run(fake_cloud, setup, store)
