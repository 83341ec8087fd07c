"""What stands before the first command: a shell that keeps secrets to itself, and looks that stop before any write."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from breakglass_tui.commands.comments import comment
from breakglass_tui.commands.removal_messages import region, removal
from breakglass_tui.commands.script_context import ScriptContext
from breakglass_tui.commands.script_envelopes import SEED, envelopes, kms_function
from breakglass_tui.commands.shell_words import aws
from breakglass_tui.secrets.password import CLASSES

SHELL = """\
set +axv          # nothing is exported or traced, also when this was started with bash -x
export -n SHELLOPTS
set -euo pipefail # a command that fails ends the script
set -o noclobber  # no file is replaced
umask 077
ulimit -c 0
export AWS_MAX_ATTEMPTS=1 # a request whose answer was lost is not sent a second time
export AWS_PAGER='' AWS_CLI_AUTO_PROMPT=off
{region}

out=${{1:-{directory}}}
unset -v content password secret answer seed opened # what was exported under these names would stay so
work=''
began=''

say() {{ printf '%s\\n' "$*" >&2; }}
stop() {{ say "$*"; exit 1; }}
program() {{ command -v "$1" > /dev/null || stop "The program $1 is missing."; }}
free() {{ [ ! -e "$out/$1" ] || stop "There is a file $out/$1 already."; }}

finish() {{
  local code=$?
  [ -z "$work" ] || rm -rf -- "$work"
  if [ "$code" -eq 0 ] || [ -z "$began" ]; then return; fi
  cat >&2 <<'END'

Stopped. What was made is still there. These commands remove it; NoSuchEntity means that there was nothing:
{removal}
END
}}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
"""

PATIENTLY = """\
# A new user is not known everywhere at once. What is sent through here changes nothing when it is sent again.
patiently() {
  local try
  for try in 1 2 3 4 5 6; do
    if "$@"; then return; fi
    say "Try $try was refused; trying again in 5 seconds."
    sleep 5
  done
  "$@"
}
"""

DRAW = """\
# {length} characters, some of each kind, as good as any draw: those that miss a kind are thrown away whole.
new_password() {{
  local draw
  password=''
  until [[ $password == *[{upper}]* && $password == *[{lower}]* &&
    $password == *[{digits}]* && $password == *[!{plain}]* ]]; do
    draw=$(head -c 8192 /dev/urandom | LC_ALL=C tr -dc '{alphabet}')
    password=${{draw:0:{length}}}
  done
}}
"""

CODES = """\
# Two codes that follow each other, of the seed on stdin (RFC 6238).
codes() {
  python3 -I -c '
import base64, hashlib, hmac, os, struct, sys, time
seed = base64.b32decode(sys.stdin.read().strip())
def code(period):
    digest = hmac.new(seed, struct.pack(">Q", period), hashlib.sha1).digest()
    at = digest[-1] & 15
    return b"%06d" % ((struct.unpack(">I", digest[at:at + 4])[0] & 0x7FFFFFFF) % 1000000)
now = int(time.time()) // 30
os.write(1, b"%s %s\\n" % (code(now - 1), code(now)))'
}
"""

WORK = """\
for place in "${XDG_RUNTIME_DIR:-}" /dev/shm "${TMPDIR:-/tmp}"; do # in memory, where there is such a place
  if [ -d "$place" ] && [ -w "$place" ]; then break; fi
done
work=$(mktemp -d "$place/break-glass.XXXXXXXX")"""

HISTORY = """\
[ "$(aws configure get cli_history || true)" != enabled ] ||
  stop 'The AWS CLI keeps a history of its answers, secrets too. Take cli_history out of its config file first.'"""


def shell(m: ScriptContext) -> str:
    """How the shell is set, and what it says when it stops half-way."""
    return SHELL.format(
        region=region(m),
        directory=shlex.quote(f"./{m.name}"),
        removal="\n".join(f"  {line}" for command in removal(m) for line in command.split("\n")),
    )


def functions(m: ScriptContext) -> Iterator[str]:
    """The functions that the steps of this request call."""
    yield PATIENTLY
    if m.request.console:
        yield _password(m.password_length)
    if m.request.mfa == "sealed":
        yield CODES
    if m.request.kms_key_id:
        yield kms_function(m.request)


def preflight(m: ScriptContext) -> Iterator[str]:
    """What must be so before the first write."""
    yield from (f"program {name}" for name in programs(m))
    yield HISTORY
    account = aws("sts", "get-caller-identity", query="Account", output="text")
    yield f'[ "$({account})" = {m.account_id} ] ||'
    yield f"  stop 'These are not the credentials of account {m.account_id}.'"
    if m.role is not None:
        yield from _trust_as_seen(m)
    yield 'mkdir -p -- "$out"'
    yield from (f"free {shlex.quote(file)}" for file in files_of(m))
    if m.request.mfa != "none":
        yield WORK


def files_of(m: ScriptContext) -> list[str]:
    """The files that the script writes."""
    own_app = m.request.mfa == "authenticator" and not (m.request.has_seal or m.request.seal_mfa_to)
    asked = {
        SEED: m.request.mfa != "none" and not own_app,
        "password": m.request.console,
        "access-key": m.request.programmatic,
    }
    return [one.file for contents, wanted in asked.items() if wanted for one in envelopes(m, contents)]


def programs(m: ScriptContext) -> list[str]:
    """The programs that it takes."""
    request = m.request
    asked = {
        "age": request.seal_to or request.seal_mfa_to or request.seal_passphrase,
        "base64": request.kms_key_id,
        "python3": request.mfa == "sealed",
    }
    return ["aws", *(name for name, wanted in asked.items() if wanted)]


def _trust_as_seen(m: ScriptContext) -> Iterator[str]:
    assert m.role is not None
    yield comment("The trust policy is replaced as a whole: it must still be the one to which the statement was added.")
    read = aws("iam", "get-role", role_name=m.role.name, query="Role.AssumeRolePolicyDocument", output="json")
    yield f"trust=$({read} | tr -d '[:space:]')"
    yield f'[ "$trust" = {shlex.quote(_squeezed(m.role.before))} ] ||'
    yield f"  stop 'The trust policy of role {m.role.name} has changed since; make this script anew.'"


def _squeezed(trust: Mapping[str, Any]) -> str:
    """As the CLI prints it, when all white space is taken out."""
    return json.dumps(trust, separators=(",", ":"), ensure_ascii=False).replace(" ", "")


def _password(length: int) -> str:
    upper, lower, digits, symbols = CLASSES
    # tr takes a - between two characters for a range.
    alphabet = "".join((upper, lower, digits, symbols.replace("-", ""), "-"))
    plain = upper + lower + digits
    return DRAW.format(length=length, upper=upper, lower=lower, digits=digits, plain=plain, alphabet=alphabet)
