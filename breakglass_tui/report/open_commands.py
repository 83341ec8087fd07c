"""How each envelope is opened at 3 a.m., without this program: the exact command, and whose keys it takes."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from breakglass_tui.report.runbook_sections import RunbookLine
from breakglass_tui.settings import APP


def open_commands(document: Mapping[str, Any]) -> Iterator[RunbookLine]:
    """Who the custodians are, then one line for each envelope, with its command."""
    ids = _ids(document)
    if ids:
        named = "; ".join(f"{id} is that of {custodian}" for custodian, id in ids.items())
        yield RunbookLine(f"Custodians, each with a file that has a private age or SSH key: {named}")
    for envelope in document["envelopes"]:
        holds, path = ", ".join(envelope["contents"]), envelope["path"]
        seal = envelope["seals"][0] if envelope["seals"] else ""
        yield RunbookLine(
            f"{holds}, {PurePath(path).name}: {_who(envelope, seal, ids)}", _command(document, envelope, ids)
        )


def _ids(document: Mapping[str, Any]) -> dict[str, str]:
    """A short name for each custodian's identity, by the order in which the envelopes name them."""
    sealed = (envelope for envelope in document["envelopes"] if envelope["seals"] == ["age"])
    custodians = dict.fromkeys(custodian for envelope in sealed for custodian in envelope["custodians"])
    return {custodian: f"ID{place}.txt" for place, custodian in enumerate(custodians, start=1)}


def _who(envelope: Mapping[str, Any], seal: str, ids: Mapping[str, str]) -> str:
    if seal == "passphrase":
        return "whoever knows the passphrase"
    if seal == "kms":
        return "whoever may kms:Decrypt with that key; not with this user's own credentials, which are inside"
    names = [ids.get(custodian, "ID.txt") for custodian in envelope["custodians"]]
    if envelope["needs"] > 1:
        return f"{' and '.join(names)} together"
    return f"{' or '.join(names)}, any one of them" if names else "who can open it is not known here"


def _command(document: Mapping[str, Any], envelope: Mapping[str, Any], ids: Mapping[str, str]) -> str:
    file = shlex.quote(envelope["path"])
    if envelope["seals"] == ["passphrase"]:
        return f"age -d {file}"
    if envelope["seals"] == ["kms"]:
        return _kms(document, envelope, file)
    names = [ids.get(custodian, "ID.txt") for custodian in envelope["custodians"]] or ["ID.txt"]
    if envelope["needs"] == 1:
        return f"age -d -i {names[0]} {file}"
    # The custodian named last closed the outermost layer.
    *others, last = names
    return " | ".join([f"age -d -i {last} {file}", *(f"age -d -i {name}" for name in reversed(others))])


def _kms(document: Mapping[str, Any], envelope: Mapping[str, Any], file: str) -> str:
    """KMS wants the context that it was sealed with, to the letter (KMS API, Decrypt)."""
    run, key = document["run"], (envelope["custodians"] or ["KEY"])[0]
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
        f"jq -r .ciphertext {file} | base64 -d > sealed.bin && aws kms decrypt --key-id {shlex.quote(key)}{region}"
        f" --encryption-context {shlex.quote(json.dumps(context))}"
        " --ciphertext-blob fileb://sealed.bin --query Plaintext --output text | base64 -d"
    )
