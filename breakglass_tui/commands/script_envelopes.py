"""The envelopes of the script: the same files as those of a run, encrypted by age and the AWS CLI.

Secrets are only in shell variables and pipes. printf is a shell builtin, so its arguments are in no process list.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from breakglass_tui.commands.script_context import ScriptContext
from breakglass_tui.commands.shell_words import REPEATABLE, WIDE, compact_json, wrapped
from breakglass_tui.secrets.age_seal import custodian_groups
from breakglass_tui.secrets.passphrase_seal import SUFFIX as PASSPHRASE_SUFFIX

SEED = "mfa-seed"
KMS_SUFFIX = "kms.json"
CLEARTEXT_SUFFIX = "clear.json"
MARK = "\0"
"""Marks the start and the end of a shell variable while the text around it is quoted."""
CONTENT = "printf '%s' \"$content\""

KMS_FUNCTION = """\
# Encrypt $content with KMS and verify that it decrypts. $1: encryption context, $2: file.
seal_with_kms() {{
  local answer arn blob opened
  answer=$({content} |
    {repeatable} {encrypt} --encryption-context "$1" \\
      --query '[KeyId,CiphertextBlob]' --output text)
  arn=${{answer%%$'\\t'*}} blob=${{answer#*$'\\t'}}
  opened=$(printf '%s' "$blob" | base64 --decode |
    {repeatable} {decrypt} --key-id "$arn" --encryption-context "$1" \\
      --query Plaintext --output text | base64 --decode)
  [ "$opened" = "$content" ] || fail 'KMS did not decrypt its ciphertext to the original content.'
  printf '{{"version": 1, "key_arn": "%s", "encryption_context": %s, "ciphertext": "%s"}}\\n' \\
    "$arn" "$1" "$blob" > "$2"
}}
"""


@dataclass(frozen=True)
class Envelope:
    """An envelope file, and the shell command that encrypts ``$content`` into it."""

    file: str
    command: str


def envelopes(ctx: ScriptContext, contents: str) -> tuple[Envelope, ...]:
    """Return the envelopes of the secret ``contents``, the fastest seal first.

    If the request has no seal, the result is one file in cleartext.
    """
    request, stem = ctx.request, f"{ctx.name}.{contents}"
    if contents == SEED and request.seal_mfa_to:
        return tuple(_age(stem, request.seal_mfa_to, request.seal_mfa_threshold))
    found = [*_age(stem, request.seal_to, request.seal_threshold)]
    if request.seal_passphrase:
        found.append(_into(f"{stem}.{PASSPHRASE_SUFFIX}", [CONTENT, "age --armor --passphrase"]))
    if request.kms_key_id:
        file, context = f"{stem}.{KMS_SUFFIX}", shlex.quote(compact_json(_context(ctx, contents)))
        found.append(Envelope(file, wrapped("seal_with_kms", [context, _path(file)])))
    return tuple(found) or (_into(f"{stem}.{CLEARTEXT_SUFFIX}", [CONTENT]),)


def seal_commands(ctx: ScriptContext, contents: str, **fields: str) -> Iterator[str]:
    """Yield the shell lines that seal a secret.

    The value of a field is a shell variable such as ``$name``, or a text.
    """
    yield f"content={_content(ctx, contents, fields)}"
    yield from (envelope.command for envelope in envelopes(ctx, contents))
    yield "content=''"


def kms_function(ctx: ScriptContext) -> str:
    """Return the shell function that encrypts with the KMS key of the request."""
    key = ctx.request.kms_key_id
    region = key.split(":")[3] if key.startswith("arn:") else ctx.request.region
    encrypt = ctx.aws("kms", "encrypt", region=region, key_id=key, plaintext="fileb:///dev/stdin")
    decrypt = ctx.aws("kms", "decrypt", region=region, ciphertext_blob="fileb:///dev/stdin")
    return KMS_FUNCTION.format(content=CONTENT, repeatable=REPEATABLE, encrypt=encrypt, decrypt=decrypt)


def _age(stem: str, recipients: tuple[str, ...], threshold: int) -> Iterator[Envelope]:
    for suffix, members in custodian_groups(recipients, threshold):
        layers = [[one] for one in members] if threshold > 1 else [list(members)]
        commands = [_age_command(layer, outermost=layer is layers[-1]) for layer in layers]
        yield _into(f"{stem}.{suffix}", [CONTENT, *commands])


def _age_command(recipients: list[str], *, outermost: bool) -> str:
    armor = ["--armor"] if outermost else []
    return " ".join(["age", *armor, *(f"--recipient {shlex.quote(one)}" for one in recipients)])


def _into(file: str, pipeline: list[str]) -> Envelope:
    glue = " | " if sum(map(len, pipeline)) <= WIDE else " |\n  "
    return Envelope(file, f"{glue.join(pipeline)} > {_path(file)}")


def _path(file: str) -> str:
    return f'"$out"/{shlex.quote(file)}'


def _context(ctx: ScriptContext, contents: str) -> dict[str, str]:
    return {
        "app": "breakglass-tui",
        "account": ctx.account_id,
        "user": ctx.name,
        "contents": contents,
        "run": ctx.run_id,
    }


def _content(ctx: ScriptContext, contents: str, fields: dict[str, str]) -> str:
    """Return the content of an envelope as one shell word: quoted JSON with the shell variables in it."""
    known = compact_json({"version": 1, **_context(ctx, contents)}).removesuffix("}")
    pairs = (
        f'"{name}":"{MARK}{value}{MARK}"' if value.startswith("$") else f'"{name}":{json.dumps(value)}'
        for name, value in fields.items()
    )
    pieces = f'{known},"secret":{{{",".join(pairs)}}}}}'.split(MARK)
    return "".join(f'"{piece}"' if number % 2 else shlex.quote(piece) for number, piece in enumerate(pieces))
