"""The Terraform file: the names and documents of a run, and by default no secret in the state."""

from __future__ import annotations

import json
import re

import hcl2
import pytest
from fake_account import ADMIN, FakeCloud

from breakglass_tui.commands import hcl
from breakglass_tui.commands.script_context import script_context
from breakglass_tui.commands.terraform import terraform
from breakglass_tui.domain.policy import inline_document
from breakglass_tui.engine.plan import Plan

EVERYTHING = {
    "access": "both",
    "mfa": "sealed",
    "require_mfa": True,
    "groups": ["emergency", "developers"],
    "role_arn": "arn:aws:iam::123456789012:role/EmergencyAdmin",
    "path": '/${path}/%{if}"\\n/',
    "tags": {"team": "plätform", "a/b": "x=1"},
    "seal_to": ["age1first"],
}


def text_of(value):
    """Return the value that Terraform reads from a quoted string."""
    assert value.startswith('"'), value
    return json.loads(value).replace("$${", "${").replace("%%{", "%{")


def document_of(value):
    """Return the document that Terraform reads from a heredoc with JSON."""
    body = re.fullmatch(r'"?<<-JSON\n(.*)\n\s*JSON"?', value, re.DOTALL)
    assert body, value
    return json.loads(body[1].replace("$${", "${").replace("%%{", "%{"))


def parsed(text):
    """Return the parsed file, and its resources by their type."""
    found = hcl2.loads(text)
    resources = {}
    for one in found["resource"]:
        for kind, named in one.items():
            for values in named.values():
                resources[json.loads(kind)] = values
    return found, resources


def test_names_tags_documents_and_groups_are_those_of_a_run(fake_setup):
    setup = fake_setup(FakeCloud(), **EVERYTHING)
    ctx, (found, made) = script_context(setup, Plan(())), parsed(terraform(setup, Plan(())))
    user = made["aws_iam_user"]
    assert (text_of(user["name"]), text_of(user["path"])) == (ctx.name, EVERYTHING["path"])
    tags = {text_of(key): text_of(value) for key, value in user["tags"].items() if key.startswith('"')}
    assert tags == ctx.tags
    policy = made["aws_iam_user_policy"]
    assert text_of(policy["name"]) == "BreakGlassAdministratorAccess"
    (documents,) = found["locals"]
    assert document_of(documents["guarded"]) == ctx.policy == inline_document(ADMIN, require_mfa=True)
    assert document_of(documents["unguarded"]) == inline_document(ADMIN, require_mfa=False)
    assert [text_of(group) for group in made["aws_iam_user_group_membership"]["groups"]] == EVERYTHING["groups"]
    role = made["aws_iam_role"]
    assert document_of(role["assume_role_policy"]) == ctx.role.after
    assert role["lifecycle"][0]["prevent_destroy"] is True
    device = made["aws_iam_virtual_mfa_device"]
    assert text_of(device["virtual_mfa_device_name"]) == ctx.device
    login = made["aws_iam_user_login_profile"]
    assert (login["password_reset_required"], login["password_length"]) == (True, 24)


def test_by_default_no_secret_is_in_the_state(fake_setup):
    found, made = parsed(terraform(fake_setup(FakeCloud(), **EVERYTHING), Plan(())))
    defaults = {json.loads(name): one["default"] for part in found["variable"] for name, one in part.items()}
    assert defaults == {"pgp_key": '""', "mfa_seed_in_state": False, "require_mfa": False}
    for kind in ("aws_iam_user_login_profile", "aws_iam_access_key"):
        assert made[kind]["count"] == '${var.pgp_key == "" ? 0 : 1}'
        assert made[kind]["pgp_key"] == "${var.pgp_key}"
    assert made["aws_iam_virtual_mfa_device"]["count"] == "${var.mfa_seed_in_state ? 1 : 0}"


def test_permissions_depend_on_every_credential(fake_setup):
    _, made = parsed(terraform(fake_setup(FakeCloud(), **EVERYTHING), Plan(())))
    credentials = {"aws_iam_user", "aws_iam_virtual_mfa_device", "aws_iam_user_login_profile", "aws_iam_access_key"}
    for kind in ("aws_iam_user_policy", "aws_iam_user_group_membership", "aws_iam_role"):
        assert {one.strip("${}").split(".")[0] for one in made[kind]["depends_on"]} == credentials


def test_the_smallest_request_has_only_its_own_resources(fake_setup):
    setup = fake_setup(FakeCloud())
    found, made = parsed(terraform(setup, Plan(())))
    assert set(made) == {"aws_iam_user", "aws_iam_user_login_profile", "aws_iam_user_policy"}
    assert document_of(made["aws_iam_user_policy"]["policy"]) == script_context(setup, Plan(())).policy
    assert [json.loads(name) for part in found["variable"] for name in part] == ["pgp_key"]
    assert "locals" not in found


def test_no_plan_replaces_or_deletes_a_secret(fake_setup):
    found, made = parsed(terraform(fake_setup(FakeCloud(), **EVERYTHING), Plan(())))
    (settings,) = found["terraform"]
    assert settings["required_providers"][0]["aws"]["version"] == '">= 5.46.0"'
    kept = {
        kind: [one.strip("${}") for one in made[kind]["lifecycle"][0].get("ignore_changes", [])]
        for kind in ("aws_iam_user_login_profile", "aws_iam_access_key", "aws_iam_virtual_mfa_device")
        if made[kind]["lifecycle"][0]["prevent_destroy"] is True
    }
    assert kept == {
        "aws_iam_user_login_profile": ["password_reset_required", "password_length", "pgp_key"],
        "aws_iam_access_key": ["pgp_key"],
        "aws_iam_virtual_mfa_device": [],
    }


def test_the_guardrail_is_off_until_a_device_is_enabled_and_the_file_explains_it(fake_setup):
    text = terraform(fake_setup(FakeCloud(), **EVERYTHING), Plan(()))
    _, made = parsed(text)
    assert made["aws_iam_user_policy"]["policy"] == "${var.require_mfa ? local.guarded : local.unguarded}"
    comments = " ".join(line.removeprefix("# ") for line in text.splitlines() if line.startswith("#"))
    assert "without a device would be locked out" in comments


def test_the_file_has_the_endpoint_of_the_plan(fake_setup):
    url = 'http://127.0.0.1:5000/"${x}'
    setup = fake_setup(FakeCloud(), **EVERYTHING)
    found, _ = parsed(terraform(setup, Plan((), endpoint=url)))
    (endpoints,) = found["provider"][0]['"aws"']["endpoints"]
    assert {name: text_of(endpoints[name]) for name in ("iam", "sts")} == {"iam": url, "sts": url}
    assert "endpoints" not in terraform(setup, Plan(()))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('say "no"\\', '"say \\"no\\"\\\\"'),
        ("${x} %{y} $${z}", '"$${x} %%{y} $$${z}"'),
        ("a\nb\tü😀", '"a\\nb\\t\\u00fc\\U0001f600"'),
        ("a\x7f\x85\u2028", '"a\\u007f\\u0085\\u2028"'),
    ],
)
def test_a_string_stays_a_string(text, written):
    assert hcl.string(text) == written


def test_a_document_is_printable_ascii_and_keeps_its_characters():
    given = {"a": "\x7f\x85\u2028é"}
    written = hcl.document(given)
    assert document_of(written) == given
    assert written.replace("\n", "").isprintable()
    assert written.isascii()
