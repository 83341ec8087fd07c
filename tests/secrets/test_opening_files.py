"""Files that are not envelopes, and files that are not identities: a clear problem that quotes none of them."""

from __future__ import annotations

import base64
import os
import struct
from pathlib import Path

import envelope_kit as kit
import pyrage
import pytest

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.secrets.identities import read_identities
from breakglass_tui.secrets.sealed_file import LIMIT_BYTES, read_sealed


def problem_of(action):
    with pytest.raises(Problem) as caught:
        action()
    problem = caught.value
    assert problem.kind is Kind.USAGE
    assert problem.why
    assert problem.next
    return problem


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"{}",
        b"[]",
        b'{"version": 1}',
        b"age-encryption",
        b"\x00" * 99,
        b"null",
        b"-----BEGIN PGP MESSAGE",
    ],
)
def test_a_file_of_another_kind_is_not_an_envelope_under_any_name(tmp_path, content):
    path = tmp_path / "bg-alice.password.age"
    path.write_bytes(content)
    assert "is not an envelope" in problem_of(lambda: read_sealed(path)).what


def test_a_file_is_identified_by_its_content_and_not_by_its_name(tmp_path):
    assert read_sealed(kit.kms_file(tmp_path / "bg-alice.password.age")).kind == "kms"


@pytest.mark.parametrize("sort", ["directory", "fifo", "device", "absent", "large", "nul"])
def test_anything_but_a_small_file_is_refused_without_a_wait(tmp_path, sort):
    path = tmp_path / sort
    if sort == "directory":
        path.mkdir()
    elif sort == "fifo":
        os.mkfifo(path)
    elif sort == "device":
        path.symlink_to("/dev/zero")
    elif sort == "large":
        path.write_bytes(b"a" * (LIMIT_BYTES + 1))
    elif sort == "nul":
        path = tmp_path / "\0"
    assert "cannot be read" in problem_of(lambda: read_sealed(path)).what


def test_no_descriptor_stays_open(tmp_path):
    before = len(list(Path("/proc/self/fd").iterdir()))
    for path in (tmp_path, tmp_path / "absent", kit.kms_file(tmp_path / "good")):
        try:
            read_sealed(path)
        except Problem:
            continue
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", 2),
        ("key_arn", 7),
        ("key_arn", "alias/break-glass"),
        ("key_arn", kit.ARN.replace("key/", "alias/")),
        ("key_arn", kit.ARN.replace("eu-west-1", "evil.example")),
        ("key_arn", kit.ARN.replace("eu-west-1", "-")),
        ("encryption_context", {"user": 1}),
        ("encryption_context", None),
        ("ciphertext", ""),
        ("ciphertext", "!"),
        ("ciphertext", None),
        ("ciphertext", "äöü"),
    ],
)
def test_a_kms_file_that_cannot_be_decrypted_has_a_flaw_and_no_region(tmp_path, field, value):
    sealed = read_sealed(kit.kms_file(tmp_path / "e", **{field: value}))
    assert sealed.kms is None
    assert sealed.flaw


def test_a_truncated_kms_file_has_a_flaw(tmp_path):
    path = kit.kms_file(tmp_path / "e")
    path.write_bytes(path.read_bytes()[:-20])
    assert "not complete" in read_sealed(path).flaw


def test_no_problem_quotes_an_identity_file(tmp_path):
    path = tmp_path / "id.txt"
    canary = "AGE-SECRET-KEY-1CANARYCANARYCANARY"
    for text, message in (
        ("", "contains no identity"),
        ("# only a comment\n", "contains no identity"),
        (f"\n{canary}\n", "Line 2 is not an identity"),
        ("CANARY", "Line 1 is not an identity"),
        (str(pyrage.x25519.Identity.generate().to_public()), "a public key"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI CANARY", "a public key"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nCANARY\n", "not an SSH key that age can use"),
    ):
        path.write_text(text)
        problem = problem_of(lambda: read_identities([path]))
        assert message in problem.why
        assert "CANARY" not in str(problem)


@pytest.mark.parametrize("sort", ["plugin", "post-quantum", "locked-ssh", "locked-age"])
def test_a_file_that_only_the_age_program_can_use_names_that_program(tmp_path, sort):
    path = tmp_path / "id"
    if sort == "plugin":
        path.write_text("AGE-PLUGIN-YUBIKEY-1QQQQQQQQ\n")
    elif sort == "post-quantum":
        path.write_text("AGE-SECRET-KEY-PQ-1QQQQQQQQ\n")
    elif sort == "locked-ssh":
        path, _ = kit.ssh_key(tmp_path, passphrase="locked up")
    else:
        path.write_bytes(pyrage.encrypt(b"x", [pyrage.x25519.Identity.generate().to_public()], armored=True))
    assert f"age -d -i {path}" in problem_of(lambda: read_identities([path])).next


def test_identities_come_from_a_pipe_too(tmp_path):
    owner = kit.custodian(tmp_path, "alice")
    read, write = os.pipe()
    os.write(write, owner.file.read_bytes())
    os.close(write)
    assert len(read_identities([f"/dev/fd/{read}", owner.file])) == 2
    os.close(read)


def text(content):
    """Return the SSH encoding of a string in a key."""
    return struct.pack(">I", len(content)) + content


def test_an_ssh_key_that_makes_the_library_panic_is_an_invalid_key(tmp_path, capfd):
    numbers = b"".join(map(text, (b"\x05", b"\x05", b"\x05", b"\x05", b"", b"\x05")))
    private = b"\x01\x02\x03\x04" * 2 + text(b"ssh-rsa") + numbers + text(b"comment")
    private += bytes(range(1, 1 + -len(private) % 8))
    public = text(b"ssh-rsa") + text(b"\x01\x00\x01") + text(b"\x00\xb0" * 9)
    head = b"openssh-key-v1\0" + text(b"none") * 2 + text(b"") + struct.pack(">I", 1)
    body = base64.encodebytes(head + text(public) + text(private))
    path = tmp_path / "id_rsa"
    path.write_bytes(b"-----BEGIN OPENSSH PRIVATE KEY-----\n" + body + b"-----END OPENSSH PRIVATE KEY-----\n")
    assert "not an SSH key that age can use" in problem_of(lambda: read_identities([path])).why
    assert capfd.readouterr().err == ""
