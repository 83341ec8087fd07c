"""The plan as a Terraform file. By default it creates no resource whose secret would be in the state in cleartext."""

from __future__ import annotations

from collections.abc import Iterator

from breakglass_tui.commands import hcl
from breakglass_tui.commands import terraform_texts as texts
from breakglass_tui.commands.comments import command_comment, comment
from breakglass_tui.commands.script_context import RoleChange, ScriptContext, script_context
from breakglass_tui.domain.policy import INLINE_POLICY_NAME
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.plan import Plan

USER = "aws_iam_user.break_glass.name"
SETTINGS = """\
terraform {
  required_version = ">= 1.5.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.46.0"
    }
  }
}"""
"""The versions of Terraform and of the AWS provider. Import blocks need Terraform 1.5.

An older provider would replace the login profile after the first sign-in, and the password would be lost. It reads that
AWS no longer requires a reset, and a change of that argument forces a new resource. Source: changelog of the provider,
5.46.0 (April 18, 2024), aws_iam_user_login_profile, pull request 36926.
"""
LOGIN_ARGUMENTS = ("password_reset_required", "password_length", "pgp_key")
"""The arguments of a login profile whose change replaces it (provider, pull request 36926).

Read were the bindings that are generated from the schemas of provider 5.45.0 and 6.25.0. Both have these arguments.
"""
KEY_ARGUMENTS = ("pgp_key",)
"""The arguments of an access key whose change replaces it, from the same bindings."""
ROLE_ARGUMENTS = (
    "description",
    "force_detach_policies",
    "max_session_duration",
    "path",
    "permissions_boundary",
    "tags",
)
"""The arguments of a role that Terraform must not change: all but its trust policy (AWS provider, aws_iam_role)."""
FORGET_ROLE = "terraform state rm aws_iam_role.assumed"
ENCRYPTED = {"count": 'var.pgp_key == "" ? 0 : 1'}


def terraform(setup: Setup, plan: Plan) -> str:
    """Return the Terraform file with a final line break.

    Raises ``Problem`` if a policy document that it contains was not read.
    """
    ctx = script_context(setup, plan)
    return "\n\n".join((_header(ctx), *_settings(ctx), *_credentials(ctx), *_grants(ctx), _left_to_do(ctx))) + "\n"


def _header(ctx: ScriptContext) -> str:
    request = ctx.request
    seals = {"KMS": request.kms_key_id, "age": request.seal_to, "a passphrase": request.seal_passphrase}
    chosen = ", ".join(seal for seal, used in seals.items() if used) or "none"
    variables = {name: text for name, text in texts.VARIABLES.items() if name in _variables(ctx)}
    width = max(map(len, variables))
    listed = "\n".join(f"  {name:<{width}}  {text}" for name, text in variables.items())
    text = texts.HEADER.format(name=ctx.name, account=ctx.account_id, seals=chosen, variables=listed)
    return "\n".join((*ctx.place_lines, comment(text), command_comment(ctx.validate_command)))


def _settings(ctx: ScriptContext) -> Iterator[str]:
    yield SETTINGS
    account = {"region": hcl.string(ctx.request.region), "allowed_account_ids": hcl.strings([ctx.account_id])}
    url = hcl.string(ctx.endpoint or "")
    endpoints = [hcl.block("endpoints", {"iam": url, "sts": url})] if ctx.endpoint else []
    yield hcl.block('provider "aws"', account, nested=endpoints)
    yield from _variables(ctx).values()


def _variables(ctx: ScriptContext) -> dict[str, str]:
    """Return the variable blocks that the file needs, by name and in the order of the file."""
    needed = {
        "pgp_key": _variable("pgp_key", "string", texts.PGP, hcl.string("")),
        "mfa_seed_in_state": _variable("mfa_seed_in_state", "bool", texts.SEED, "false"),
        "require_mfa": _variable("require_mfa", "bool", texts.REQUIRE_MFA, "false"),
    }
    unused = {"mfa_seed_in_state": ctx.request.mfa == "none", "require_mfa": not ctx.request.require_mfa}
    return {name: text for name, text in needed.items() if not unused.get(name)}


def _credentials(ctx: ScriptContext) -> Iterator[str]:
    tags = {"tags": hcl.mapping(ctx.tags)}
    own = {"name": hcl.string(ctx.name), "path": hcl.string(ctx.request.path)}
    yield _resource("aws_iam_user", "break_glass", own, tags)
    if ctx.request.mfa != "none":
        device = {"virtual_mfa_device_name": hcl.string(ctx.device)}
        count = {"count": "var.mfa_seed_in_state ? 1 : 0"}
        kept = _kept(texts.KEEP_DEVICE)
        resource = _resource("aws_iam_virtual_mfa_device", "break_glass", count, device, tags, lifecycle=kept)
        yield f"{comment(texts.DEVICE)}\n{command_comment(_enable_device(ctx))}\n{resource}"
    if ctx.request.console:
        reset, length = str(ctx.request.password_reset_required).lower(), str(ctx.password_length)
        login = {"user": USER, "pgp_key": "var.pgp_key", "password_length": length, "password_reset_required": reset}
        kept = _kept(texts.KEEP, LOGIN_ARGUMENTS)
        resource = _resource("aws_iam_user_login_profile", "break_glass", ENCRYPTED, login, lifecycle=kept)
        yield f"{_decryption(texts.LOGIN, 'encrypted_password')}\n{resource}"
        yield _output("encrypted_password", "aws_iam_user_login_profile.break_glass[*].encrypted_password")
    if ctx.request.programmatic:
        key = {"user": USER, "pgp_key": "var.pgp_key"}
        kept = _kept(texts.KEEP, KEY_ARGUMENTS)
        resource = _resource("aws_iam_access_key", "break_glass", ENCRYPTED, key, lifecycle=kept)
        yield f"{_decryption(texts.KEY, 'encrypted_secret')}\n{resource}"
        yield _output("encrypted_secret", "aws_iam_access_key.break_glass[*].encrypted_secret")


