"""The steps of a plan as commands, each in the order in which the run makes its calls."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping

from breakglass_tui.commands.removal_messages import not_made
from breakglass_tui.commands.script_context import ScriptContext
from breakglass_tui.commands.script_envelopes import SEED, sealed
from breakglass_tui.commands.shell_words import aws, tag_list, text_of
from breakglass_tui.domain.policy import INLINE_POLICY_NAME

Lines = Iterator[str]

BY_TOOL = """\
  codes=$(codes < "$work/seed")"""
BY_OPERATOR = """\
  say 'The first code:'
  read -r first
  say 'The next code:'
  read -r next
  codes="$first $next\""""
TO_OPERATOR = (
    'say "Give the seed to the authenticator app. It stands in $work/seed, which goes away afterwards."',
    'say "As a QR code, in another terminal:"',
    """say "  sed 's,^,otpauth://totp/AWS?secret=,' $work/seed | qrencode -t ANSIUTF8\"""",
    "say 'Then type two codes that follow each other.'",
)
ENROL = """\
for try in 1 2 3; do
{codes}
  {enable} \\
    --authentication-code1 "${{codes% *}}" --authentication-code2 "${{codes#* }}" && break
  [ "$try" -lt 3 ] || stop 'AWS did not accept the codes of the new MFA device.'
  say 'Not accepted: {after}.'{wait}
done
rm -f -- "$work/seed\""""


def create_user(m: ScriptContext) -> Lines:
    """CreateUser, and the wait until IAM has heard of it."""
    made = aws("iam", "create-user", user_name=m.name, path=m.request.path, tags=tag_list(m.tags))
    yield f"{made} > /dev/null ||\n  stop {shlex.quote(not_made(m))}"
    yield "began=yes"
    yield aws("iam", "wait user-exists", user_name=m.name)


def mfa_device(m: ScriptContext) -> Lines:
    """A virtual device, its seed sealed, and two codes handed in."""
    own = m.request.mfa == "authenticator"
    made = aws("iam", "create-virtual-mfa-device", virtual_mfa_device_name=m.device, tags=tag_list(m.tags))
    yield f'{made} \\\n  --bootstrap-method Base32StringSeed --outfile "$work/seed" > /dev/null'
    if not own or m.request.has_seal or m.request.seal_mfa_to:
        yield 'seed=$(cat "$work/seed")'
        yield from sealed(m, SEED, serial_number=m.serial, seed="$seed")
        yield "seed=''"
    if own:
        yield from TO_OPERATOR
    yield ENROL.format(
        codes=BY_OPERATOR if own else BY_TOOL,
        enable=aws("iam", "enable-mfa-device", user_name=m.name, serial_number=m.serial),
        after="type two new codes" if own else "waiting for two new codes",
        wait="" if own else "\n  sleep 60",
    )


def login_profile(m: ScriptContext) -> Lines:
    """A password that is sealed before AWS hears of it."""
    made = aws("iam", "create-login-profile", user_name=m.name)
    reset = "--password-reset-required" if m.request.password_reset_required else "--no-password-reset-required"
    yield "new_password"
    yield from sealed(m, "password", password="$password")  # noqa: S106 - the name of a shell variable
    yield f"printf '%s' \"$password\" |\n  {made} {reset} --password file:///dev/stdin > /dev/null"
    yield "password=''"


def access_key(m: ScriptContext) -> Lines:
    """One key, its secret sealed at once."""
    made = aws("iam", "create-access-key", user_name=m.name)
    yield f"answer=$({made} \\\n  --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text)"
    yield "key_id=${answer%%$'\\t'*} secret=${answer#*$'\\t'} answer=''"
    yield from sealed(m, "access-key", access_key_id="$key_id", secret_access_key="$secret")  # noqa: S106 - as above
    yield "secret=''"


def inline_policy(m: ScriptContext) -> Lines:
    """AdministratorAccess, as a policy of the user's own."""
    document = text_of(m.policy)
    put = aws("iam", "put-user-policy", user_name=m.name, policy_name=INLINE_POLICY_NAME, policy_document=document)
    yield f"patiently {put}"


def group_membership(m: ScriptContext) -> Lines:
    """One command for each group."""
    for group in m.request.groups:
        yield f"patiently {aws('iam', 'add-user-to-group', user_name=m.name, group_name=group)}"


def role_trust(m: ScriptContext) -> Lines:
    """The whole trust policy with one statement more; that it is still the one seen was looked at in the beginning."""
    assert m.role is not None
    document = text_of(m.role.after)
    yield f"patiently {aws('iam', 'update-assume-role-policy', role_name=m.role.name, policy_document=document)}"


STEPS: Mapping[str, Callable[[ScriptContext], Lines]] = {
    "create-user": create_user,
    "mfa-device": mfa_device,
    "login-profile": login_profile,
    "access-key": access_key,
    "inline-policy": inline_policy,
    "group-membership": group_membership,
    "role-trust": role_trust,
}
"""By the published ids."""
