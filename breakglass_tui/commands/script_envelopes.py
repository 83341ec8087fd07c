"""The script's envelopes: the same files with the same contents as a run writes, closed by age and the AWS CLI.

A secret is only ever in a variable of the shell and in a pipe: printf is a builtin, so it is in no argument list.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from breakglass_tui.commands.script_context import ScriptContext
from breakglass_tui.commands.shell_words import WIDE, aws, over_lines, text_of
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.secrets.age_seal import custodian_groups
from breakglass_tui.secrets.passphrase_seal import SUFFIX as PASSPHRASE_SUFFIX

SEED = "mfa-seed"
KMS_SUFFIX = "kms.json"
IN_THE_CLEAR = "clear.json"
MARK = "\0"
"""Stands around a variable until everything else is quoted."""
CONTENT = "printf '%s' \"$content\""

KMS_FUNCTION = """\
# Seals $content with KMS, and sees that it opens again. $1: the encryption context, $2: the file.
seal_with_kms() {{
  local answer arn blob opened
  answer=$({content} |
    {encrypt} --encryption-context "$1" \\
      --query '[KeyId,CiphertextBlob]' --output text)
  arn=${{answer%%$'\\t'*}} blob=${{answer#*$'\\t'}}
  opened=$(printf '%s' "$blob" | base64 --decode |
    {decrypt} --key-id "$arn" --encryption-context "$1" \\
      --query Plaintext --output text | base64 --decode)
  [ "$opened" = "$content" ] || stop 'What KMS sealed did not open again.'
  printf '{{"version": 1, "key_arn": "%s", "encryption_context": %s, "ciphertext": "%s"}}\\n' \\
    "$arn" "$1" "$blob" > "$2"
}}
"""


@dataclass(frozen=True)
class Envelope:
    """One file with one secret, and the command that closes ``$content`` into it."""

    file: str
    command: str


def envelopes(material: ScriptContext, contents: str) -> tuple[Envelope, ...]:
    """The envelopes of a secret, the quickest seal first; a plain file if the request has no seal."""
    request, stem = material.request, f"{material.name}.{contents}"
    if contents == SEED and request.seal_mfa_to:
        return tuple(_age(stem, request.seal_mfa_to, request.seal_mfa_threshold))
    made = [*_age(stem, request.seal_to, request.seal_threshold)]
    if request.seal_passphrase:
        made.append(_into(f"{stem}.{PASSPHRASE_SUFFIX}", [CONTENT, "age --armor --passphrase"]))
    if request.kms_key_id:
        file, context = f"{stem}.{KMS_SUFFIX}", shlex.quote(text_of(_context(material, contents)))
        made.append(Envelope(file, over_lines("seal_with_kms", [context, _path(file)])))
    return tuple(made) or (_into(f"{stem}.{IN_THE_CLEAR}", [CONTENT]),)


def sealed(material: ScriptContext, contents: str, **fields: str) -> Iterator[str]:
    """The lines that seal a secret; a field is a variable of the shell as ``$name``, or a text."""
    yield f"content={_content(material, contents, fields)}"
    yield from (envelope.command for envelope in envelopes(material, contents))
    yield "content=''"


def kms_function(request: SetupRequest) -> str:
    """The function that seals with the key of the request."""
    key = request.kms_key_id
    region = key.split(":")[3] if key.startswith("arn:") else request.region
    encrypt = aws("kms", "encrypt", region=region, key_id=key, plaintext="fileb:///dev/stdin")
    decrypt = aws("kms", "decrypt", region=region, ciphertext_blob="fileb:///dev/stdin")
    return KMS_FUNCTION.format(content=CONTENT, encrypt=encrypt, decrypt=decrypt)


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


def _context(material: ScriptContext, contents: str) -> dict[str, str]:
    return {
        "app": "breakglass-tui",
        "account": material.account_id,
        "user": material.name,
        "contents": contents,
        "run": material.run_id,
    }


def _content(material: ScriptContext, contents: str, fields: dict[str, str]) -> str:
    """What an envelope holds as a word of the shell: JSON, with the variables between its quoted parts."""
    known = text_of({"version": 1, **_context(material, contents)}).removesuffix("}")
    pairs = (
        f'"{name}":"{MARK}{value}{MARK}"' if value.startswith("$") else f'"{name}":"{value}"'
        for name, value in fields.items()
    )
    pieces = f'{known},"secret":{{{",".join(pairs)}}}}}'.split(MARK)
    return "".join(f'"{piece}"' if number % 2 else shlex.quote(piece) for number, piece in enumerate(pieces))
