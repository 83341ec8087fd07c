"""``plan``: show what ``apply`` would do. Writes nothing to AWS."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from breakglass_tui.cli.command_words import PASSPHRASE_INPUT, REQUEST_FILE
from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.evidence_signing import choose_signer
from breakglass_tui.cli.last_line import AFTER_THE_FIX, UNUSABLE_OUTPUT, Ending
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.reviewed_setup import review_request
from breakglass_tui.cli.seal_options import (
    missing_seal,
    store_new_passphrase,
    with_passphrase,
)
from breakglass_tui.cli.stored_runs import run_store
from breakglass_tui.cli.streams import to_stderr, to_stdout, warn
from breakglass_tui.commands.iam_policy import iam_policy, iam_policy_notes
from breakglass_tui.commands.script import script
from breakglass_tui.commands.terraform import terraform
from breakglass_tui.domain.acknowledgements import acknowledgements
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.text import json_text, show
from breakglass_tui.plain.plan_text import Review, management_lines
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.plain.words import NAME
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import Vault

GENERATED = 'apply generates another name than {0}. To keep this one, set user_name = "{0}" in the request.'
ONLY_GENERATED = (
    'The policy allows only the generated name {0}. Set user_name = "{0}" in the request before you apply it.'
)
DIRECTORY = "files can be written to the directory of --out"
DIRECTORY_LATER = "not tested: plan writes no files, and apply tests its own directory"
NOTHING_WRITTEN = "Done: nothing was written to AWS."


def run_plan(
    options: Options, request: SetupRequest, passphrase: Secret | None, *, form: str, request_file: str | None = None
) -> Ending:
    """Print the plan. ``form`` is ``text``, ``json``, ``script``, ``terraform`` or ``iam_policy``.

    The exit code is 2 if a preflight check failed. ``request_file`` is the value of ``--request``. If ``passphrase`` is
    None, it is not asked for, and the passphrase seal is not tested.
    """
    sealed, vault = with_passphrase(request, passphrase), Vault()
    with Connector(options) as connect, tempfile.TemporaryDirectory() as directory:
        cloud = connect()
        caller = cloud.identify()
        try:
            if passphrase is not None:
                store_new_passphrase(vault, sealed, caller, Terminal(to_stderr), passphrase)
            signer, store = choose_signer(options, cloud, Terminal(to_stderr)), run_store(options)
            review = review_request(cloud, caller, sealed, Path(directory), store, vault=vault, signer=signer)
        finally:
            vault.wipe()
    review = replace(review, preflight=tuple(map(_without_directory, review.preflight)))
    to_stdout(*FORMS[form](review))
    if form == "iam_policy":
        to_stderr(*iam_policy_notes(review.setup, review.plan))
    if not request.user_name:
        warn((ONLY_GENERATED if form == "iam_policy" else GENERATED).format(review.setup.request.user_name))
    if form != "text":  # the text has these lines at its top
        to_stderr(*management_lines(review.setup.account))
    without_seal = missing_seal(sealed)
    if without_seal is not None:
        warn(f"apply would refuse this request: {without_seal}")
    for each in acknowledgements(sealed):
        warn(f"{each.risk} {each.remedy}")
    failed = [result for result in review.preflight if result.status is CheckStatus.FAIL]
    to_stderr(*(f"{NAME}: {show(result.title)}: {show(result.found)}" for result in failed))
    if failed:
        how = f"Failed preflight check{'' if len(failed) == 1 else 's'}: {', '.join(one.id for one in failed)}."
        return Ending(ExitCode.USAGE, f"{how} Nothing was written to AWS.", AFTER_THE_FIX, repeat=())
    if without_seal is not None:
        return Ending(ExitCode.DONE, NOTHING_WRITTEN, "Add a seal to the request, then run", repeat=())
    apply = _apply_command(options, request_file, with_passphrase_fd=passphrase is not None)
    return Ending(ExitCode.DONE, NOTHING_WRITTEN, "Apply the same request", apply)


def _apply_command(options: Options, request_file: str | None, *, with_passphrase_fd: bool) -> str:
    """Return the command line that applies the same request."""
    words = ["apply"] if request_file is None else ["apply", "--request", request_file]
    passphrase = [PASSPHRASE_INPUT] if with_passphrase_fd else []
    return " ".join([options.command(*words), *passphrase, *([f"< {REQUEST_FILE}"] if request_file == "-" else [])])


def _without_directory(result: CheckResult) -> CheckResult:
    """Return ``result``, but SKIP for the check of the output directory, because that of a plan is temporary."""
    if result.id != UNUSABLE_OUTPUT:
        return result
    return CheckResult(result.id, result.title, CheckStatus.SKIP, DIRECTORY, DIRECTORY_LATER)


def _json(review: Review) -> list[str]:
    return [json_text(review.document())]


def _script(review: Review) -> list[str]:
    return script(review.setup, review.plan).splitlines()


def _terraform(review: Review) -> list[str]:
    return terraform(review.setup, review.plan).splitlines()


def _iam_policy(review: Review) -> list[str]:
    return iam_policy(review.setup, review.plan).splitlines()


FORMS: Mapping[str, Callable[[Review], list[str]]] = {
    "text": Review.lines,
    "json": _json,
    "script": _script,
    "terraform": _terraform,
    "iam_policy": _iam_policy,
}
