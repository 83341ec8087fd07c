"""``plan``: what would happen; zero writes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.reviewed_setup import reviewed
from breakglass_tui.cli.seal_options import ANOTHER_WAY, ONLY_KMS, lacks_seal, use_new_passphrase, with_passphrase
from breakglass_tui.cli.stored_runs import journals
from breakglass_tui.cli.streams import data, people
from breakglass_tui.commands.script import script
from breakglass_tui.commands.terraform import terraform
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.text import json_text, show
from breakglass_tui.plain.plan_text import Review, management_lines
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.plain.words import NAME
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import Vault


def run_plan(options: Options, request: SetupRequest, passphrase: Secret | None, *, form: str) -> int:
    """Print the plan as ``text``, ``json``, ``script`` or ``terraform``; a failed look makes the request unusable.

    Nobody is asked for a passphrase that nothing would be sealed with: without one, that seal is not tried.
    """
    request, vault = with_passphrase(request, passphrase), Vault()
    with Connector(options) as connect, tempfile.TemporaryDirectory() as directory:
        cloud = connect()
        caller = cloud.identify()
        try:
            if passphrase is not None:
                use_new_passphrase(vault, request, caller, Terminal(people), passphrase)
            review = reviewed(cloud, caller, request, Path(directory), journals(options), vault=vault)
        finally:
            vault.wipe()
    data(*FORMS[form](review))
    if form != "text":  # which has it in its head
        people(*management_lines(review.setup.account))
    without_seal = lacks_seal(request)
    if without_seal is not None:
        people(f"{NAME}: warning: apply would refuse this: {without_seal}")
    if request.only_kms:
        people(f"{NAME}: warning: {ONLY_KMS} {ANOTHER_WAY}")
    failed = [result for result in review.preflight if result.status is CheckStatus.FAIL]
    people(*(f"{NAME}: {show(result.title)}: {show(result.found)}" for result in failed))
    return ExitCode.USAGE if failed else ExitCode.DONE


def _json(review: Review) -> list[str]:
    return [json_text(review.document())]


def _script(review: Review) -> list[str]:
    return script(review.setup, review.plan).splitlines()


def _terraform(review: Review) -> list[str]:
    return terraform(review.setup).splitlines()


FORMS: Mapping[str, Callable[[Review], list[str]]] = {
    "text": Review.lines,
    "json": _json,
    "script": _script,
    "terraform": _terraform,
}
