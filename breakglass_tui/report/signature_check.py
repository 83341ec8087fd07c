"""The check ``signature`` of ``verify``: who signed the list of hashes, which covers the report and its journal."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from breakglass_tui.directories import flaw_of_file
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.shell_quoting import path_argument
from breakglass_tui.domain.text import show
from breakglass_tui.limited_files import read_limited
from breakglass_tui.report.integrity import SUMS, hash_in_list
from breakglass_tui.report.public_key_signature import RSA, algorithm_of, public_key_command, verify_with_public_key
from breakglass_tui.report.recorded_envelopes import LIMIT_BYTES, NAME
from breakglass_tui.report.report_file import ReportFile
from breakglass_tui.report.signatures import KMS_SIGNATURE, PUBLIC_KEY, SSH_SIGNATURE, SignatureVerdict
from breakglass_tui.report.ssh_signature import ssh_command, verify_ssh
from breakglass_tui.secrets.sealed_file import read_small

ID, TITLE, EXPECTED = "signature", "Evidence is signed", "a signature of a trusted key over the report"
ORDER = (CheckStatus.FAIL, CheckStatus.PASS, CheckStatus.SKIP)
"""Which result counts if there are several signatures."""
ANYBODY = "Do not rely on this copy: anyone who can write to its directory can have changed it."
GIVE_SIGNERS = "Add --allowed-signers FILE. Without a key that you trust, a signature proves nothing."
GIVE_KEY = "Add --public-key FILE, with the key that you exported from KMS. The copy beside the report proves nothing."
FILE, SIGNER = "FILE", "SIGNER"
"""Placeholders in a command line for what was not given."""
LONGEST = 4096


@dataclass(frozen=True, slots=True)
class SignatureTrust:
    """What the operator trusts: a file of allowed signers for SSH, and the public key of a KMS key.

    ``signer`` is the principal that must have signed with SSH, or empty for any in the file. ``required`` means that
    evidence of this operator is always signed.
    """

    allowed_signers: Path | None = None
    public_key: Path | None = None
    signer: str = ""
    required: bool = False

    @property
    def expected(self) -> bool:
        """Whether evidence without a signature fails. A forger could have removed the signature."""
        return self.required or self.allowed_signers is not None or self.public_key is not None


def signature_check(report: ReportFile, trust: SignatureTrust) -> CheckResult:
    """Return the result of the check. It passes only for a signature of a key that ``trust`` names."""
    directory = report.path.absolute().parent
    checks = {SSH_SIGNATURE: _ssh, KMS_SIGNATURE: _kms}
    results = [check(report, directory, trust) for name, check in checks.items() if (directory / name).is_file()]
    if not results:
        return _unsigned(report, trust)
    return min(results, key=lambda result: ORDER.index(result.status))


def verification_commands(report: ReportFile, trust: SignatureTrust) -> tuple[str, ...]:
    """Return the command lines that verify the signatures of the report without this program."""
    directory = report.path.absolute().parent
    sums, ssh, kms = directory / SUMS, directory / SSH_SIGNATURE, directory / KMS_SIGNATURE
    commands = []
    if ssh.is_file():
        commands.append(ssh_command(ssh, sums, _quoted(trust.allowed_signers), trust.signer or SIGNER))
    if kms.is_file():
        try:
            algorithm = algorithm_of(trust.public_key or directory / PUBLIC_KEY)
        except Problem:
            algorithm = RSA
        commands.append(public_key_command(algorithm, _quoted(trust.public_key), kms, sums))
    return tuple(commands)


def _quoted(path: Path | None) -> str:
    return path_argument(str(path)) if path else FILE


def _unsigned(report: ReportFile, trust: SignatureTrust) -> CheckResult:
    if report.document["run"]["demo"]:
        return _result(CheckStatus.SKIP, "not signed: evidence of the demo is never signed")
    if trust.expected:
        found = f"not signed: there is neither {SSH_SIGNATURE} nor {KMS_SIGNATURE}, and you expect a signature"
        return _result(CheckStatus.FAIL, found, ANYBODY)
    return _result(CheckStatus.SKIP, "not signed")


def _ssh(report: ReportFile, directory: Path, trust: SignatureTrust) -> CheckResult:
    if trust.allowed_signers is None:
        found = f"signed with an SSH key, but not verified: the allowed signers are not known ({SSH_SIGNATURE})"
        return _result(CheckStatus.SKIP, found, GIVE_SIGNERS)
    signers, signer = trust.allowed_signers, trust.signer
    flaw = _open_to_others(signers)
    if flaw is not None:
        return flaw
    signature = directory / SSH_SIGNATURE
    return _verdict(report, signature, lambda content: verify_ssh(signature, content, signers, signer))


def _kms(report: ReportFile, directory: Path, trust: SignatureTrust) -> CheckResult:
    if trust.public_key is None:
        found = f"signed with a KMS key, but not verified: the public key is not known ({KMS_SIGNATURE})"
        return _result(CheckStatus.SKIP, found, GIVE_KEY)
    key = trust.public_key
    flaw = _open_to_others(key)
    if flaw is not None:
        return flaw
    signature = directory / KMS_SIGNATURE
    return _verdict(report, signature, lambda content: verify_with_public_key(signature, content, key))


def _open_to_others(path: Path) -> CheckResult | None:
    """Return a failure if the file with trusted keys is too large or other users can write to it, or None."""
    try:
        _, status = read_limited(path, LIMIT_BYTES)
        flaw = flaw_of_file(path, status)
    except OSError as error:
        why = error.strerror or type(error).__name__
        return _result(CheckStatus.FAIL, f"{show(str(path), LONGEST)} cannot be read: {why}", "Give the right file.")
    if flaw is None:
        return None
    found = f"other users can change the trusted keys in {show(str(path), LONGEST)}. {flaw.why}"
    return _result(CheckStatus.FAIL, found, f"Run: {flaw.remedy} {show(shlex.quote(str(flaw.path)), LONGEST)}")


def _verdict(report: ReportFile, signature: Path, verify: Callable[[bytes], SignatureVerdict]) -> CheckResult:
    """Return the result of ``verify`` for the list of hashes. If it cannot be run, the check is skipped.

    A valid signature over a list that does not have this report is a failure.
    """
    try:
        content, _ = read_small(report.path.parent / SUMS, "list", limit=LIMIT_BYTES)
        read_small(signature, "signature", limit=LIMIT_BYTES)  # the program that verifies it has no limit
    except Problem as problem:
        return _result(CheckStatus.FAIL, f"{problem.what} {problem.why}", ANYBODY)
    try:
        verdict = verify(content)
    except Problem as problem:
        if problem.kind is Kind.USAGE:
            raise
        return _result(CheckStatus.SKIP, f"not verified: {problem.what} {problem.why}", problem.next)
    found = show(verdict.text, LONGEST)
    if not verdict.valid:
        return _result(CheckStatus.FAIL, found, ANYBODY)
    if hash_in_list(content, NAME) != report.sha256:
        return _result(CheckStatus.FAIL, f"{found}, but the signed {SUMS} does not have this report", ANYBODY)
    head = report.document["integrity"]["journal_head"]
    covered = f"the report and the journal up to line {show(head[:16])}…" if head else "the report"
    return _result(CheckStatus.PASS, f"{found}. It covers {covered}")


def _result(status: CheckStatus, found: str, remedy: str = "") -> CheckResult:
    return CheckResult(ID, TITLE, status, EXPECTED, found, remedy=remedy)
