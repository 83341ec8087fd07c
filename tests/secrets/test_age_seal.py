"""The age seal: any one of several recipients, k of n together, and the content of a header."""

from __future__ import annotations

import shutil
import subprocess
from itertools import combinations

import pyrage
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from breakglass_tui.domain.problems import Problem
from breakglass_tui.secrets.age_file import is_age, stanzas
from breakglass_tui.secrets.age_seal import AgeSeal, age_seals, custodian

CONTENT = b'{"secret": "hush"}'


def identities(count):
    return [pyrage.x25519.Identity.generate() for _ in range(count)]


def public(made):
    return [str(identity.to_public()) for identity in made]


def ssh_pair(key):
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    line = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return private, line.decode()


@pytest.fixture(params=["ed25519", "rsa"], scope="module")
def ssh(request):
    if request.param == "ed25519":
        return ssh_pair(ed25519.Ed25519PrivateKey.generate())
    return ssh_pair(rsa.generate_private_key(public_exponent=65537, key_size=2048))


def test_any_two_of_three_open_and_no_single_one_does():
    made = identities(3)
    seals = age_seals(public(made), threshold=2)
    assert [seal.suffix for seal in seals] == ["1+2.age", "1+3.age", "2+3.age"]
    for seal, (one, other) in zip(seals, combinations(made, 2), strict=True):
        sealed = seal.encrypt(CONTENT, {})
        inner = pyrage.decrypt(sealed, [other])
        assert pyrage.decrypt(inner, [one]) == CONTENT
        assert CONTENT not in inner
        assert (seal.needs, len(seal.custodians)) == (2, 2)
        for identity in made:
            if identity is not other:
                with pytest.raises(pyrage.DecryptError):
                    pyrage.decrypt(sealed, [identity])


def test_without_one_custodian_the_others_still_open_a_file_of_each_secret():
    made = identities(5)
    for lost in range(5):
        left = [identity for index, identity in enumerate(made) if index != lost]
        opened = 0
        for seal in age_seals(public(made), threshold=3):
            content = seal.encrypt(CONTENT, {})
            try:
                for _ in range(3):
                    content = pyrage.decrypt(content, left)
            except pyrage.DecryptError:
                continue
            assert content == CONTENT
            opened += 1
        assert opened == 4


def test_an_ssh_key_opens_what_was_sealed_to_it(ssh):
    private, line = ssh
    sealed = AgeSeal([f"{line} ops@example"]).encrypt(CONTENT, {})
    assert pyrage.decrypt(sealed, [pyrage.ssh.Identity.from_buffer(private)]) == CONTENT


def test_an_ssh_custodian_is_named_by_the_fingerprint_that_ssh_keygen_shows(ssh, tmp_path):
    _, line = ssh
    named = custodian(f"{line} ops@example")
    kind, fingerprint, comment = named.split()
    assert (kind, comment) == (line.split()[0], "ops@example")
    assert fingerprint.startswith("SHA256:")
    assert len(fingerprint) == len("SHA256:") + 43
    keygen = shutil.which("ssh-keygen")
    if keygen:
        key = tmp_path / "key.pub"
        key.write_text(line)
        shown = subprocess.run([keygen, "-lf", key], capture_output=True, text=True, check=True).stdout
        assert fingerprint in shown


def test_an_age_custodian_is_its_recipient():
    (recipient,) = public(identities(1))
    assert AgeSeal([recipient]).custodians == (recipient,)


def test_a_header_has_the_kinds_of_recipients_and_nothing_else(ssh):
    recipients = [*public(identities(2)), ssh[1]]
    sealed = AgeSeal(recipients).encrypt(CONTENT, {})
    assert is_age(sealed)
    assert sorted(stanzas(sealed)) == sorted(["X25519", "X25519", ssh[1].split()[0]])
    assert stanzas(pyrage.encrypt(CONTENT, [pyrage.x25519.Recipient.from_str(recipients[0])])) == ("X25519",)


@pytest.mark.parametrize("content", [b"", b"{}", b"age-encryption.org/v1", b"age-encryption.org/v1\n-> X25519 a\n"])
def test_a_file_that_is_not_an_age_file_is_refused(content):
    with pytest.raises(ValueError, match="age file"):
        stanzas(content)


def test_a_damaged_armor_is_reported():
    sealed = AgeSeal(public(identities(1))).encrypt(CONTENT, {})
    lines = sealed.splitlines()
    lines[1] = b"*" + lines[1][1:]
    with pytest.raises(ValueError, match="armor"):
        stanzas(b"\n".join(lines))


def test_a_file_without_its_recipients_is_refused(monkeypatch):
    (recipient,), stranger = public(identities(1)), identities(2)
    both = [identity.to_public() for identity in stranger]
    other = pyrage.encrypt(CONTENT, both, armored=True)
    monkeypatch.setattr(pyrage, "encrypt", lambda *_, **__: other)
    with pytest.raises(Problem, match="does not have the recipients"):
        AgeSeal([recipient]).encrypt(CONTENT, {})
