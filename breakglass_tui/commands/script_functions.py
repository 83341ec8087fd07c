"""The shell functions of the bash script."""

from __future__ import annotations

from collections.abc import Iterator

from breakglass_tui.commands.script_context import ScriptContext
from breakglass_tui.commands.script_envelopes import kms_function
from breakglass_tui.secrets.password import CLASSES

NOT_VISIBLE_YET = "NoSuchEntity|Throttling"
"""Error codes of requests that AWS did not apply and that may succeed later, as a pattern for ``retry``.

IAM is eventually consistent: a write may not find the user or the device that was created a moment before (IAM User
Guide, troubleshooting: changes are not always immediately visible).
"""
PRINCIPAL_NOT_VISIBLE_YET = f"MalformedPolicyDocument|{NOT_VISIBLE_YET}"
"""The error codes of ``NOT_VISIBLE_YET``, and the code for a trust policy whose principal is not visible yet."""

RETRY = """\
# Run a command up to $1 times more, every 5 seconds, while AWS refuses it with one of the error codes $2 (CODE|CODE).
# Such a request was not applied. After any other failure the command is not repeated: it may have been applied.
# Afterwards $error has the error code of the last attempt, or nothing.
retry() {
  local left=$1 refusals=$2 status message
  shift 2
  while true; do
    status=0 error=''
    { message=$("$@" 2>&1 >&3 3>&-) || status=$?; } 3>&1
    [ -z "$message" ] || log "$message"
    [ "$status" -ne 0 ] || return 0
    if [[ $message =~ 'An error occurred ('([A-Za-z]+)')' ]]; then error=${BASH_REMATCH[1]}; fi
    if [ "$left" -eq 0 ] || [ -z "$error" ] || [[ "|$refusals|" != *"|$error|"* ]]; then return "$status"; fi
    left=$((left - 1))
    log 'AWS refused the request, and may accept it soon. Retrying in 5 seconds.'
    sleep 5
  done
}
"""

DRAW = """\
# Set $password to {length} random characters with at least one of each class. A candidate that lacks a class is
# discarded whole, so that every valid password is equally likely.
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
# Print the previous and the current code of the seed on stdin (RFC 6238).
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


READ_CODE = """\
# Ask for a code with the prompt $1 until it has six digits, and set $code to it.
read_code() {
  code=''
  until [[ $code =~ ^[0-9]{6}$ ]]; do
    log "$1"
    read -r code
    code=${code// /}
  done
}
"""


def shell_functions(ctx: ScriptContext) -> Iterator[str]:
    """Yield the shell functions that the steps of this request call."""
    yield RETRY
    if ctx.request.console:
        yield _password(ctx.password_length)
    if ctx.request.mfa == "sealed":
        yield CODES
    if ctx.request.mfa == "authenticator":
        yield READ_CODE
    if ctx.request.kms_key_id:
        yield kms_function(ctx)


def _password(length: int) -> str:
    upper, lower, digits, symbols = CLASSES
    # tr reads a dash between two characters as a range.
    alphabet = "".join((upper, lower, digits, symbols.replace("-", ""), "-"))
    plain = upper + lower + digits
    return DRAW.format(length=length, upper=upper, lower=lower, digits=digits, plain=plain, alphabet=alphabet)
