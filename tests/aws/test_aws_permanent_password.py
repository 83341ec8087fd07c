"""The permanent password on the simulated account: sealed first, confirmed by AWS, then validated and undone."""

from __future__ import annotations

import json

import pyrage
import pytest

from breakglass_tui.aws.aws_cloud import AwsCloud
from breakglass_tui.domain import events as e
from breakglass_tui.domain.checks import CheckStatus, Verdict, readiness
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.recovery_events import EnvelopeStarted, FirstSignInDone
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.engine.compose import resumed_run, resumed_setup, subject_of
from breakglass_tui.engine.first_sign_in import PasswordChecked, StoragePending, awaits_first_sign_in, first_sign_in
from breakglass_tui.secrets.secret import Secret

IDENTITY = pyrage.x25519.Identity.generate()


class KilledError(Exception):
    """The process ends here."""


class CloudWithoutPreflight(AwsCloud):
    """A cloud without preflight checks, whose account outlives the process like a real one."""

    def preflight(self, setup):
        return ()


@pytest.fixture
def created(lab):
    """``created(**fields)``: the setup of a finished run, for console access with a temporary password."""
    lab.cloud = CloudWithoutPreflight(lab.clients, demo=False)

    def make(**fields):
        fields = {"access": "console", "seal_to": [str(IDENTITY.to_public())], **fields}
        setup = lab.setup(**fields)
        assert lab.run(setup, with_preflight=True).record.status is e.RunStatus.DONE
        return setup

    return make


@pytest.fixture
def run_first_sign_in(lab):
    """``run_first_sign_in(setup, follow)``: run it from the journal, pass each event to ``follow``, and return all."""

    def run(setup, follow=lambda event, work: None):
        stored, seen = lab.store.find(setup.run_id), []
        work = first_sign_in(lab.cloud, setup, stored, lab.store, lab.clock)

        def collect(event):
            seen.append(event)
            follow(event, work)

        work.run(collect)
        return seen

    return run


def operator_of(demo, setup):
    """An operator who signs in after AWS was read, and sets the sealed password."""

    def follow(event, work):
        if isinstance(event, PasswordChecked) and event.pending:
            demo.sign_in(setup.request.user_name, work.temporary, work.permanent)
            work.check_now()

    return follow


def opened(path):
    return json.loads(pyrage.decrypt(path.read_bytes(), [IDENTITY]))["secret"]["password"]


def password_of(demo, name):
    return demo._server.run_locked(lambda world: world.iam.users[name].password)


def verdict(lab, setup):
    record = lab.store.find(setup.run_id).record
    checks = lab.cloud.checks(subject_of(setup, record))
    results = [event.result for event in CheckRunner(checks, lab.clock).events() if isinstance(event, e.CheckFinished)]
    return readiness(results), {result.id: result for result in results}


def test_after_it_the_verdict_is_ready_and_the_envelope_has_the_valid_password(lab, demo, created, run_first_sign_in):
    setup = created()
    before, checks = verdict(lab, setup)
    assert before.verdict is Verdict.NEEDS_CONTROL_PLANE
    assert [reason.check for reason in before.reasons] == ["access"]
    way = f"start the app with this command, press v, choose {lab.name}, then press f: breakglass-tui "
    assert way in before.reasons[0].clear
    assert way in checks["access"].clears
    seen = run_first_sign_in(setup, operator_of(demo, setup))
    assert [event.pending for event in seen if isinstance(event, PasswordChecked)] == [True, False]
    after, checks = verdict(lab, setup)
    assert after.verdict is Verdict.READY, after.reasons
    assert checks["access"].status is checks["last-use"].status is checks["envelopes"].status is CheckStatus.PASS
    assert lab.envelopes() == [f"{lab.name}.password.lasting.age"]
    assert opened(lab.directory / lab.envelopes()[0]) == password_of(demo, lab.name)
    record = lab.store.find(setup.run_id).record
    assert not awaits_first_sign_in(record)
    assert subject_of(setup, record).signed_in
    assert [envelope.path for envelope in record.envelopes] == [str(lab.directory / lab.envelopes()[0])]
    assert record.steps["login-profile"].envelopes == tuple(record.envelopes)
    assert record.envelopes[0].contents == ("password",)


def test_an_undo_afterwards_removes_user_and_new_envelopes(lab, demo, created, run_first_sign_in):
    setup = created(kms_key_id="alias/break-glass")
    run_first_sign_in(setup, operator_of(demo, setup))
    assert lab.envelopes() == [f"{lab.name}.password.lasting.{kind}" for kind in ("age", "kms.json")]
    assert undone(lab, setup)


def undone(lab, setup):
    stored = lab.store.find(setup.run_id)
    again = resumed_setup(stored, lab.account)
    *_, last = resumed_run(lab.cloud, again, stored, lab.store, undo=True, clock=lab.clock).events()
    assert last.status is e.RunStatus.UNDONE
    assert lab.store.find(setup.run_id).record.envelopes == []
    return lab.nothing_left()


