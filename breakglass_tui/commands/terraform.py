"""The plan as a Terraform file. Whatever would put a secret into the state in the clear is left out by default."""

from __future__ import annotations

from collections.abc import Iterator

from breakglass_tui.commands import hcl
from breakglass_tui.commands.comments import comment
from breakglass_tui.commands.script_context import RoleChange, ScriptContext, script_context
from breakglass_tui.domain.policy import INLINE_POLICY_NAME
from breakglass_tui.engine.cloud import Setup

USER = "aws_iam_user.break_glass.name"
SETTINGS = """\
terraform {
  required_version = ">= 1.5.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0.0"
    }
  }
}"""
"""Import blocks came with Terraform 1.5."""
HEAD = """\
The emergency user {name} in account {account}, as breakglass-tui would make it.

A state holds what its resources know, and whoever reads the state reads that. So without pgp_key there is no \
password and no access key, and without mfa_seed_in_state no MFA device: the state would hold each in the clear.

What breakglass-tui does and this file does not:
  seal     Its secrets go into envelopes: {seals}.
  enrol    It makes an MFA device the user's own, and sees that it is.
  undo     When a step fails, everything that was made is removed again; a run that was cut off can be gone on with.
  prove    What was made is read back, and tried by use. There is a report.
Afterwards:  breakglass-tui validate --user-name {name}"""
PGP = (
    "A PGP public key in base64, or keybase:NAME, which password and access key are encrypted to; "
    "empty: neither is made."
)
SEED = "Make the MFA device, though its seed then lies in the state in the clear."
LOGIN = "The state holds encrypted_password only. Read it once:\n  terraform output -raw encrypted_password"
KEY = "The state holds encrypted_secret only. Read it once:\n  terraform output -raw encrypted_secret"
DEVICE = """\
Terraform cannot enrol it. Until somebody does, by hand, it protects nothing:
  aws iam enable-mfa-device --user-name NAME --serial-number ARN \\
    --authentication-code1 CODE --authentication-code2 NEXT"""
ROLE = """\
The role exists: it is imported, and nothing of it is changed but its trust policy, which is replaced as a whole. A \
destroy stops at it: take it out of the state first:
  terraform state rm aws_iam_role.assumed"""
ENCRYPTED = {"count": 'var.pgp_key == "" ? 0 : 1'}
UNTOUCHED = ("description", "force_detach_policies", "max_session_duration", "path", "permissions_boundary", "tags")
"""Everything of a role but its trust policy (Terraform AWS provider, aws_iam_role)."""


def terraform(setup: Setup) -> str:
    """The whole file, which ends with a line break. Raises ``Problem`` if it would have to guess a document."""
    m = script_context(setup)
    return "\n\n".join((_head(m), *_settings(m), *_credentials(m), *_grants(m))) + "\n"


def _head(m: ScriptContext) -> str:
    request = m.request
    ways = {"KMS": request.kms_key_id, "age": request.seal_to, "a passphrase": request.seal_passphrase}
    seals = ", ".join(way for way, chosen in ways.items() if chosen) or "none was chosen here"
    return comment(HEAD.format(name=m.name, account=m.account_id, seals=seals))


def _settings(m: ScriptContext) -> Iterator[str]:
    yield SETTINGS
    account = {"region": hcl.string(m.request.region), "allowed_account_ids": hcl.strings([m.account_id])}
    yield hcl.block('provider "aws"', account)
    yield _variable("pgp_key", "string", PGP, hcl.string(""))
    if m.request.mfa != "none":
        yield _variable("mfa_seed_in_state", "bool", SEED, "false")


def _credentials(m: ScriptContext) -> Iterator[str]:
    tags = {"tags": hcl.mapping(m.tags)}
    own = {"name": hcl.string(m.name), "path": hcl.string(m.request.path)}
    yield _resource("aws_iam_user", "break_glass", own, tags)
    if m.request.mfa != "none":
        device = {"virtual_mfa_device_name": hcl.string(m.device)}
        count = {"count": "var.mfa_seed_in_state ? 1 : 0"}
        made = _resource("aws_iam_virtual_mfa_device", "break_glass", count, device, tags)
        yield f"{comment(DEVICE)}\n{made}"
    if m.request.console:
        reset, length = str(m.request.password_reset_required).lower(), str(m.password_length)
        login = {"user": USER, "pgp_key": "var.pgp_key", "password_length": length, "password_reset_required": reset}
        yield f"{comment(LOGIN)}\n{_resource('aws_iam_user_login_profile', 'break_glass', ENCRYPTED, login)}"
        yield _output("encrypted_password", "aws_iam_user_login_profile.break_glass[*].encrypted_password")
    if m.request.programmatic:
        key = {"user": USER, "pgp_key": "var.pgp_key"}
        yield f"{comment(KEY)}\n{_resource('aws_iam_access_key', 'break_glass', ENCRYPTED, key)}"
        yield _output("encrypted_secret", "aws_iam_access_key.break_glass[*].encrypted_secret")


def _grants(m: ScriptContext) -> Iterator[str]:
    """What gives power, after everything else."""
    after = {"depends_on": hcl.references(_made(m))}
    policy = {"name": hcl.string(INLINE_POLICY_NAME), "user": USER, "policy": hcl.document(m.policy)}
    yield _resource("aws_iam_user_policy", "administrator_access", policy, after)
    if m.request.groups:
        groups = {"user": USER, "groups": hcl.strings(m.request.groups)}
        yield _resource("aws_iam_user_group_membership", "break_glass", groups, after)
    if m.role is not None:
        yield from _role(m.role, after)


def _role(role: RoleChange, after: dict[str, str]) -> Iterator[str]:
    imported = hcl.block("import", {"to": "aws_iam_role.assumed", "id": hcl.string(role.name)})
    yield f"{comment(ROLE)}\n{imported}"
    trust = {"name": hcl.string(role.name), "assume_role_policy": hcl.document(role.after)}
    kept = hcl.block("lifecycle", {"prevent_destroy": "true"}, {"ignore_changes": hcl.references(UNTOUCHED)})
    yield hcl.block('resource "aws_iam_role" "assumed"', trust, after, nested=[kept])


def _made(m: ScriptContext) -> Iterator[str]:
    """The resources that must be there before anything gives power."""
    yield "aws_iam_user.break_glass"
    if m.request.mfa != "none":
        yield "aws_iam_virtual_mfa_device.break_glass"
    if m.request.console:
        yield "aws_iam_user_login_profile.break_glass"
    if m.request.programmatic:
        yield "aws_iam_access_key.break_glass"


def _resource(kind: str, label: str, *attributes: dict[str, str]) -> str:
    return hcl.block(f'resource "{kind}" "{label}"', *attributes)


def _variable(name: str, kind: str, description: str, default: str) -> str:
    told = {"description": hcl.string(description), "type": kind, "default": default}
    return hcl.block(f'variable "{name}"', told)


def _output(name: str, value: str) -> str:
    return hcl.block(f'output "{name}"', {"value": f"one({value})"})
