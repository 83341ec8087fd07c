"""Signatures of evidence with SSH keys, made and verified with the real ssh-keygen."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from signing_kit import WHO, allow, checked, forge, key_pair, pasted, ran, require_programs, ssh_key

from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.report.export import export
from breakglass_tui.report.integrity import SUMS
from breakglass_tui.report.report_file import read_report
from breakglass_tui.report.signature_check import SignatureTrust, verification_commands
from breakglass_tui.report.signatures import KMS_SIGNATURE, SSH_SIGNATURE
from breakglass_tui.report.ssh_signer import SshSigner

HEAD = "ab" * 32


@pytest.fixture(autouse=True)
def _programs():
    require_programs()


@pytest.fixture
def out(finished, tmp_path, key):
    """Return a directory with evidence that Alice signed."""
    found = export(finished, tmp_path / "out", HEAD, signer=SshSigner(key))
    assert found.unsigned is None
    return tmp_path / "out"


def test_a_signature_of_a_trusted_key_passes_and_says_what_it_covers(out, trust):
    found = checked(out, trust)
    assert found.status is CheckStatus.PASS
    assert WHO in found.found
    assert f"the report and the journal up to line {HEAD[:16]}" in found.found


def test_ssh_keygen_verifies_it_without_this_program(out, trust):
    (command,) = verification_commands(read_report(out / "report.json"), trust)
    command = command.replace("SIGNER", WHO)
    assert pasted(command).stdout.startswith(f'Good "breakglass-tui" signature for {WHO}')
    with (out / SUMS).open("a") as file:
        file.write("\n")
    assert pasted(command).returncode != 0


@pytest.mark.parametrize("name", ["report.md", "report.html"])
def test_the_report_has_the_commands_that_verify_it(out, trust, name):
    text = html.unescape((out / name).read_text())
    signers = text.replace("ALLOWED_SIGNERS", str(trust.allowed_signers)).replace("SIGNER", WHO)
    hashes, signature = (
        re.search(rf"^(?:<pre>)?({start}[^<]*(?:< \./\w+)?)", signers, re.MULTILINE)[1].strip()
        for start in ("sha256sum", "ssh-keygen")
    )
    assert "breakglass-tui verify report.json" in text
    for command in (hashes, signature):
        assert pasted(command, out).returncode == 0, command
        forged = (out / SUMS).read_bytes()
        (out / SUMS).write_bytes(forged.replace(b"0", b"1"))
        assert pasted(command, out).returncode != 0, command
        (out / SUMS).write_bytes(forged)


def test_without_a_trusted_key_it_is_never_a_pass(out):
    found = checked(out, SignatureTrust())
    assert found.status is CheckStatus.SKIP
    assert "--allowed-signers" in found.remedy
    assert "FILE" in verification_commands(read_report(out / "report.json"), SignatureTrust())[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["readiness"].update(verdict="ready"),
        lambda document: document["integrity"].update(journal_head="cd" * 32),
    ],
    ids=["verdict", "head"],
)
def test_evidence_that_was_changed_with_its_hashes_fails(out, trust, change):
    forge(out, change)
    found = checked(out, trust)
    assert found.status is CheckStatus.FAIL
    assert "does not match" in found.found


def test_a_report_that_the_signed_list_does_not_have_fails(out, trust):
    (out / "report.json").write_text((out / "report.json").read_text() + "\n")
    found = checked(out, trust)
    assert found.status is CheckStatus.FAIL
    assert "does not have this report" in found.found


def test_a_signature_of_a_key_that_is_not_trusted_fails(out, tmp_path):
    other = allow(tmp_path / "others", "bob@example.org", ssh_key(tmp_path / "bob"))
    found = checked(out, SignatureTrust(allowed_signers=other))
    assert found.status is CheckStatus.FAIL
    assert "is not in" in found.found


@pytest.mark.parametrize(
    ("signer", "options", "status"),
    [
        (WHO, "", CheckStatus.PASS),
        ("bob@example.org", "", CheckStatus.FAIL),
        (WHO, 'namespaces="git"', CheckStatus.FAIL),
        (WHO, 'namespaces="breakglass-tui"', CheckStatus.PASS),
        (WHO, 'valid-before="20200101"', CheckStatus.FAIL),
    ],
)
def test_the_principal_and_the_limits_of_the_allowed_signers_count(out, tmp_path, key, signer, options, status):
    file = allow(tmp_path / "allowed", WHO, key, options)
    assert checked(out, SignatureTrust(allowed_signers=file, signer=signer)).status is status


def test_another_signer_is_named_by_the_key(out, tmp_path):
    file = allow(tmp_path / "allowed", WHO, ssh_key(tmp_path / "other"))
    found = checked(out, SignatureTrust(allowed_signers=file, signer=WHO))
    assert found.status is CheckStatus.FAIL
    assert f"{WHO} is not allowed to sign with this key: Good" in found.found
    assert "SHA256:" in found.found


@pytest.mark.parametrize("principals", ["!eve@example.org,*@example.org", "*"])
def test_a_pattern_of_principals_allows_the_key_alone(out, tmp_path, key, principals):
    signers = allow(tmp_path / "signers", principals, key)
    assert checked(out, SignatureTrust(allowed_signers=signers)).status is CheckStatus.PASS
    other = allow(tmp_path / "others", principals, ssh_key(tmp_path / "mallory"))
    assert checked(out, SignatureTrust(allowed_signers=other)).status is CheckStatus.FAIL


def test_a_pasted_command_takes_no_file_for_an_option(out, tmp_path, key, monkeypatch):
    monkeypatch.chdir(tmp_path)
    allow(tmp_path / "-al lowed", WHO, key)
    trust = SignatureTrust(allowed_signers=Path("-al lowed"), signer=WHO)
    assert checked(out, trust).status is CheckStatus.PASS
    (command,) = verification_commands(read_report(out / "report.json"), trust)
    assert " -f './-al lowed' " in command
    assert pasted(command).returncode == 0


def test_a_signature_for_another_purpose_fails(out, trust, key):
    signed = ran("ssh-keygen", "-Y", "sign", "-f", key, "-n", "file", input=(out / SUMS).read_bytes())
    (out / SSH_SIGNATURE).write_bytes(signed.stdout)
    assert checked(out, trust).status is CheckStatus.FAIL


def test_a_damaged_signature_fails(out, trust):
    (out / SSH_SIGNATURE).write_text("-----BEGIN SSH SIGNATURE-----\n")
    assert checked(out, trust).status is CheckStatus.FAIL


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (SignatureTrust(), CheckStatus.SKIP),
        (SignatureTrust(required=True), CheckStatus.FAIL),
        ("allowed signers", CheckStatus.FAIL),
    ],
)
def test_a_signature_that_is_missing_fails_if_one_is_expected(out, trust, given, status):
    (out / SSH_SIGNATURE).unlink()
    assert checked(out, given if isinstance(given, SignatureTrust) else trust).status is status


def test_the_demo_is_never_signed(out, trust):
    (out / SSH_SIGNATURE).unlink()
    forge(out, lambda document: document["run"].update(demo=True))
    assert checked(out, trust).status is CheckStatus.SKIP


def test_trusted_keys_that_others_can_change_prove_nothing(out, trust):
    trust.allowed_signers.chmod(0o666)
    found = checked(out, trust)
    assert found.status is CheckStatus.FAIL
    assert f"chmod go-w {trust.allowed_signers}" in found.remedy


def test_without_ssh_keygen_it_is_not_verified(out, trust, monkeypatch):
    monkeypatch.setenv("PATH", str(out))
    found = checked(out, trust)
    assert found.status is CheckStatus.SKIP
    assert "ssh-keygen is not installed" in found.found


def test_evidence_that_cannot_be_signed_is_written_and_signed_by_a_later_export(finished, tmp_path, key, trust):
    found = export(finished, tmp_path / "out", HEAD, signer=SshSigner(tmp_path / "nothing"))
    assert found.unsigned is not None
    assert (tmp_path / "out" / "report.json").exists()
    again = export(finished, tmp_path / "out", HEAD, signer=SshSigner(key))
    assert (again.unsigned, again.earlier) == (None, None)
    assert checked(tmp_path / "out", trust).status is CheckStatus.PASS


def test_later_evidence_has_its_own_signature_and_the_earlier_stays_valid(finished, out, key, trust):
    finished.header = None
    later = export(finished, out, HEAD, signer=SshSigner(key))
    assert later.paths[-1].name == SSH_SIGNATURE
    for directory in (out, later.paths[0].parent):
        assert checked(directory, trust).status is CheckStatus.PASS


def test_a_signature_without_its_list_is_not_taken_for_that_of_new_evidence(finished, tmp_path, key, trust):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / SSH_SIGNATURE).write_text("of other evidence")
    later = export(finished, tmp_path / "out", HEAD, signer=SshSigner(key))
    assert later.paths[0].parent.parent == tmp_path / "out"
    assert checked(later.paths[0].parent, trust).status is CheckStatus.PASS


def test_of_two_signatures_one_that_fails_counts(out, trust, tmp_path):
    _, public = key_pair(tmp_path / "kms", "ECC_NIST_P256")
    (out / KMS_SIGNATURE).write_bytes(b"garbage")
    assert checked(out, trust).status is CheckStatus.PASS
    both = SignatureTrust(allowed_signers=trust.allowed_signers, public_key=public)
    assert checked(out, both).status is CheckStatus.FAIL
