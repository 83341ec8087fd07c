"""The steps of a plan as shell commands, in the order in which a run makes its calls."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping

from breakglass_tui.commands.removal_messages import create_user_failed
from breakglass_tui.commands.script_context import ScriptContext
from breakglass_tui.commands.script_envelopes import SEED, seal_commands
from breakglass_tui.commands.script_functions import NOT_VISIBLE_YET, PRINCIPAL_NOT_VISIBLE_YET
from breakglass_tui.commands.shell_words import REPEATABLE, compact_json, indented, tag_list
from breakglass_tui.domain.policy import INLINE_POLICY_NAME

Lines = Iterator[str]

MINUTE = 12
"""The number of retries in a minute, for which a new user may not be visible. ``retry`` waits 5 seconds before each."""
TEN_SECONDS = 2
"""The number of retries in ten seconds. Codes that the operator types are not valid for much longer."""

GENERATED_CODES = """\
  codes=$(codes < "$work/seed") || return
"""
TYPED_CODES = """\
  read_code 'First code, six digits:'
  codes=$code
  read_code 'Next code, six digits:'
  codes+=" $code"
"""
SEED_INSTRUCTIONS = (
    'log "Add the seed in $work/seed to the authenticator app. The script deletes this file after the enrolment."',
    'log "To show the seed as a QR code, run this command in another terminal:"',
    """log "  sed 's,^,otpauth://totp/AWS?secret=,' $(printf '%q' "$work/seed") | qrencode -t ANSIUTF8\"""",
    "log 'Then type two consecutive codes.'",
)
ENROL = """\
enable_device() {{
{generated}  {enable} \\
    --authentication-code1 "${{codes% *}}" --authentication-code2 "${{codes#* }}"
}}
for attempt in 1 2 3; do
{typed}  if retry {retries} '{codes}' enable_device; then break; fi
  case $error in
    InvalidAuthenticationCode|{codes}) ;;
    *) fail 'AWS did not enable the MFA device, or its answer was lost.' ;;
  esac
  [ "$attempt" -lt 3 ] || fail 'AWS did not accept the codes of the MFA device in 3 attempts.'
  log 'AWS did not accept the codes. {next}'{wait}
done
rm -f -- "$work/seed\""""
CREATE_LOGIN_PROFILE = """\
create_login_profile() {{
  printf '%s' "$password" |
    {create} \\
      {reset} --password file:///dev/stdin > /dev/null
}}"""


def create_user(ctx: ScriptContext) -> Lines:
    """Yield the shell lines of CreateUser, and of the wait until IAM shows the user."""
    create = ctx.aws("iam", "create-user", user_name=ctx.name, path=ctx.request.path, tags=tag_list(ctx.tags))
    yield f"{create} > /dev/null ||\n  fail {shlex.quote(create_user_failed(ctx))}"
    yield "created=yes"
    yield f"{REPEATABLE} {ctx.aws('iam', 'wait user-exists', user_name=ctx.name)}"


def mfa_device(ctx: ScriptContext) -> Lines:
    """Yield the shell lines that create a virtual MFA device, seal its seed, and submit two codes."""
    by_operator = ctx.request.mfa == "authenticator"
    create = ctx.aws("iam", "create-virtual-mfa-device", virtual_mfa_device_name=ctx.device, tags=tag_list(ctx.tags))
    yield f'{create} \\\n  --bootstrap-method Base32StringSeed --outfile "$work/seed" > /dev/null'
    if not by_operator or ctx.request.has_seal or ctx.request.seal_mfa_to:
        yield 'seed=$(cat "$work/seed")'
        yield from seal_commands(ctx, SEED, serial_number=ctx.serial, seed="$seed")
        yield "seed=''"
    if by_operator:
        yield from SEED_INSTRUCTIONS
    yield ENROL.format(
        generated="" if by_operator else GENERATED_CODES,
        typed=TYPED_CODES if by_operator else "",
        enable=indented(ctx.aws("iam", "enable-mfa-device", user_name=ctx.name, serial_number=ctx.serial)),
        retries=TEN_SECONDS if by_operator else MINUTE,
        codes=NOT_VISIBLE_YET,
        next="Type two new codes." if by_operator else "Waiting for two new codes.",
        wait="" if by_operator else "\n  sleep 60",
    )


def login_profile(ctx: ScriptContext) -> Lines:
    """Yield the shell lines that generate a password, seal it, and create the login profile.

    The password is sealed before it is sent to AWS, so that a lost answer does not lose it.
    """
    reset = "--password-reset-required" if ctx.request.password_reset_required else "--no-password-reset-required"
    create = indented(ctx.aws("iam", "create-login-profile", user_name=ctx.name))
    yield "new_password"
    yield from seal_commands(ctx, "password", password="$password")  # noqa: S106 - the name of a shell variable
    yield CREATE_LOGIN_PROFILE.format(create=create, reset=reset)
    yield _retry(NOT_VISIBLE_YET, "create_login_profile")
    yield "password=''"


def access_key(ctx: ScriptContext) -> Lines:
    """Yield the shell lines that create an access key and seal its secret at once."""
    create = _retry(NOT_VISIBLE_YET, ctx.aws("iam", "create-access-key", user_name=ctx.name))
    yield f"answer=$({create} \\\n  --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text)"
    yield "key_id=${answer%%$'\\t'*} secret=${answer#*$'\\t'} answer=''"
    yield from seal_commands(ctx, "access-key", access_key_id="$key_id", secret_access_key="$secret")  # noqa: S106 - as above
    yield "secret=''"


def inline_policy(ctx: ScriptContext) -> Lines:
    """Yield the shell line of PutUserPolicy with the document of AdministratorAccess."""
    document = compact_json(ctx.policy)
    put = ctx.aws(
        "iam", "put-user-policy", user_name=ctx.name, policy_name=INLINE_POLICY_NAME, policy_document=document
    )
    yield _retry(NOT_VISIBLE_YET, put, idempotent=True)


def group_membership(ctx: ScriptContext) -> Lines:
    """Yield one shell line of AddUserToGroup for each group."""
    for group in ctx.request.groups:
        add = ctx.aws("iam", "add-user-to-group", user_name=ctx.name, group_name=group)
        yield _retry(NOT_VISIBLE_YET, add, idempotent=True)


def role_trust(ctx: ScriptContext) -> Lines:
    """Yield the shell line of UpdateAssumeRolePolicy, whose document has one more statement.

    It replaces the whole trust policy. The script has checked before that the policy did not change.
    """
    assert ctx.role is not None
    document = compact_json(ctx.role.after)
    update = ctx.aws("iam", "update-assume-role-policy", role_name=ctx.role.name, policy_document=document)
    yield _retry(PRINCIPAL_NOT_VISIBLE_YET, update, idempotent=True)


def _retry(codes: str, command: str, *, idempotent: bool = False) -> str:
    """Return ``command`` in a form that repeats it for a minute while AWS refuses it with one of ``codes``.

    With ``idempotent``, the AWS CLI may also repeat it after a lost answer.
    """
    return f"{f'{REPEATABLE} ' if idempotent else ''}retry {MINUTE} '{codes}' {command}"


STEPS: Mapping[str, Callable[[ScriptContext], Lines]] = {
    "create-user": create_user,
    "mfa-device": mfa_device,
    "login-profile": login_profile,
    "access-key": access_key,
    "inline-policy": inline_policy,
    "group-membership": group_membership,
    "role-trust": role_trust,
}
"""Maps the id of each step to the function that yields its shell lines."""
