"""Validation of a user that an earlier run on this machine created: it is compared with that run."""

from __future__ import annotations

from dataclasses import replace

from breakglass_tui.domain import events as e
from breakglass_tui.domain.request import parse_request
from breakglass_tui.ui.widgets.user_facts import user_facts

KEPT = (e.EnvelopeInfo("/x/Alice.password.age", ("password",), ("age",), "00ff"),)


async def test_a_user_of_an_earlier_run_is_compared_with_it_unless_its_journal_is_damaged(
    fake_cloud, assessment, until, header, clock, monkeypatch
):
    subjects, checks = [], fake_cloud.checks
    monkeypatch.setattr(fake_cloud, "checks", lambda subject: subjects.append(subject) or checks(subject))
    of_run = replace(header, request=parse_request({"region": "eu-west-3", "user_name": "Alice"}).as_json())

    async def visited(app, name):
        before = app.session.user_validation
        app.users.validate(name)
        await until(
            lambda: app.session.user_validation not in (None, before) and not app.session.user_validation.unchecked,
            "the visit",
        )
        await until(lambda: app.session.user_validation.record.finished_at, "its end")

    async with assessment(fake_cloud) as pilot:
        app = pilot.app
        with app.session.journals.store.open_journal(of_run) as journal:
            journal.write(e.RunStarted(clock.now(), of_run, (e.StepBrief("create-user", "User"),)))
            facts = {"user_id": "AIDA1"}
            journal.write(e.StepFinished(clock.now(), "create-user", e.StepStatus.DONE, 1, "", facts, KEPT))
            journal.write(e.RunFinished(clock.now(), e.RunStatus.DONE))
        await visited(app, "Alice")
        (subject,) = subjects
        assert (subject.request.region, subject.user_id, subject.envelopes) == ("eu-west-3", "AIDA1", KEPT)
        assert app.session.user_validation.record.header.request == subject.request.as_json()
        told = "\n".join(part.body.plain for part in user_facts(app.session.user_validation))
        assert "/x/Alice.password.age" in told
        assert any("compared with run 00aa11bb22cc33dd of 2026-11-22" in n.message for n in app._notifications)
        path = app.session.journals.store.root / "runs" / header.id / "journal.jsonl"
        path.write_bytes(path.read_bytes().replace(b"AIDA1", b"AIDA2"))
        await visited(app, "bob")
        assert not any("run" in n.message for n in app._notifications)
        await visited(app, "Alice")
        assert subjects[-1].request is None
        assert any("The validation continues without it." in n.message for n in app._notifications)
