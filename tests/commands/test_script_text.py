"""The text of the script: its order, its syntax, and the limits that it names."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from fake_account import FakeCloud

from breakglass_tui.aws.steps.plan_builder import build_plan
from breakglass_tui.commands.comments import comment
from breakglass_tui.commands.script import TOGETHER, script
from breakglass_tui.commands.terraform import terraform
from breakglass_tui.domain.account import AccountList
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.problems import Problem

EVERYTHING = {
    "access": "both",
    "mfa": "authenticator",
    "require_mfa": True,
    "groups": ["emergency"],
    "role_arn": "arn:aws:iam::123456789012:role/EmergencyAdmin",
    "kms_key_id": "arn:aws:kms:eu-central-1:123456789012:key/00000007-aaaa-bbbb-cccc-000000000007",
    "seal_to": ["age1first", "ssh-ed25519 AAAA it's; me", "age1third"],
    "seal_threshold": 2,
    "seal_passphrase": True,
}
SEALED = {"access": "both", "mfa": "sealed", "seal_to": ["age1first"]}


def scripted(setup):
    return script(setup, build_plan(None, setup))


@pytest.mark.parametrize("fields", [{}, EVERYTHING, SEALED], ids=["least", "everything", "sealed"])
def test_bash_and_shellcheck_report_nothing(fake_setup, fields, tmp_path):
    cloud = FakeCloud()
    setup = fake_setup(cloud, **fields)
    file = tmp_path / "script.sh"
    file.write_text(scripted(setup))
    for command in (["bash", "-n"], [Path(sys.executable).parent / "shellcheck"]):
        checked = subprocess.run([*command, file], capture_output=True, text=True, timeout=60, check=False)
        assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_permissions_are_granted_last_and_secrets_are_sealed_where_a_run_seals_them(fake_setup):
    cloud = FakeCloud()
    text = scripted(fake_setup(cloud, **EVERYTHING))
    operations = [
        "create-user", "create-virtual-mfa-device", "mfa-seed.1+2.age", "enable-mfa-device", "password.passphrase.age",
        "create-login-profile", "create-access-key", "access-key.kms.json", "put-user-policy", "add-user-to-group",
    ]  # fmt: skip
    steps = text.split("# 1. ")[1]
    places = [steps.index(operation) for operation in (*operations[:-2],)]
    grants = [steps.index(f"aws iam {operation}") for operation in operations[-2:]]
    trust = steps.index("aws iam update-assume-role-policy")
    last_credential = max(places)
    assert places[0] == min(places)
    assert sorted(places[1:4]) == places[1:4]
    assert places[4] < places[5]
    assert places[6] < places[7]
    assert all(place > last_credential for place in (*grants, trust))
    assert "--region eu-central-1" in text


def test_layers_are_encrypted_in_order_and_any_two_of_three_custodians_have_a_file(fake_setup):
    cloud = FakeCloud()
    setup = fake_setup(cloud, seal_to=EVERYTHING["seal_to"], seal_threshold=2)
    text = scripted(setup)
    assert (
        "age --recipient age1first | age --armor --recipient 'ssh-ed25519 AAAA it'\"'\"'s; me' > "
        '"$out"/bg-script.password.1+2.age'
    ) in text.replace(" |\n  ", " | ")
    assert [line for line in text.splitlines() if line.startswith("#   bg-script.password.")] == [
        f"#   bg-script.password.{pair}.age" for pair in ("1+2", "1+3", "2+3")
    ]


def test_the_header_names_the_missing_features_and_the_cleartext_files(fake_setup):
    cloud = FakeCloud()
    setup = fake_setup(cloud)
    head = scripted(setup).split("set +axv")[0]
    for word in ("rollback", "journal", "tested", "NO SEAL was chosen", "validate --user-name bg-script"):
        assert word in head
    assert "NO SEAL" not in scripted(fake_setup(cloud, **SEALED))


def test_the_header_explains_the_numbers_of_the_recipients_in_a_file_name(fake_setup):
    cloud = FakeCloud()
    together = " ".join(line.removeprefix("# ") for line in comment(TOGETHER).splitlines())

    def head(**fields):
        text = scripted(fake_setup(cloud, **fields)).split("set +axv")[0]
        return " ".join(line.removeprefix("# ") for line in text.splitlines())

    assert together in head(seal_to=EVERYTHING["seal_to"], seal_threshold=2)
    assert together not in head(user_name="a+b", **SEALED)


@pytest.mark.parametrize(("make", "start"), [(script, "#!/usr/bin/env bash\n"), (terraform, "")])
@pytest.mark.parametrize(
    ("place", "first"),
    [
        (Place.DEMO, "# DEMO: This file is for a simulated account"),
        (Place.EMULATOR, "# EMULATOR: This file is not for AWS. All calls go to"),
        (Place.CUSTOM_ENDPOINT, "# CUSTOM ENDPOINT: All calls go to http://127.0.0.1:4566."),
        (Place.AWS, "# "),
    ],
)
def test_the_files_say_at_their_top_if_they_are_not_for_aws(fake_setup, make, start, place, first):
    setup = fake_setup(FakeCloud(), **SEALED)
    plan = replace(build_plan(None, setup), place=place, endpoint="http://127.0.0.1:4566")
    text = make(setup, plan)
    assert text.startswith(start + first)
    assert [mark for mark in ("DEMO:", "EMULATOR:", "CUSTOM ENDPOINT:") if mark in text] == (
        [] if place is Place.AWS else [f"{place.value}:"]
    )


def test_a_hostile_title_stays_in_its_comment(fake_setup, monkeypatch):
    cloud = FakeCloud()
    setup = fake_setup(cloud)
    plan = cloud.plan(setup)
    plan.steps[0].title = "x\nrm -rf /\r\x1b[2J"
    assert "\\nrm -rf /" in script(setup, plan)
    assert "\nrm -rf /" not in script(setup, plan)
    assert comment("a\rb\x1b[2J\u2028c") == "# a\\rb\\x1b[2J\\u2028c"


@pytest.mark.parametrize("lost", ["admin_policy", "roles"])
def test_a_document_that_was_not_read_raises_a_problem(fake_setup, lost):
    cloud = FakeCloud()
    gone = None if lost == "admin_policy" else AccountList(problem=Problem("Roles cannot be read."))
    setup = fake_setup(cloud, {lost: gone}, role_arn=EVERYTHING["role_arn"])
    for make in (lambda: scripted(setup), lambda: terraform(setup, build_plan(None, setup))):
        with pytest.raises(Problem) as raised:
            make()
        assert "could not be read" in raised.value.what
        assert raised.value.next
