from __future__ import annotations

import re

from breakglass_tui.domain.events import RunFinished
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.request import parse_request
from breakglass_tui.engine.compose import new_name, new_run, new_setup, subject_of
from breakglass_tui.engine.plan import Outcome
from breakglass_tui.secrets.vault import Vault


def test_a_blank_user_name_is_filled_in_and_a_given_one_is_kept(account, tmp_path, clock):
    blank, given = parse_request({"region": "eu-west-1"}), parse_request({"region": "eu-west-1", "user_name": "bg"})
    assert re.fullmatch(
        r"break-glass-20261122-[a-z2-9]{6}", new_setup(blank, account, tmp_path, clock=clock).request.user_name
    )
    assert new_setup(given, account, tmp_path).request.user_name == "bg"


def test_generated_names_and_run_ids_do_not_repeat(account, tmp_path, clock):
    request = parse_request({"region": "eu-west-1"})
    assert len({new_name(clock) for _ in range(200)}) == 200
    assert len({new_setup(request, account, tmp_path).run_id for _ in range(200)}) == 200


def test_the_run_knows_who_where_and_what_and_validation_learns_its_ids(
    fake_cloud, fake_step, account, tmp_path, store, clock
):
    facts = {"user_id": "AIDA1", "access_key_id": "AKIA1", "mfa_serial": "arn:mfa"}
    fake_cloud.steps = [fake_step("create-user", work=lambda turn: Outcome(facts=facts))]
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
