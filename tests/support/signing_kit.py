"""SSH keys, KMS keys and trusted keys for signatures, made by ssh-keygen and openssl.

With ``BREAKGLASS_SIGNING=required`` a machine without one of the programs fails.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from breakglass_tui.report.integrity import SUMS
from breakglass_tui.report.report_file import read_report
from breakglass_tui.report.signature_check import SignatureTrust, signature_check

WHO = "alice@example.org"
"""The principal of the key of the tests."""
PROGRAMS = ("ssh-keygen", "ssh-agent", "ssh-add", "openssl")
CURVES = {"ECC_NIST_P256": "prime256v1", "ECC_NIST_P384": "secp384r1", "ECC_SECG_P256K1": "secp256k1"}


def require_programs():
    """Skip the test on a machine that lacks one of ``PROGRAMS``, and say which."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if not missing:
        return
    text = f"not installed: {', '.join(missing)} (apt-get install openssh-client openssl)"
    if os.environ.get("BREAKGLASS_SIGNING") == "required":
        pytest.fail(text)
    pytest.skip(text)


def ran(*command, **given):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, timeout=30, **given)


def ssh_key(path: Path, passphrase: str = "") -> Path:
    """Create an SSH key and return the path of the private key. The public key is beside it, with .pub."""
    ran("ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", path.name, "-f", path)
    return path


def allow(path: Path, principal: str, key: Path, options: str = "") -> Path:
    """Write a file of allowed signers with one line: ``principal`` may sign with ``key``."""
    public = key.with_name(f"{key.name}.pub").read_text()
    path.write_text(f"{principal} {options}{' ' if options else ''}{public}")
    path.chmod(0o600)
    return path


def key_pair(path: Path, spec: str) -> tuple[Path, Path]:
    """Create a key pair as KMS has it, and return the paths of the private and of the public key (PEM)."""
    private, public = path.with_suffix(".key"), path.with_suffix(".pem")
    options = ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
    if spec in CURVES:
        options = ["EC", "-pkeyopt", f"ec_paramgen_curve:{CURVES[spec]}"]
    ran("openssl", "genpkey", "-algorithm", *options, "-out", private)
    ran("openssl", "pkey", "-in", private, "-pubout", "-out", public)
    public.chmod(0o600)
    return private, public


def pasted(command: str, directory: Path | None = None):
    """Run a command line as a user would paste it."""
    where = {"cwd": directory, "timeout": 30}
    return subprocess.run(["bash", "-c", command], check=False, capture_output=True, text=True, **where)


def checked(out: Path, trust: SignatureTrust):
    """Return the result of the check of the signature of the report in ``out``."""
    return signature_check(read_report(out / "report.json"), trust)


def forge(out: Path, change):
    """Change the report, and compute the list of hashes again."""
    document = json.loads((out / "report.json").read_text())
    change(document)
    (out / "report.json").write_text(json.dumps(document))
    names = [line.split("  ", 1)[1] for line in (out / SUMS).read_text().splitlines()]
    sums = (f"{hashlib.sha256((out / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    (out / SUMS).write_text("".join(sums))
