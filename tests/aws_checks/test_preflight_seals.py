"""The preflight checks seal-works and output-writable."""

from __future__ import annotations

import errno
import stat
from dataclasses import replace

import pyrage
import pytest

from breakglass_tui.aws.preflight.sealing import OutputPreflight, SealPreflight
from breakglass_tui.domain.checks import CheckStatus

BROKEN = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"


def recipient():
    return str(pyrage.x25519.Identity.generate().to_public())


@pytest.fixture
def check(bench, tmp_path):
    return lambda **fields: bench.inspect(SealPreflight(bench.clients, bench.setup(tmp_path, **fields)))


def test_a_kms_key_encrypts_and_decrypts_a_canary(check):
    result = check(kms_key_id="alias/break-glass")
    assert result.status is CheckStatus.PASS
    assert [call.operation for call in result.calls] == ["kms:Encrypt", "kms:Decrypt"]
    assert all(call.request_id for call in result.calls)


def test_every_seal_is_tested(check):
    result = check(kms_key_id="alias/break-glass", seal_to=[recipient()], mfa="sealed", seal_mfa_to=[recipient()])
    assert result.status is CheckStatus.PASS
    assert result.found == "encrypted with age; encrypted and decrypted with KMS; encrypted with age"


@pytest.mark.parametrize("alias", ["alias/old-backups", "alias/retired-2024", "alias/code-signing", "alias/no-such"])
def test_a_key_that_cannot_seal_fails(check, alias):
    result = check(kms_key_id=alias)
    assert result.status is CheckStatus.FAIL
    assert "kms:Encrypt" in result.found
    assert result.remedy


def test_a_key_that_may_not_decrypt_fails(check, refuse):
    refuse("decrypt", "AccessDeniedException", service="kms")
    result = check(kms_key_id="alias/break-glass")
    assert result.status is CheckStatus.FAIL
    assert "kms:Decrypt" in result.found


@pytest.mark.parametrize("field", ["seal_to", "seal_mfa_to"])
def test_an_invalid_recipient_fails_although_it_looks_like_one(check, field):
    result = check(**{field: [BROKEN]}, mfa="sealed")
    assert result.status is CheckStatus.FAIL
    assert "age" in result.found
    assert result.remedy


def test_the_directory_is_made_for_its_owner_only(bench, tmp_path):
    directory = tmp_path / "new" / "out"
    result = bench.inspect(OutputPreflight(bench.setup(directory)))
    assert result.status is CheckStatus.PASS
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert list(directory.iterdir()) == []


def test_a_directory_that_is_a_file_fails_and_is_named(bench, tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("a file")
    result = bench.inspect(OutputPreflight(bench.setup(taken)))
    assert result.status is CheckStatus.FAIL
    assert result.found == f"Cannot write to {taken}. The system reports: Not a directory."
    assert result.remedy == "Choose another directory with --out."


def test_a_directory_that_others_can_write_to_fails_also_for_a_resumed_run(bench, tmp_path):
    tmp_path.chmod(0o770)
    for setup in (bench.setup(tmp_path), replace(bench.setup(tmp_path), resumed=True)):
        result = bench.inspect(OutputPreflight(setup))
        assert result.status is CheckStatus.FAIL
        assert result.remedy == f"Check its content, then run: chmod 700 {tmp_path}"


def test_a_directory_whose_files_are_copied_elsewhere_is_a_warning(bench, tmp_path):
    result = bench.inspect(OutputPreflight(bench.setup(tmp_path / "Nextcloud" / "evidence")))
    assert result.status is CheckStatus.WARN
    assert "is in the folder Nextcloud, which is copied to a cloud service" in result.found
    assert result.remedy == "Choose a directory outside of it."


def test_a_resumed_run_has_no_other_directory(bench, tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("a file")
    result = bench.inspect(OutputPreflight(replace(bench.setup(taken), resumed=True)))
    assert result.remedy == f"Make {taken} a directory that only you can write to."


def test_a_full_disk_is_named_as_what_to_fix(bench, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("breakglass_tui.secrets.envelope_files.write_probe", full)
    result = bench.inspect(OutputPreflight(bench.setup(tmp_path)))
    assert result.remedy == "Free disk space, or choose another directory with --out."


@pytest.mark.parametrize("name", ["password.age", "access-key.kms.json", "mfa-seed.age"])
def test_an_envelope_of_another_run_in_the_directory_fails_and_is_named(bench, tmp_path, name):
    setup = bench.setup(tmp_path)
    envelope = tmp_path / f"{setup.request.user_name}.{name}"
    envelope.write_text("sealed")
    result = bench.inspect(OutputPreflight(setup))
    assert result.status is CheckStatus.FAIL
    assert result.found == f"{tmp_path} has envelopes of another run: {envelope.name}"
    assert "--out" in result.remedy


def test_a_passphrase_that_is_not_known_yet_is_not_tested_and_the_other_seals_are(check):
    result = check(kms_key_id="alias/break-glass", seal_passphrase=True)
    assert result.status is CheckStatus.WARN
    assert result.found == "encrypted and decrypted with KMS; not tested with the passphrase, which is not known yet"
    assert result.remedy
