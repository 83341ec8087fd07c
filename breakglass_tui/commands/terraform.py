"""The plan as a Terraform file. By default it creates nothing that would put a cleartext secret into the state."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from breakglass_tui.commands import hcl
from breakglass_tui.commands.comments import command_comment, comment
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
"""Import blocks need Terraform 1.5 or newer."""
HEADER = """\
Create the emergency user {name} in account {account}, as breakglass-tui does.

A Terraform state contains the attributes of its resources. Anyone who can read the state can read them. By default \
this file therefore creates no password, no access key and no MFA device.
  pgp_key            If set, the password and the access key are created. The state contains them encrypted.
  mfa_seed_in_state  If true, the MFA device is created. The state contains its seed in cleartext.

What breakglass-tui does and this file does not:
  seal      It encrypts the secrets into envelopes. Seals of this request: {seals}.
  enrol     It enables the MFA device for the user, and checks that it is enabled.
  rollback  If a step fails, it removes everything that the run created. An interrupted run can be resumed.
  validate  It reads the resources back and tests the credentials. There is a report.

After terraform apply, validate the user:"""
PGP = (
    "PGP public key in base64, or keybase:NAME. It encrypts the password and the access key. "
    "If empty, neither is created."
)
SEED = "Create the MFA device. The state then contains its seed in cleartext."
LOGIN = "The state contains only the encrypted password. Decrypt it with your PGP key:"
KEY = "The state contains only the encrypted secret key. Decrypt it with your PGP key:"
DECRYPT = "terraform output -raw {output} | base64 --decode | gpg --decrypt"
DEVICE = """\
Terraform cannot enable this device, and it protects nothing until it is enabled. Run this command. Replace CODE1 and \
CODE2 with two consecutive codes of the device:"""
ROLE = """\
The role exists. Terraform imports it and replaces its whole trust policy. Nothing else of the role is changed.
prevent_destroy stops terraform destroy. Remove the role from the state first:"""
FORGET_ROLE = "terraform state rm aws_iam_role.assumed"
ENCRYPTED = {"count": 'var.pgp_key == "" ? 0 : 1'}
IGNORED = ("description", "force_detach_policies", "max_session_duration", "path", "permissions_boundary", "tags")
"""The arguments of a role except its trust policy (Terraform AWS provider, aws_iam_role)."""


def terraform(setup: Setup) -> str:
    """Return the file, with a final line break. Raise ``Problem`` if a document that it contains was not read."""
    ctx = script_context(setup)
    return "\n\n".join((_header(ctx), *_settings(ctx), *_credentials(ctx), *_grants(ctx))) + "\n"


def _header(ctx: ScriptContext) -> str:
    request = ctx.request
    seals = {"KMS": request.kms_key_id, "age": request.seal_to, "a passphrase": request.seal_passphrase}
    chosen = ", ".join(seal for seal, used in seals.items() if used) or "none"
    text = comment(HEADER.format(name=ctx.name, account=ctx.account_id, seals=chosen))
    validate = command_comment(f"breakglass-tui validate --user-name {ctx.name}")
    return f"{text}\n{validate}"


def _settings(ctx: ScriptContext) -> Iterator[str]:
    yield SETTINGS
    account = {"region": hcl.string(ctx.request.region), "allowed_account_ids": hcl.strings([ctx.account_id])}
    yield hcl.block('provider "aws"', account)
    yield _variable("pgp_key", "string", PGP, hcl.string(""))
    if ctx.request.mfa != "none":
        yield _variable("mfa_seed_in_state", "bool", SEED, "false")


def _credentials(ctx: ScriptContext) -> Iterator[str]:
    tags = {"tags": hcl.mapping(ctx.tags)}
    own = {"name": hcl.string(ctx.name), "path": hcl.string(ctx.request.path)}
    yield _resource("aws_iam_user", "break_glass", own, tags)
    if ctx.request.mfa != "none":
        device = {"virtual_mfa_device_name": hcl.string(ctx.device)}
        count = {"count": "var.mfa_seed_in_state ? 1 : 0"}
        resource = _resource("aws_iam_virtual_mfa_device", "break_glass", count, device, tags)
        yield f"{comment(DEVICE)}\n{command_comment(_enable_device(ctx))}\n{resource}"
    if ctx.request.console:
        reset, length = str(ctx.request.password_reset_required).lower(), str(ctx.password_length)
        login = {"user": USER, "pgp_key": "var.pgp_key", "password_length": length, "password_reset_required": reset}
        resource = _resource("aws_iam_user_login_profile", "break_glass", ENCRYPTED, login)
        yield f"{_decryption(LOGIN, 'encrypted_password')}\n{resource}"
        yield _output("encrypted_password", "aws_iam_user_login_profile.break_glass[*].encrypted_password")
    if ctx.request.programmatic:
        key = {"user": USER, "pgp_key": "var.pgp_key"}
        resource = _resource("aws_iam_access_key", "break_glass", ENCRYPTED, key)
        yield f"{_decryption(KEY, 'encrypted_secret')}\n{resource}"
        yield _output("encrypted_secret", "aws_iam_access_key.break_glass[*].encrypted_secret")


def _enable_device(ctx: ScriptContext) -> str:
    name, serial = shlex.quote(ctx.name), shlex.quote(ctx.serial)
    return (
        f"aws iam enable-mfa-device \\\n  --user-name {name} \\\n  --serial-number {serial} \\\n"
        "  --authentication-code1 CODE1 --authentication-code2 CODE2"
    )


def _decryption(text: str, output: str) -> str:
    return f"{comment(text)}\n{command_comment(DECRYPT.format(output=output))}"


def _grants(ctx: ScriptContext) -> Iterator[str]:
    """Yield the resources that grant permissions. They depend on all others."""
    after = {"depends_on": hcl.references(_credential_resources(ctx))}
    policy = {"name": hcl.string(INLINE_POLICY_NAME), "user": USER, "policy": hcl.document(ctx.policy)}
    yield _resource("aws_iam_user_policy", "administrator_access", policy, after)
    if ctx.request.groups:
        groups = {"user": USER, "groups": hcl.strings(ctx.request.groups)}
        yield _resource("aws_iam_user_group_membership", "break_glass", groups, after)
    if ctx.role is not None:
        yield from _role(ctx.role, after)


def _role(role: RoleChange, after: dict[str, str]) -> Iterator[str]:
    imported = hcl.block("import", {"to": "aws_iam_role.assumed", "id": hcl.string(role.name)})
    yield f"{comment(ROLE)}\n{command_comment(FORGET_ROLE)}\n{imported}"
    trust = {"name": hcl.string(role.name), "assume_role_policy": hcl.document(role.after)}
    lifecycle = hcl.block("lifecycle", {"prevent_destroy": "true"}, {"ignore_changes": hcl.references(IGNORED)})
    yield hcl.block('resource "aws_iam_role" "assumed"', trust, after, nested=[lifecycle])


def _credential_resources(ctx: ScriptContext) -> Iterator[str]:
    """Yield the resources that must exist before any permission is granted."""
    yield "aws_iam_user.break_glass"
    if ctx.request.mfa != "none":
        yield "aws_iam_virtual_mfa_device.break_glass"
    if ctx.request.console:
        yield "aws_iam_user_login_profile.break_glass"
    if ctx.request.programmatic:
        yield "aws_iam_access_key.break_glass"


def _resource(kind: str, label: str, *attributes: dict[str, str]) -> str:
    return hcl.block(f'resource "{kind}" "{label}"', *attributes)


def _variable(name: str, kind: str, description: str, default: str) -> str:
    attributes = {"description": hcl.string(description), "type": kind, "default": default}
    return hcl.block(f'variable "{name}"', attributes)


def _output(name: str, value: str) -> str:
    return hcl.block(f'output "{name}"', {"value": f"one({value})"})