def _enable_device(ctx: ScriptContext) -> str:
    enable = ctx.aws("iam", "enable-mfa-device", user_name=ctx.name, serial_number=ctx.serial)
    return f"{enable} \\\n  --authentication-code1 CODE1 --authentication-code2 CODE2"


def _decryption(text: str, output: str) -> str:
    return f"{comment(text)}\n{command_comment(texts.DECRYPT.format(output=output))}"


def _grants(ctx: ScriptContext) -> Iterator[str]:
    """Yield the resources that grant permissions. They depend on all others."""
    after = {"depends_on": hcl.references(_credential_resources(ctx))}
    document = hcl.document(ctx.unguarded_policy)
    if ctx.request.require_mfa:
        guarded = hcl.document(ctx.policy)
        yield f"{comment(texts.GUARDRAIL)}\n{hcl.block('locals', {'unguarded': document}, {'guarded': guarded})}"
        document = "var.require_mfa ? local.guarded : local.unguarded"
    policy = {"name": hcl.string(INLINE_POLICY_NAME), "user": USER, "policy": document}
    yield _resource("aws_iam_user_policy", "administrator_access", policy, after)
    if ctx.request.groups:
        groups = {"user": USER, "groups": hcl.strings(ctx.request.groups)}
        yield _resource("aws_iam_user_group_membership", "break_glass", groups, after)
    if ctx.role is not None:
        yield from _role(ctx.role, after)


def _role(role: RoleChange, after: dict[str, str]) -> Iterator[str]:
    imported = hcl.block("import", {"to": "aws_iam_role.assumed", "id": hcl.string(role.name)})
    yield f"{comment(texts.ROLE)}\n{command_comment(FORGET_ROLE)}\n{imported}"
    trust = {"name": hcl.string(role.name), "assume_role_policy": hcl.document(role.after)}
    yield _resource("aws_iam_role", "assumed", trust, after, lifecycle=_lifecycle(ROLE_ARGUMENTS))


def _left_to_do(ctx: ScriptContext) -> str:
    """Return the output block that lists what Terraform cannot do, and what a variable still turns off."""
    secrets = {"password": ctx.request.console, "access key": ctx.request.programmatic}
    missing = " and ".join(f"no {secret}" for secret, requested in secrets.items() if requested)
    items = [_unless('var.pgp_key != ""', texts.CREATE_CREDENTIALS.format(missing=missing))]
    if ctx.request.mfa != "none":
        device = f"var.mfa_seed_in_state ? {_item(texts.ENABLE_DEVICE)} : {_item(texts.CREATE_DEVICE)}"
        items.append(f"var.require_mfa ? [] : ({device})" if ctx.request.require_mfa else device)
    if ctx.request.require_mfa:
        items.append(_unless("var.require_mfa", texts.SWITCH_ON))
    items.append(_item(texts.VALIDATE.format(command=ctx.validate_command)))
    value = "\n".join(("concat(", *(f"    {item}," for item in items), "  )"))
    return hcl.block('output "left_to_do"', {"description": hcl.string(texts.LEFT_TO_DO)}, {"value": value})


def _item(text: str) -> str:
    return hcl.strings([text])


def _unless(condition: str, text: str) -> str:
    return f"{condition} ? [] : {_item(text)}"


def _credential_resources(ctx: ScriptContext) -> Iterator[str]:
    """Yield the addresses of the resources that must exist before any permission is granted."""
    yield "aws_iam_user.break_glass"
    if ctx.request.mfa != "none":
        yield "aws_iam_virtual_mfa_device.break_glass"
    if ctx.request.console:
        yield "aws_iam_user_login_profile.break_glass"
    if ctx.request.programmatic:
        yield "aws_iam_access_key.break_glass"


def _resource(kind: str, label: str, *attributes: dict[str, str], lifecycle: str = "") -> str:
    return hcl.block(f'resource "{kind}" "{label}"', *attributes, nested=[lifecycle] if lifecycle else [])


def _kept(reason: str, ignored: tuple[str, ...] = ()) -> str:
    return f"{comment(reason)}\n{_lifecycle(ignored)}"


def _lifecycle(ignored: tuple[str, ...]) -> str:
    """Return a lifecycle block that prevents the deletion of the resource, and changes of the ``ignored`` arguments."""
    changes = {"ignore_changes": hcl.references(ignored)} if ignored else {}
    return hcl.block("lifecycle", {"prevent_destroy": "true"}, changes)


def _variable(name: str, kind: str, description: str, default: str) -> str:
    attributes = {"description": hcl.string(description), "type": kind, "default": default}
    return hcl.block(f'variable "{name}"', attributes)


def _output(name: str, value: str) -> str:
    return hcl.block(f'output "{name}"', {"value": f"one({value})"})
