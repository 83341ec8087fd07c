"""The Terraform program reads the file: its format, what is left to do, and a lifecycle that keeps the secrets.

The AWS provider comes from Terraform's own registry, which the tests do not use. The built-in terraform_data replaces
its resources.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess

import pytest
from fake_account import FakeCloud

from breakglass_tui.commands.script_context import script_context
from breakglass_tui.commands.terraform import terraform
from breakglass_tui.engine.plan import Plan

BLOCK = re.compile(r"^(?:variable|locals|output \"left_to_do\").*?^}", re.MULTILINE | re.DOTALL)
LIFECYCLE = re.compile(r"^  lifecycle .*?^  }", re.MULTILINE | re.DOTALL)
POLICY = """
output "policy" {
  value = var.require_mfa ? local.guarded : local.unguarded
}
"""
KEPT = """
resource "terraform_data" "login" {{
  count            = var.pgp_key == "" ? 0 : 1
  input            = var.require_mfa
  triggers_replace = [var.pgp_key]

{lifecycle}
}}
"""
ARGUMENTS = {"      password_reset_required,\n": "", "password_length": "input", "pgp_key": "triggers_replace"}
FIELDS = {"access": "both", "mfa": "sealed", "require_mfa": True, "seal_to": ["age1first"]}


@pytest.fixture
def run(tmp_path):
    """``run(*arguments)``: run terraform in an empty directory and return the process."""
    if shutil.which("terraform") is None:
        pytest.skip("there is no terraform on this machine")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "CHECKPOINT_DISABLE": "1"}

    def terraform_in(*arguments):
        command, where = ["terraform", *arguments], {"cwd": tmp_path, "env": environment}
        return subprocess.run(command, **where, capture_output=True, text=True, timeout=60, check=False)

    return terraform_in


def applied(run, **variables):
    """Apply with the variables and return the outputs."""
    done = run("apply", "-no-color", "-auto-approve", *(f"-var={name}={value}" for name, value in variables.items()))
    assert done.returncode == 0, done.stderr
    return {name: one["value"] for name, one in json.loads(run("output", "-json").stdout).items()}


@pytest.mark.parametrize("fields", [{}, {"access": "programmatic", "mfa": "authenticator"}, FIELDS])
def test_the_file_has_the_standard_format(run, tmp_path, fake_setup, fields):
    (tmp_path / "main.tf").write_text(terraform(fake_setup(FakeCloud(), **fields), Plan((), endpoint="http://[::1]:1")))
    checked = run("fmt", "-check", "-diff")
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stderr


def test_the_output_lists_what_is_left_to_do_and_the_variable_adds_the_guardrail(run, tmp_path, fake_setup):
    setup = fake_setup(FakeCloud(), **FIELDS)
    ctx, text = script_context(setup, Plan(())), terraform(setup, Plan(()))
    (tmp_path / "main.tf").write_text("\n\n".join(BLOCK.findall(text)) + POLICY)
    assert run("init").returncode == 0
    at_first = applied(run)
    assert json.loads(at_first["policy"]) == ctx.unguarded_policy
    assert [" ".join(line.split()[:3]) for line in at_first["left_to_do"]] == [
        "Set pgp_key and",
        "Create a virtual",
        "After the MFA",
        "Validate the user:",
    ]
    with_device = applied(run, pgp_key="key", mfa_seed_in_state="true")
    assert with_device["left_to_do"][0] == "Enable the MFA device with the command above its resource in this file."
    at_last = applied(run, pgp_key="key", mfa_seed_in_state="true", require_mfa="true")
    assert json.loads(at_last["policy"]) == ctx.policy
    assert at_last["left_to_do"] == ["Validate the user: breakglass-tui validate --user-name bg-script"]


@pytest.mark.parametrize("kept", [True, False])
def test_the_lifecycle_keeps_the_secret_if_an_argument_changes_or_a_variable_is_missing(
    run, tmp_path, fake_setup, kept
):
    text = terraform(fake_setup(FakeCloud(), **FIELDS), Plan(()))
    lifecycle = LIFECYCLE.search(text.split('resource "aws_iam_user_login_profile"')[1])[0] if kept else ""
    for ours, theirs in ARGUMENTS.items():
        lifecycle = lifecycle.replace(ours, theirs)
    (tmp_path / "main.tf").write_text("\n\n".join(BLOCK.findall(text)) + KEPT.format(lifecycle=lifecycle))
    assert run("init").returncode == 0
    applied(run, pgp_key="key")
    changed = run("plan", "-no-color", "-var=pgp_key=other", "-var=require_mfa=true")
    assert changed.returncode == 0
    assert ("must be replaced" in changed.stdout) is not kept
    without_key = run("plan", "-no-color", "-var=require_mfa=true")
    assert ("Instance cannot be destroyed" in without_key.stderr) is kept
    assert without_key.returncode == kept
