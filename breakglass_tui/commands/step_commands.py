"""The steps of a plan as shell commands, in the order in which a run makes its calls."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping

from breakglass_tui.commands.removal_messages import create_user_failed
from breakglass_tui.commands.script_context import ScriptContext
from breakglass_tui.commands.script_envelopes import SEED, seal_commands
from breakglass_tui.commands.shell_words import aws, compact_json, tag_list
from breakglass_tui.domain.policy import INLINE_POLICY_NAME

Lines = Iterator[str]

GENERATED_CODES = """\
  codes=$(codes < "$work/seed")"""
TYPED_CODES = """\
  log 'First code:'
  read -r first
  log 'Next code:'
  read -r next
  codes="$first $next\""""
SEED_INSTRUCTIONS = (
    'log "Add the seed in $work/seed to the authenticator app. The script deletes this file after the enrolment."',
    'log "To show the seed as a QR code, run this command in another terminal:"',
    """log "  sed 's,^,otpauth://totp/AWS?secret=,' $work/seed | qrencode -t ANSIUTF8\"""",
    "log 'Then type two consecutive codes.'",
)
ENROL = """\
for attempt in 1 2 3; do
{codes}
  {enable} \\
    --authentication-code1 "${{codes% *}}" --authentication-code2 "${{codes#* }}" && break
  [ "$attempt" -lt 3 ] || fail 'AWS did not accept the codes of the MFA device in 3 attempts.'
  log 'AWS did not accept the codes. {next}'{wait}
done
rm -f -- "$work/seed\""""


def create_user(ctx: ScriptContext) -> Lines:
    """Yield CreateUser, and the wait until IAM reports the user."""
    create = aws("iam", "create-user", user_name=ctx.name, path=ctx.request.path, tags=tag_list(ctx.tags))
    yield f"{create} > /dev/null ||\n  fail {shlex.quote(create_user_failed(ctx))}"
    yield "created=yes"
    yield aws("iam", "wait user-exists", user_name=ctx.name)


def mfa_device(ctx: ScriptContext) -> Lines:
    """Yield the creation of a virtual MFA device, the sealing of its seed, and the submission of two codes."""
    by_operator = ctx.request.mfa == "authenticator"
    create = aws("iam", "create-virtual-mfa-device", virtual_mfa_device_name=ctx.device, tags=tag_list(ctx.tags))
    yield f'{create} \\\n  --bootstrap-method Base32StringSeed --outfile "$work/seed" > /dev/null'
    if not by_operator or ctx.request.has_seal or ctx.request.seal_mfa_to:
        yield 'seed=$(cat "$work/seed")'
        yield from seal_commands(ctx, SEED, serial_number=ctx.serial, seed="$seed")
        yield "seed=''"
    if by_operator:
        yield from SEED_INSTRUCTIONS
    yield ENROL.format(
        codes=TYPED_CODES if by_operator else GENERATED_CODES,
        enable=aws("iam", "enable-mfa-device", user_name=ctx.name, serial_number=ctx.serial),
        next="Type two new codes." if by_operator else "Waiting for two new codes.",
        wait="" if by_operator else "\n  sleep 60",
    )


def login_profile(ctx: ScriptContext) -> Lines:
    """Yield a new password, its sealing, and CreateLoginProfile: the password is sealed before AWS receives it."""
    create = aws("iam", "create-login-profile", user_name=ctx.name)
    reset = "--password-reset-required" if ctx.request.password_reset_required else "--no-password-reset-required"
    yield "new_password"
    yield from seal_commands(ctx, "password", password="$password")  # noqa: S106 - the name of a shell variable
    yield f"printf '%s' \"$password\" |\n  {create} {reset} --password file:///dev/stdin > /dev/null"
    yield "password=''"


def access_key(ctx: ScriptContext) -> Lines:
    """Yield CreateAccessKey, and the sealing of the secret right after it."""
    create = aws("iam", "create-access-key", user_name=ctx.name)
    yield f"answer=$({create} \\\n  --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text)"
    yield "key_id=${answer%%$'\\t'*} secret=${answer#*$'\\t'} answer=''"
    yield from seal_commands(ctx, "access-key", access_key_id="$key_id", secret_access_key="$secret")  # noqa: S106 - as above
    yield "secret=''"


def inline_policy(ctx: ScriptContext) -> Lines:
    """Yield PutUserPolicy with the AdministratorAccess document as an inline policy."""
    document = compact_json(ctx.policy)
    put = aws("iam", "put-user-policy", user_name=ctx.name, policy_name=INLINE_POLICY_NAME, policy_document=document)
    yield f"retry {put}"


def group_membership(ctx: ScriptContext) -> Lines:
    """Yield one AddUserToGroup per group."""
    for group in ctx.request.groups:
        yield f"retry {aws('iam', 'add-user-to-group', user_name=ctx.name, group_name=group)}"


def role_trust(ctx: ScriptContext) -> Lines:
    """Yield UpdateAssumeRolePolicy with one more statement. The preflight checks compare the current trust policy."""
    assert ctx.role is not None
    document = compact_json(ctx.role.after)
    yield f"retry {aws('iam', 'update-assume-role-policy', role_name=ctx.role.name, policy_document=document)}"


STEPS: Mapping[str, Callable[[ScriptContext], Lines]] = {
    "create-user": create_user,
    "mfa-device": mfa_device,
    "login-profile": login_profile,
    "access-key": access_key,
    "inline-policy": inline_policy,
    "group-membership": group_membership,
    "role-trust": role_trust,
}
"""The commands by the published id of the step."""
