"""Ours or theirs: what somebody else made is neither changed nor removed."""

from __future__ import annotations

from typing import Any

import pytest
from watching import at_step

from breakglass_tui.domain.events import RunStatus


def test_an_existing_user_of_the_same_name_is_a_conflict_and_left_alone(lab: Any) -> None:
    setup = lab.everything()

    def somebody_else() -> None:
        lab.iam.create_user(UserName=lab.name)
        lab.iam.create_access_key(UserName=lab.name)

    told = lab.run(setup, watch=at_step("create-user", somebody_else))
    assert told.record.problem.code == "EntityAlreadyExists"
    assert told.record.status is RunStatus.UNDONE
    assert len(lab.keys(lab.name)) == 1


def test_a_user_made_anew_by_somebody_else_is_not_touched_by_the_undo(lab: Any, spoil: Any) -> None:
    def swap() -> None:
        spoil("put_user_policy", code="AccessDenied")
        for key in lab.keys(lab.name):
            lab.iam.delete_access_key(UserName=lab.name, AccessKeyId=key)
        lab.iam.delete_user(UserName=lab.name)
        lab.iam.create_user(UserName=lab.name)
        lab.iam.create_access_key(UserName=lab.name)

    setup = lab.setup(access="programmatic", kms_key_id="alias/break-glass")
    told = lab.run(setup, watch=at_step("inline-policy", swap))

    assert told.record.status is RunStatus.UNDONE
    assert len(lab.keys(lab.name)) == 1


def test_a_user_whose_tag_was_taken_away_is_left_and_named(lab: Any, spoil: Any) -> None:
    def untag() -> None:
        spoil("put_user_policy", code="AccessDenied")
        lab.iam.untag_user(UserName=lab.name, TagKeys=["breakglass-tui:run-id"])

    told = lab.run(lab.setup(kms_key_id="alias/break-glass"), watch=at_step("inline-policy", untag))

    assert told.record.status is RunStatus.INCOMPLETE
    assert lab.exists(lab.name)
    assert "no longer carries this run's tag" in told.record.not_removed[-1].why


def test_a_key_that_somebody_else_made_meanwhile_stops_the_run_and_is_not_touched(
    lab: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, unmanaged = lab.clients.get("iam", region="eu-west-1", writes=True), []
    real = client.create_access_key

    def meanwhile(**parameters: Any) -> Any:
        unmanaged.append(lab.iam.create_access_key(UserName=lab.name)["AccessKey"]["AccessKeyId"])
        return real(**parameters)

    monkeypatch.setattr(client, "create_access_key", meanwhile)
    told = lab.run(lab.everything())
    assert told.record.problem.code == "ForeignAccessKey"
    assert lab.keys(lab.name) == unmanaged
    assert lab.iam.list_user_policies(UserName=lab.name)["PolicyNames"] == []
    assert told.record.status is RunStatus.INCOMPLETE
    assert any("delete-user" in problem.next for problem in told.record.not_removed)


def test_envelopes_of_another_run_are_neither_replaced_nor_removed(lab: Any) -> None:
    lab.directory.mkdir()
    others = {lab.directory / f"{lab.name}.{contents}.age" for contents in ("password", "access-key", "mfa-seed")}
    for path in others:
        path.write_text("of the same name in another account")

    told = lab.run(lab.everything())

    assert told.record.status is RunStatus.UNDONE
    assert "already" in told.record.problem.what
    assert not lab.exists(lab.name)
    assert {path.read_text() for path in others} == {"of the same name in another account"}
    assert set(lab.directory.iterdir()) == others
