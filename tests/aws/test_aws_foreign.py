"""Resources that this run did not create are neither changed nor removed."""

from __future__ import annotations

from typing import Any

import pytest
from watching import at_step

from breakglass_tui.domain.events import RunStatus


def test_an_existing_user_of_the_same_name_is_a_conflict_and_not_changed(lab: Any) -> None:
    setup = lab.everything()

    def create_user() -> None:
        lab.iam.create_user(UserName=lab.name)
        lab.iam.create_access_key(UserName=lab.name)

    outcome = lab.run(setup, watch=at_step("create-user", create_user))
    assert outcome.record.problem.code == "EntityAlreadyExists"
    assert outcome.record.status is RunStatus.UNDONE
    assert len(lab.keys(lab.name)) == 1


def test_a_user_that_someone_else_created_again_is_not_changed_by_the_undo(lab: Any, spoil: Any) -> None:
    def swap() -> None:
        spoil("put_user_policy", code="AccessDenied")
        for key in lab.keys(lab.name):
            lab.iam.delete_access_key(UserName=lab.name, AccessKeyId=key)
        lab.iam.delete_user(UserName=lab.name)
        lab.iam.create_user(UserName=lab.name)
        lab.iam.create_access_key(UserName=lab.name)

    setup = lab.setup(access="programmatic", kms_key_id="alias/break-glass")
    outcome = lab.run(setup, watch=at_step("inline-policy", swap))

    assert outcome.record.status is RunStatus.UNDONE
    assert len(lab.keys(lab.name)) == 1


def test_a_user_whose_tag_was_removed_is_kept_and_named(lab: Any, spoil: Any) -> None:
    def untag() -> None:
        spoil("put_user_policy", code="AccessDenied")
        lab.iam.untag_user(UserName=lab.name, TagKeys=["breakglass-tui:run-id"])

    outcome = lab.run(lab.setup(kms_key_id="alias/break-glass"), watch=at_step("inline-policy", untag))

    assert outcome.record.status is RunStatus.INCOMPLETE
    assert lab.exists(lab.name)
    assert "no longer has the tag of this run" in outcome.record.not_removed[-1].why


def test_a_key_that_someone_else_created_stops_the_run_and_is_not_changed(
    lab: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, unmanaged = lab.clients.get("iam", region="eu-west-1", writes=True), []
    real = client.create_access_key

    def meanwhile(**parameters: Any) -> Any:
        unmanaged.append(lab.iam.create_access_key(UserName=lab.name)["AccessKey"]["AccessKeyId"])
        return real(**parameters)

    monkeypatch.setattr(client, "create_access_key", meanwhile)
    outcome = lab.run(lab.everything())
    assert outcome.record.problem.code == "ForeignAccessKey"
    assert lab.keys(lab.name) == unmanaged
    assert lab.iam.list_user_policies(UserName=lab.name)["PolicyNames"] == []
    assert outcome.record.status is RunStatus.INCOMPLETE
    assert any("delete-user" in problem.next for problem in outcome.record.not_removed)


def test_envelopes_of_another_run_are_neither_replaced_nor_removed(lab: Any) -> None:
    lab.directory.mkdir()
    others = {lab.directory / f"{lab.name}.{contents}.age" for contents in ("password", "access-key", "mfa-seed")}
    for path in others:
        path.write_text("of the same name in another account")

    outcome = lab.run(lab.everything())

    assert outcome.record.status is RunStatus.UNDONE
    assert "already" in outcome.record.problem.what
    assert not lab.exists(lab.name)
    assert {path.read_text() for path in others} == {"of the same name in another account"}
    assert set(lab.directory.iterdir()) == others
