"""The lasting password on the simulated account: sealed ahead, confirmed by AWS, and followed by proof and by undo."""

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


class CutError(Exception):
    """The process ends here."""


class Straight(AwsCloud):
    """Goes straight to the steps; an account that outlives the process, as a real one."""

    def preflight(self, setup):
        return ()


@pytest.fixture
def made(lab):
    """``made(**fields)``: a setup that was carried out, console with a temporary password."""
    lab.cloud = Straight(lab.clients, demo=False)

    def make(**fields):
        fields = {"access": "console", "seal_to": [str(IDENTITY.to_public())], **fields}
        setup = lab.setup(**fields)
        assert lab.run(setup, looked=True).record.status is e.RunStatus.DONE
        return setup

    return make


@pytest.fixture
def ceremony(lab):
    """``ceremony(setup, follow)``: carry it out as it stands in the journal; ``follow`` hears each piece of news."""

    def carry_out(setup, follow=lambda news, work: None):
        stored, told = lab.store.find(setup.run_id), []
        work = first_sign_in(lab.cloud, setup, stored, lab.store, lab.clock)

        def tell(news):
            told.append(news)
            follow(news, work)

        work.run(tell)
        return told

    return carry_out


def signs_in(demo, setup):
    """An operator who signs in when AWS was looked at, and gives AWS the sealed password."""

    def follow(news, work):
        if isinstance(news, PasswordChecked) and news.pending:
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


def test_after_it_the_verdict_is_ready_and_the_envelope_holds_what_aws_takes(lab, demo, made, ceremony):
    setup = made()
    before, checks = verdict(lab, setup)
    assert before.verdict is Verdict.NEEDS_CONTROL_PLANE
    assert "first sign-in" in " ".join(reason.clear for reason in before.reasons).lower()
    assert "f on the Validation screen" in checks["access"].clears
    told = ceremony(setup, signs_in(demo, setup))
    assert [news.pending for news in told if isinstance(news, PasswordChecked)] == [True, False]
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


def test_an_undo_afterwards_removes_user_and_new_envelopes(lab, demo, made, ceremony):
    setup = made(kms_key_id="alias/break-glass")
    ceremony(setup, signs_in(demo, setup))
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
        lambda news: isinstance(news, EnvelopeStarted) and news.path.endswith("age"),
        lambda news: isinstance(news, EnvelopeStarted) and news.path.endswith("kms.json"),
        lambda news: isinstance(news, e.PermanentPasswordSealed),
        lambda news: isinstance(news, PasswordChecked) and news.pending,
        lambda news: isinstance(news, PasswordChecked) and not news.pending,
        lambda news: isinstance(news, FirstSignInDone),
    ],
    ids=["first envelope", "second envelope", "sealed", "waiting", "confirmed", "recorded"],
)
def test_cut_off_anywhere_an_envelope_holds_the_password_and_another_process_goes_on(lab, demo, made, ceremony, cut_at):
    setup = made(kms_key_id="alias/break-glass")
    sign_in = signs_in(demo, setup)

    def cut(news, work):
        if cut_at(news):
            raise CutError
        sign_in(news, work)

    with pytest.raises(CutError):
        ceremony(setup, cut)
    assert password_of(demo, lab.name) in [opened(path) for path in lab.directory.glob("*.age")]
    stored = lab.store.find(setup.run_id)
    assert stored.finished
    if awaits_first_sign_in(stored.record):
        # Another process knows neither password: the operator opens the envelopes.
        again = resumed_setup(stored, lab.account)

        def opens_the_envelope(news, work):
            if isinstance(news, PasswordChecked) and news.pending:
                permanent = Secret(opened(lab.directory / f"{lab.name}.password.lasting.age"))
                demo.sign_in(lab.name, Secret(opened(lab.directory / f"{lab.name}.password.age")), permanent)
                work.check_now()

        ceremony(again, opens_the_envelope)
        assert lab.envelopes() == [f"{lab.name}.password.lasting.{kind}" for kind in ("age", "kms.json")]
    record = lab.store.find(setup.run_id).record
    assert record.signed_in_at is not None
    assert {opened(path) for path in lab.directory.glob("*lasting.age")} == {password_of(demo, lab.name)}
    assert verdict(lab, setup)[0].verdict is Verdict.READY
    assert undone(lab, setup)


def test_between_sealing_and_confirmation_both_envelopes_are_the_runs_and_the_verdict_says_so(
    lab, demo, made, ceremony
):
    setup = made()

    def leaves(news, work):
        if isinstance(news, PasswordChecked):
            signs_in(demo, setup)(news, work)
            work.stop()

    ceremony(setup, leaves)
    record = lab.store.find(setup.run_id).record
    assert len(record.envelopes) == 2
    ready, checks = verdict(lab, setup)
    assert checks["envelopes"].status is CheckStatus.PASS
    assert "f on the Validation screen" in " ".join(risk.clear for risk in ready.risks)
    assert "either of two envelopes" in " ".join(risk.text for risk in ready.risks)


def test_without_a_seal_it_waits_until_the_operator_has_stored_it(lab, demo, made, ceremony):
    setup, seen = made(seal_to=[]), []

    def stores(news, work):
        if isinstance(news, StoragePending):
            seen.append(work.permanent.reveal())
            work.confirm_stored()
        signs_in(demo, setup)(news, work)

    told = ceremony(setup, stores)
    assert [news.envelopes for news in told if isinstance(news, e.PermanentPasswordSealed)] == [()]
    assert seen == [password_of(demo, lab.name)]
    assert verdict(lab, setup)[0].verdict is Verdict.READY


def test_a_password_that_was_changed_without_it_is_said_to_be_and_nothing_is_sealed(lab, demo, made, ceremony):
    setup = made()
    known = lab.cloud.permanent_password(setup).temporary
    demo.sign_in(lab.name, known, Secret("By+hand/2026/without-a-seal"))
    with pytest.raises(Problem) as caught:
        ceremony(setup)
    assert caught.value.code == "ChangedAlready"
    assert lab.envelopes() == [f"{lab.name}.password.age"]


def test_a_user_made_anew_by_somebody_else_confirms_nothing(lab, demo, made, ceremony):
    setup = made()

    def replaced(news, work):
        if isinstance(news, PasswordChecked) and not news.problem:
            lab.iam.delete_login_profile(UserName=lab.name)
            lab.iam.delete_user_policy(UserName=lab.name, PolicyName="BreakGlassAdministratorAccess")
            lab.iam.delete_user(UserName=lab.name)
            lab.iam.create_user(UserName=lab.name)
            lab.iam.create_login_profile(UserName=lab.name, Password="Somebody+else/2026/x")
            work.check_now()
        elif isinstance(news, PasswordChecked):
            work.stop()

    told = ceremony(setup, replaced)
    assert told[-1].problem is not None
    assert lab.store.find(setup.run_id).record.signed_in_at is None
    lab.iam.delete_login_profile(UserName=lab.name)
    lab.iam.delete_user(UserName=lab.name)


def test_a_journal_that_cannot_be_written_seals_nothing(lab, made, ceremony, monkeypatch):
    setup = made()
    monkeypatch.setattr("breakglass_tui.engine.journal.os.fsync", _full)
    with pytest.raises(Problem) as caught:
        ceremony(setup)
    assert caught.value.code == "JournalUnwritable"
    assert lab.envelopes() == [f"{lab.name}.password.age"]


def _full(_):
    raise OSError(28, "No space left on device")


def test_the_cloud_of_a_real_account_has_nothing_to_practise_on(lab):
    assert AwsCloud(lab.clients, demo=False).practice is None