@pytest.mark.parametrize(
    "cut_at",
    [
        lambda event: isinstance(event, EnvelopeStarted) and event.path.endswith("age"),
        lambda event: isinstance(event, EnvelopeStarted) and event.path.endswith("kms.json"),
        lambda event: isinstance(event, e.PermanentPasswordSealed),
        lambda event: isinstance(event, PasswordChecked) and event.pending,
        lambda event: isinstance(event, PasswordChecked) and not event.pending,
        lambda event: isinstance(event, FirstSignInDone),
    ],
    ids=["first envelope", "second envelope", "sealed", "waiting", "confirmed", "recorded"],
)
def test_interrupted_anywhere_an_envelope_has_the_password_and_another_process_continues(
    lab, demo, created, run_first_sign_in, cut_at
):
    setup = created(kms_key_id="alias/break-glass")
    sign_in = operator_of(demo, setup)

    def cut(event, work):
        if cut_at(event):
            raise KilledError
        sign_in(event, work)

    with pytest.raises(KilledError):
        run_first_sign_in(setup, cut)
    assert password_of(demo, lab.name) in [opened(path) for path in lab.directory.glob("*.age")]
    stored = lab.store.find(setup.run_id)
    assert stored.finished
    if awaits_first_sign_in(stored.record):
        # Another process knows neither password: the operator opens the envelopes.
        again = resumed_setup(stored, lab.account)

        def opens_the_envelope(event, work):
            if isinstance(event, PasswordChecked) and event.pending:
                permanent = Secret(opened(lab.directory / f"{lab.name}.password.lasting.age"))
                demo.sign_in(lab.name, Secret(opened(lab.directory / f"{lab.name}.password.age")), permanent)
                work.check_now()

        run_first_sign_in(again, opens_the_envelope)
        assert lab.envelopes() == [f"{lab.name}.password.lasting.{kind}" for kind in ("age", "kms.json")]
    record = lab.store.find(setup.run_id).record
    assert record.signed_in_at is not None
    assert {opened(path) for path in lab.directory.glob("*lasting.age")} == {password_of(demo, lab.name)}
    assert verdict(lab, setup)[0].verdict is Verdict.READY
    assert undone(lab, setup)


def test_between_sealing_and_confirmation_both_envelopes_are_of_the_run_and_in_the_verdict(
    lab, demo, created, run_first_sign_in
):
    setup = created()

    def leaves(event, work):
        if isinstance(event, PasswordChecked):
            operator_of(demo, setup)(event, work)
            work.stop()

    run_first_sign_in(setup, leaves)
    record = lab.store.find(setup.run_id).record
    assert len(record.envelopes) == 2
    ready, checks = verdict(lab, setup)
    assert checks["envelopes"].status is CheckStatus.PASS
    assert f"press v, choose {lab.name}, then press f: " in " ".join(risk.clear for risk in ready.risks)
    assert "in one of two envelopes" in " ".join(risk.text for risk in ready.risks)


def test_without_a_seal_it_waits_until_the_operator_has_stored_it(lab, demo, created, run_first_sign_in):
    setup, shown = created(seal_to=[]), []

    def stores(event, work):
        if isinstance(event, StoragePending):
            shown.append(work.permanent.reveal())
            work.confirm_stored()
        operator_of(demo, setup)(event, work)

    seen = run_first_sign_in(setup, stores)
    assert [event.envelopes for event in seen if isinstance(event, e.PermanentPasswordSealed)] == [()]
    assert shown == [password_of(demo, lab.name)]
    assert verdict(lab, setup)[0].verdict is Verdict.READY


def test_a_password_changed_elsewhere_is_reported_and_nothing_is_sealed(lab, demo, created, run_first_sign_in):
    setup = created()
    known = lab.cloud.permanent_password(setup).temporary
    demo.sign_in(lab.name, known, Secret("By+hand/2026/without-a-seal"))
    with pytest.raises(Problem) as caught:
        run_first_sign_in(setup)
    assert caught.value.code == "ChangedAlready"
    assert lab.envelopes() == [f"{lab.name}.password.age"]


def test_a_user_that_someone_else_created_again_confirms_nothing(lab, demo, created, run_first_sign_in):
    setup = created()

    def replaced(event, work):
        if isinstance(event, PasswordChecked) and not event.problem:
            lab.iam.delete_login_profile(UserName=lab.name)
            lab.iam.delete_user_policy(UserName=lab.name, PolicyName="BreakGlassAdministratorAccess")
            lab.iam.delete_user(UserName=lab.name)
            lab.iam.create_user(UserName=lab.name)
            lab.iam.create_login_profile(UserName=lab.name, Password="Somebody+else/2026/x")
            work.check_now()
        elif isinstance(event, PasswordChecked):
            work.stop()

    seen = run_first_sign_in(setup, replaced)
    assert seen[-1].problem is not None
    assert lab.store.find(setup.run_id).record.signed_in_at is None
    lab.iam.delete_login_profile(UserName=lab.name)
    lab.iam.delete_user(UserName=lab.name)


def test_a_journal_that_cannot_be_written_seals_nothing(lab, created, run_first_sign_in, monkeypatch):
    setup = created()
    monkeypatch.setattr("breakglass_tui.engine.journal.os.fsync", _full)
    with pytest.raises(Problem) as caught:
        run_first_sign_in(setup)
    assert caught.value.code == "JournalUnwritable"
    assert lab.envelopes() == [f"{lab.name}.password.age"]


def _full(_):
    raise OSError(28, "No space left on device")


def test_the_cloud_of_a_real_account_has_no_simulated_sign_in(lab):
    assert AwsCloud(lab.clients, demo=False).simulated_sign_in is None
