"""The start of the bash script: shell settings that protect secrets, and checks before the first write."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from breakglass_tui.commands.comments import comment
from breakglass_tui.commands.removal_messages import IGNORE_CONFIGURED_ENDPOINTS, export_region, removal_commands
from breakglass_tui.commands.script_context import ScriptContext
from breakglass_tui.commands.script_envelopes import SEED, envelopes
from breakglass_tui.commands.shell_words import ascii_word

SHELL = """\
set +axv          # no automatic export and no trace, even if started with bash -x
export -n SHELLOPTS
set -euo pipefail # a failed command ends the script
set -o noclobber  # existing files are not overwritten
umask 077
ulimit -c 0
export AWS_MAX_ATTEMPTS=1 # a retry after a lost answer could create a second resource
export AWS_PAGER='' AWS_CLI_AUTO_PROMPT=off
export AWS_CLI_ERROR_FORMAT=legacy # the format in which retry finds the error code
{ignore_endpoints} # only the endpoint of the plan is called
unset -v "${{!AWS_ENDPOINT_URL@}}"
{region}

out=${{1:-{directory}}}
unset -v content password secret answer seed opened codes # a variable that the caller exported would stay exported
work=''
created=''

log() {{ printf '%s\\n' "$*" >&2; }}
fail() {{ log "$*"; exit 1; }}
require_program() {{
  command -v "$1" > /dev/null || fail "The program $1 is missing. Install it, then run this script again."
}}
require_absent() {{
  [ ! -e "$out/$1" ] || fail "The file $out/$1 already exists. Move it, or choose another DIRECTORY."
}}

finish() {{
  local code=$?
  [ -z "$work" ] || rm -rf -- "$work"
  if [ "$code" -eq 0 ] || [ -z "$created" ]; then return; fi
  cat >&2 <<'END'

The script stopped. The resources that it created still exist. These commands remove them.
If a command fails with NoSuchEntity, its resource does not exist. Continue with the next command.

{removal}
END
}}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
"""

WORK = """\
for place in "${XDG_RUNTIME_DIR:-}" /dev/shm "${TMPDIR:-/tmp}"; do # prefer a directory in memory
  if [ -d "$place" ] && [ -w "$place" ]; then break; fi
done
work=$(mktemp -d "$place/break-glass.XXXXXXXX")"""

HISTORY = """\
[ "$(aws configure get cli_history || true)" != enabled ] ||
  fail 'The AWS CLI records its output, and that includes secrets. Remove cli_history from its config file.'"""


def shell_settings(ctx: ScriptContext) -> str:
    """Return the shell settings, and the function that prints the removal commands if the script stops early."""
    return SHELL.format(
        ignore_endpoints=IGNORE_CONFIGURED_ENDPOINTS,
        region=export_region(ctx),
        directory=shlex.quote(f"./{ctx.name}"),
        removal="\n".join(f"  {line}" for command in removal_commands(ctx) for line in command.split("\n")),
    )


def preflight_checks(ctx: ScriptContext) -> Iterator[str]:
    """Yield the shell lines that end the script before its first write if something is wrong."""
    yield from (f"require_program {name}" for name in required_programs(ctx))
    yield HISTORY
    account = ctx.aws("sts", "get-caller-identity", query="Account", output="text")
    message = f"These credentials belong to another account. Use credentials of account {ctx.account_id}."
    yield f'[ "$({account})" = {shlex.quote(ctx.account_id)} ] ||\n  fail {shlex.quote(message)}'
    if ctx.role is not None:
        yield from _trust_is_unchanged(ctx)
    yield 'mkdir -p -- "$out"'
    yield from (f"require_absent {shlex.quote(file)}" for file in output_files(ctx))
    if ctx.request.mfa != "none":
        yield WORK


def output_files(ctx: ScriptContext) -> list[str]:
    """Return the names of the files that the script writes."""
    app_only = ctx.request.mfa == "authenticator" and not (ctx.request.has_seal or ctx.request.seal_mfa_to)
    requested = {
        SEED: ctx.request.mfa != "none" and not app_only,
        "password": ctx.request.console,
        "access-key": ctx.request.programmatic,
    }
    return [one.file for contents, needed in requested.items() if needed for one in envelopes(ctx, contents)]


def required_programs(ctx: ScriptContext) -> list[str]:
    """Return the names of the programs that the script runs."""
    request = ctx.request
    needed = {
        "age": request.seal_to or request.seal_mfa_to or request.seal_passphrase,
        "base64": request.kms_key_id,
        "python3": request.mfa == "sealed",
    }
    return ["aws", *(name for name, is_needed in needed.items() if is_needed)]


def _trust_is_unchanged(ctx: ScriptContext) -> Iterator[str]:
    assert ctx.role is not None
    yield comment(
        "The script replaces the whole trust policy, so it must be the one that this script was generated from."
    )
    read = ctx.aws("iam", "get-role", role_name=ctx.role.name, query="Role.AssumeRolePolicyDocument", output="json")
    yield f"trust=$({read} | LC_ALL=C tr -d ' \\n')"
    message = f"The trust policy of role {ctx.role.name} has changed. Generate this script again."
    yield f'[ "$trust" = {ascii_word(_without_whitespace(ctx.role.before))} ] ||\n  fail {shlex.quote(message)}'


def _without_whitespace(trust: Mapping[str, Any]) -> str:
    """Return the trust policy as the AWS CLI prints it, without spaces and line breaks.

    The AWS CLI escapes only the characters that JSON requires.
    """
    return json.dumps(trust, separators=(",", ":"), ensure_ascii=False).replace(" ", "")
