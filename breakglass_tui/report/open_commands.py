"""The commands of the runbook that open each envelope without this program, and the keys that they need."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from breakglass_tui.domain.shell_quoting import path_argument
from breakglass_tui.report.runbook_sections import RunbookLine
from breakglass_tui.settings import APP

SECRETS = {"password": "Console password", "access-key": "Access key", "mfa-seed": "MFA seed"}
"""The name of each kind of secret, as the runbook shows it."""
SEED = "mfa-seed"
ANY_IDENTITY = "ID.txt"
"""The identity file in a command if the report does not name the custodian."""
OPEN = "breakglass-tui open FILE"
UNKNOWN_KEY = "KMS_KEY"
CODE = " | jq -r .secret.seed | oathtool --totp -b -"
"""The end of a command that opens the envelope of an MFA seed. It shows the current code instead of the seed.

AWS uses the defaults of RFC 6238.
"""


def open_commands(document: Mapping[str, Any]) -> Iterator[RunbookLine]:
    """Yield a line for each custodian's identity file, then a line for each envelope with its command.

    ``document`` is the report as JSON.
    """
    files = _identity_files(document)
    for custodian, file in files.items():
        yield RunbookLine(f"{file}: the private key (age or SSH) of {custodian}")
    for envelope in document["envelopes"]:
        contents = ", ".join(SECRETS.get(one, one) for one in envelope["contents"])
        seed = envelope["contents"] == [SEED]
        code = " Shows the current code, with jq and oathtool." if seed else ""
        yield RunbookLine(
            f"{contents}. {_requirement(envelope, files)}{code}",
            _command(document, envelope, files) + (CODE if seed else ""),
        )


def open_with_program(envelopes: Sequence[Mapping[str, Any]]) -> RunbookLine:
    """Return the line with the command that opens an envelope with this program.

    It has as many identity files as the envelope that is sealed with age to the fewest custodians needs.
    """
    needs = sorted({envelope["needs"] for envelope in envelopes if envelope["seals"] == ["age"]})
    if not needs:
        return RunbookLine("With breakglass-tui: replace FILE:", OPEN)
    text = f"With breakglass-tui: replace FILE, and {_replaced(needs[0])}."
    if len(needs) > 1:
        text += f" Repeat --identity if FILE needs {needs[-1]} of them."
    if any(envelope["seals"] != ["age"] for envelope in envelopes):
        text += " A KMS or passphrase envelope needs no --identity."
    return RunbookLine(f"{text[:-1]}:", " ".join((OPEN, *[f"--identity {ANY_IDENTITY}"] * needs[0])))


def _replaced(needed: int) -> str:
    if needed == 1:
        return f"{ANY_IDENTITY} with the identity file of one custodian"
    return f"each {ANY_IDENTITY} with the identity file of one of the {needed} custodians that FILE needs"


def _identity_files(document: Mapping[str, Any]) -> dict[str, str]:
    """Return a short name for the identity file of each custodian, such as ``ID1.txt``, by custodian.

    The custodians are in the order in which the envelopes name them.
    """
    sealed = (envelope for envelope in document["envelopes"] if envelope["seals"] == ["age"])
    custodians = dict.fromkeys(custodian for envelope in sealed for custodian in envelope["custodians"])
    return {custodian: f"ID{number}.txt" for number, custodian in enumerate(custodians, start=1)}


def _requirement(envelope: Mapping[str, Any], files: Mapping[str, str]) -> str:
    if envelope["seals"] == ["passphrase"]:
        return "Needs the passphrase."
    if envelope["seals"] == ["kms"]:
        placeholder = "" if envelope["custodians"] else f" Replace {UNKNOWN_KEY} with the ARN of the KMS key."
        return f"Needs kms:Decrypt, as another user.{placeholder}"
    names = [files.get(custodian, ANY_IDENTITY) for custodian in envelope["custodians"]]
    if envelope["needs"] > 1:
        return f"Needs {' and '.join(names)} together."
    return f"Needs {' or '.join(names)}." if names else "The report does not name its custodians."


def _command(document: Mapping[str, Any], envelope: Mapping[str, Any], files: Mapping[str, str]) -> str:
    path = path_argument(envelope["path"])
    if envelope["seals"] == ["passphrase"]:
        return f"age -d {path}"
    if envelope["seals"] == ["kms"]:
        return _kms_command(document, envelope, path)
    names = [files.get(custodian, ANY_IDENTITY) for custodian in envelope["custodians"]] or [ANY_IDENTITY]
    if envelope["needs"] == 1:
        return f"age -d -i {names[0]} {path}"
    # The last custodian in the list has the outermost layer.
    *others, last = names
    return " | ".join([f"age -d -i {last} {path}", *(f"age -d -i {name}" for name in reversed(others))])


def _kms_command(document: Mapping[str, Any], envelope: Mapping[str, Any], path: str) -> str:
    """Return the command that opens a KMS envelope. Decrypt needs the encryption context of Encrypt (KMS API).

    ``path`` is quoted for the shell.
    """
    run, key = document["run"], (envelope["custodians"] or [UNKNOWN_KEY])[0]
    context = {
        "app": APP,
        "account": run["account_id"],
        "user": document["user"]["name"],
        "contents": ", ".join(envelope["contents"]),
        "run": run["id"],
    }
    parts = key.split(":")
    region = f" --region {shlex.quote(parts[3])}" if len(parts) > 5 else ""
    return (
        f"jq -r .ciphertext {path} | base64 -d | aws kms decrypt --key-id {shlex.quote(key)}{region}"
        f" --encryption-context {shlex.quote(json.dumps(context))}"
        " --ciphertext-blob fileb:///dev/stdin --query Plaintext --output text | base64 -d"
    )
