"""Values that an endpoint answers are data in the script, whatever they contain."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from dataclasses import replace

import pytest
from fake_account import ADMIN, CALLER, FakeCloud

from breakglass_tui.commands import script as script_module
from breakglass_tui.commands.script_context import RoleChange, script_context
from breakglass_tui.commands.terraform import terraform
from breakglass_tui.domain.account import AccountList
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.plan import Plan

ROLE = "arn:aws:iam::123456789012:role/EmergencyAdmin"
HOSTILE = """'$(touch gone1)`touch gone2`";touch gone3;'"$IFS\\ é"""
FIELDS = {"access": "both", "mfa": "sealed", "role_arn": ROLE, "kms_key_id": "alias/k", "seal_to": ["age1a", "age1b"]}
TOOLS = {
    "aws": """\
printf '%s\\n' "$@" >> calls
case "$1 $2" in
  'sts get-caller-identity') printf '%s' "$ACCOUNT" ;;
  'iam get-role') printf '%s' "$TRUST" ;;
  'iam create-virtual-mfa-device') printf 'JBSWY3DPEHPK3PXP' > "${!#}" ;;
  'iam create-access-key') printf 'AKIAEXAMPLE\\tsecret' ;;
  'kms encrypt') printf 'arn:key\\t%s' "$(base64 -w0)" ;;
  'kms decrypt') base64 -w0 ;;
  *) case "$*" in *file:///dev/stdin*) cat > /dev/null ;; esac ;;
esac""",
    "age": "cat",
}


@pytest.mark.parametrize("account_id", ["$(touch gone)", "12345678901", "123456789012\n", "１２３４５６７８９０１２"])
def test_an_account_id_that_aws_cannot_answer_raises_a_problem(fake_setup, account_id):
    cloud = FakeCloud()
    setup = fake_setup(cloud, {"caller": replace(CALLER, account_id=account_id)})
    for make in (lambda: script_module.script(setup, cloud.plan(setup)), lambda: terraform(setup, cloud.plan(setup))):
        with pytest.raises(Problem) as raised:
            make()
        assert "is not an account id" in raised.value.what
        assert raised.value.next


def test_the_name_of_the_role_is_that_of_the_request(fake_setup):
    cloud = FakeCloud()
    roles = AccountList(tuple(replace(role, name="$(touch gone)") for role in cloud.account.roles.items))
    setup = fake_setup(cloud, {"roles": roles}, role_arn=ROLE)
    for text in (script_module.script(setup, cloud.plan(setup)), terraform(setup, cloud.plan(setup))):
        assert "gone" not in text
        assert "EmergencyAdmin" in text


def test_commands_do_not_contain_a_changed_administrator_access(fake_setup):
    cloud = FakeCloud()
    deny = {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}
    changed = replace(ADMIN, document={**ADMIN.document, "Statement": [*ADMIN.document["Statement"], deny]})
    setup = fake_setup(cloud, {"admin_policy": changed})
    for make in (lambda: script_module.script(setup, cloud.plan(setup)), lambda: terraform(setup, cloud.plan(setup))):
        with pytest.raises(Problem) as raised:
            make()
        assert raised.value.code == "ChangedPolicy"
        assert "Deny iam:* on * takes permissions away" in raised.value.why


def test_every_value_is_quoted_even_if_all_other_checks_fail(fake_setup, monkeypatch, tmp_path):
    cloud = FakeCloud()
    setup = fake_setup(cloud, {}, **FIELDS)
    trust = {"Version": HOSTILE, "Statement": []}
    request = setup.request.model_copy(
        update={"user_name": HOSTILE, "path": HOSTILE, "groups": (HOSTILE,), "kms_key_id": HOSTILE, "region": HOSTILE}
        | {"seal_to": (HOSTILE, HOSTILE)}
    )
    values = {
        "account_id": HOSTILE,
        "run_id": HOSTILE,
        "device": HOSTILE,
        "serial": HOSTILE,
        "endpoint": HOSTILE,
        "request": request,
        "tags": {HOSTILE: HOSTILE},
        "policy": {"Version": HOSTILE},
        "unguarded_policy": {"Version": HOSTILE},
        "role": RoleChange(HOSTILE, trust, trust),
    }
    context = replace(script_context(setup, Plan(())), **values)
    monkeypatch.setattr(script_module, "script_context", lambda *_: context)
    (tmp_path / "script.sh").write_text(script_module.script(setup, cloud.plan(setup)))
    for name, body in TOOLS.items():
        (tmp_path / name).write_text(f"#!/bin/bash\n{body}\n")
        (tmp_path / name).chmod(0o755)
    environment = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "ACCOUNT": HOSTILE,
        "TRUST": json.dumps(trust, ensure_ascii=False),
    }
    ran = subprocess.run(
        ["bash", "script.sh"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert not list(tmp_path.glob("gone*"))
    calls = (tmp_path / "calls").read_text()
    assert calls.count(f"--endpoint-url\n{HOSTILE}\n") == calls.count("--endpoint-url\n") > 10
    assert json.loads((tmp_path / HOSTILE / f"{HOSTILE}.access-key.age").read_text())["account"] == HOSTILE
    last = shlex.split(ran.stderr.splitlines()[-1].split("validate the user: ")[1])
    assert last == ["breakglass-tui", "--endpoint-url", HOSTILE, "validate", "--user-name", HOSTILE]
