"""Signatures of evidence as KMS makes them, made and verified with the real openssl."""

from __future__ import annotations

from pathlib import Path

import pytest
from signing_kit import checked, forge, key_pair, pasted, ran, require_programs

from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.report.export import export
from breakglass_tui.report.integrity import SUMS
from breakglass_tui.report.public_key_signature import PSS, SPECS
from breakglass_tui.report.report_file import read_report
from breakglass_tui.report.signature_check import SignatureTrust, verification_commands
from breakglass_tui.report.signatures import KMS_SIGNATURE, PUBLIC_KEY

HEAD = "ab" * 32


@pytest.fixture(autouse=True)
def _programs():
    require_programs()


@pytest.fixture(params=["RSA_2048", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_SECG_P256K1"])
def signed_by_kms(request, finished, tmp_path):
    """Return a directory with evidence that has a signature as KMS makes it, and the path of the public key."""
    private, public = key_pair(tmp_path / "kms", request.param)
    out = tmp_path / "out"
    export(finished, out, HEAD)
    algorithm = SPECS[request.param]
    options = [f"-{algorithm.digest}", *algorithm.options, "-sign", private]
    (out / KMS_SIGNATURE).write_bytes(ran("openssl", "dgst", *options, out / SUMS).stdout)
    (out / PUBLIC_KEY).write_bytes(public.read_bytes())
    return out, public


def test_a_signature_of_a_kms_key_is_verified_with_its_public_key(signed_by_kms):
    out, public = signed_by_kms
    trust = SignatureTrust(public_key=public)
    assert checked(out, trust).status is CheckStatus.PASS
    (command,) = verification_commands(read_report(out / "report.json"), trust)
    assert pasted(command).stdout == "Verified OK\n"
    forge(out, lambda document: document["readiness"].update(verdict="ready"))
    assert checked(out, trust).status is CheckStatus.FAIL
    assert "Verification failure" in pasted(command).stdout + pasted(command).stderr


def test_the_report_has_the_command_for_the_key(signed_by_kms):
    out, public = signed_by_kms
    commands = [line for line in (out / "report.md").read_text().splitlines() if line.startswith("openssl")]
    assert len(commands) == 2
    texts = [command.replace("PUBLIC_KEY", str(public)) for command in commands]
    texts += [text.replace("-sha256", "-sha384") for text in texts]
    assert [pasted(text, out).stdout for text in texts].count("Verified OK\n") == 1


def test_the_copy_of_the_public_key_beside_the_report_is_not_trusted(signed_by_kms):
    found = checked(signed_by_kms[0], SignatureTrust())
    assert found.status is CheckStatus.SKIP
    assert "--public-key" in found.remedy
    (command,) = verification_commands(read_report(signed_by_kms[0] / "report.json"), SignatureTrust())
    assert pasted(command.replace("-verify FILE", f"-verify {signed_by_kms[1]}")).stdout == "Verified OK\n"


def test_a_pasted_command_takes_no_file_for_an_option(signed_by_kms, monkeypatch):
    out, public = signed_by_kms
    monkeypatch.chdir(public.parent)
    public.rename("-key.pem")
    trust = SignatureTrust(public_key=Path("-key.pem"))
    assert checked(out, trust).status is CheckStatus.PASS
    (command,) = verification_commands(read_report(out / "report.json"), trust)
    assert " -verify ./-key.pem " in command
    assert pasted(command).stdout == "Verified OK\n"


def test_another_public_key_fails(signed_by_kms, tmp_path):
    for spec in ("RSA_2048", "ECC_NIST_P256"):
        _, other = key_pair(tmp_path / spec, spec)
        assert checked(signed_by_kms[0], SignatureTrust(public_key=other)).status is CheckStatus.FAIL


def test_a_file_that_is_no_public_key_is_a_usage_error(signed_by_kms, tmp_path):
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("not a key")
    with pytest.raises(Problem, match="is not the public key"):
        checked(signed_by_kms[0], SignatureTrust(public_key=wrong))


def test_an_rsa_key_signs_with_pss_whose_salt_is_as_long_as_the_digest(finished, tmp_path):
    private, public = key_pair(tmp_path / "kms", "RSA_2048")
    export(finished, tmp_path / "out")
    for options in (["-sigopt", "rsa_padding_mode:pkcs1"], [*PSS[:3], "rsa_pss_saltlen:20"]):
        signed = ran("openssl", "dgst", "-sha256", *options, "-sign", private, tmp_path / "out" / SUMS)
        (tmp_path / "out" / KMS_SIGNATURE).write_bytes(signed.stdout)
        assert checked(tmp_path / "out", SignatureTrust(public_key=public)).status is CheckStatus.FAIL
