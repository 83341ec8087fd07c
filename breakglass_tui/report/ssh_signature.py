"""Verifies SSH signatures of evidence with ssh-keygen -Y verify."""

from __future__ import annotations

import shlex
from pathlib import Path

from breakglass_tui.domain.shell_quoting import path_argument
from breakglass_tui.report.child_program import run_program
from breakglass_tui.report.signatures import NAMESPACE, SignatureVerdict


def verify_ssh(signature: Path, content: bytes, allowed_signers: Path, signer: str = "") -> SignatureVerdict:
    """Return whether ``signature`` is a signature over ``content`` by a key in the file ``allowed_signers``.

    ``signer`` is the principal that must have signed. If it is empty, any principal in the file may have signed. Raises
    ``Problem`` if ssh-keygen cannot be run.
    """
    files = ["-s", str(signature), "-f", str(allowed_signers)]
    if not signer:
        found = run_program(["ssh-keygen", "-Y", "find-principals", *files])
        names = found.output.decode("utf-8", "replace").splitlines()
        if not found.ok or not names:
            return _not_allowed(signature, content, allowed_signers)
        signer = names[0]
    done = run_program(["ssh-keygen", "-Y", "verify", *files, "-I", signer, "-n", NAMESPACE], content)
    if done.ok:
        return SignatureVerdict(valid=True, text=done.output.decode("utf-8", "replace").strip())
    genuine = run_program(["ssh-keygen", "-Y", "check-novalidate", "-s", str(signature), "-n", NAMESPACE], content)
    if genuine.ok:
        made = genuine.output.decode("utf-8", "replace").strip()
        reason = ". ".join(filter(None, (done.message, made)))
        return SignatureVerdict(valid=False, text=f"{signer} is not allowed to sign with this key: {reason}")
    return SignatureVerdict(valid=False, text=f"the signature does not match: {genuine.message}")


def ssh_command(signature: Path, sums: Path, allowed_signers: str, signer: str) -> str:
    """Return the command line that verifies an SSH signature without this program. ``allowed_signers`` is quoted."""
    files = f"-s {path_argument(str(signature))} < {path_argument(str(sums))}"
    return f"ssh-keygen -Y verify -f {allowed_signers} -I {shlex.quote(signer)} -n {NAMESPACE} {files}"


def _not_allowed(signature: Path, content: bytes, allowed_signers: Path) -> SignatureVerdict:
    """Return why no principal in ``allowed_signers`` has made the signature."""
    genuine = run_program(["ssh-keygen", "-Y", "check-novalidate", "-s", str(signature), "-n", NAMESPACE], content)
    if not genuine.ok:
        return SignatureVerdict(valid=False, text=f"the signature does not match: {genuine.message}")
    made = genuine.output.decode("utf-8", "replace").strip()
    return SignatureVerdict(valid=False, text=f"the signer is not in {allowed_signers}: {made}")
