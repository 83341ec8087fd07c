"""Opens envelopes layer by layer, and reports why one does not open."""

from __future__ import annotations

import json
import subprocess

import envelope_kit as kit
import pyrage
import pytest

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.secrets import scrypt_child
from breakglass_tui.secrets.age_seal import AgeSeal, custodian
from breakglass_tui.secrets.envelope_reader import (
    DOES_NOT_OPEN,
    NO_ENVELOPE,
    open_with_identities,
    open_with_passphrase,
    parse_envelope,
)
from breakglass_tui.secrets.identities import read_identities
from breakglass_tui.secrets.scrypt_child import EXCESSIVE, OPENING_TRIES
from breakglass_tui.secrets.sealed_file import LIMIT_BYTES, read_sealed
from breakglass_tui.secrets.secret import Secret


@pytest.fixture
def alice(tmp_path):
    return kit.custodian(tmp_path, "alice")


@pytest.fixture
def bob(tmp_path):
    return kit.custodian(tmp_path, "bob")


@pytest.fixture
def envelope(tmp_path, alice):
    (info,) = kit.sealed(tmp_path, [alice.recipient])
    return tmp_path / info.path


def opens(path, *files):
    return open_with_identities(read_sealed(path), read_identities(files))


def test_an_opened_envelope_has_masked_secrets_and_clear_facts(envelope, alice):
    got = opens(envelope, alice.file)
    assert got.facts == {"account": kit.ACCOUNT_ID, "user": "bg-alice", "contents": "password", "run": "00aa"}
    assert got.secrets["password"].reveal() == kit.PASSWORD
    assert json.loads(got.document.reveal())["secret"] == {"password": kit.PASSWORD}
    assert kit.PASSWORD not in repr(got)


def test_a_wiped_envelope_returns_no_secret(envelope, alice):
    got = opens(envelope, alice.file)
    got.wipe()
    assert got.document.reveal() == got.secrets["password"].reveal() == ""


@pytest.mark.parametrize("reader", kit.READERS)
def test_an_independent_age_reader_opens_every_envelope(reader, tmp_path, alice, bob):
    for info in kit.sealed(tmp_path, [alice.recipient, bob.recipient]):
        assert kit.PASSWORD in reader(tmp_path / info.path, bob.file).decode()
    (both,) = kit.sealed(tmp_path, [alice.recipient, bob.recipient], threshold=2)
    assert kit.PASSWORD in reader(tmp_path / both.path, alice.file, bob.file).decode()


def test_a_key_id_and_a_serial_number_are_not_secret():
    got = parse_envelope(kit.content(secret={"access_key_id": "AKIA1", "secret_access_key": "x"}))
    assert (got.facts["access_key_id"], list(got.secrets)) == ("AKIA1", ["secret_access_key"])
    got = parse_envelope(kit.content(secret={"serial_number": "arn:mfa", "seed": "x"}))
    assert (got.facts["serial_number"], list(got.secrets)) == ("arn:mfa", ["seed"])


def test_two_together_open_in_any_order_and_one_alone_does_not(tmp_path, alice, bob):
    (info,) = kit.sealed(tmp_path, [alice.recipient, bob.recipient], threshold=2)
    for files in ((alice.file, bob.file), (bob.file, alice.file)):
        got = opens(tmp_path / info.path, *files)
        assert (got.layers, got.secrets["password"].reveal()) == (2, kit.PASSWORD)
    for alone, beyond in ((alice.file, ""), (bob.file, "Its first layer opened.")):
        with pytest.raises(Problem) as caught:
            opens(tmp_path / info.path, alone)
        assert caught.value.code == DOES_NOT_OPEN
        assert beyond in caught.value.why
        assert "It needs 2 private keys together, and you gave 1." in caught.value.why
        assert caught.value.next.endswith("-i FILE -i FILE")


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_an_ssh_key_opens_and_the_file_shows_the_start_of_its_fingerprint(tmp_path, kind):
    file, public = kit.ssh_key(tmp_path, kind)
    (info,) = kit.sealed(tmp_path, [public])
    assert opens(tmp_path / info.path, file).secrets["password"].reveal() == kit.PASSWORD
    printed = subprocess.run(["ssh-keygen", "-l", "-f", f"{file}.pub"], capture_output=True, text=True, check=True)
    (shown,) = read_sealed(tmp_path / info.path).encrypted_to
    assert shown.removesuffix("…").split()[1] in printed.stdout
    assert custodian(public).startswith(shown.removesuffix("…"))


def test_a_passphrase_opens_and_another_does_not(tmp_path):
    path = tmp_path / "no-name-that-tells"
    path.write_bytes(kit.locked())
    sealed = read_sealed(path)
    assert (sealed.kind, sealed.encrypted_to) == ("passphrase", ("passphrase",))
    assert open_with_passphrase(sealed, Secret(kit.PASSPHRASE)).secrets["password"].reveal() == kit.PASSWORD
    with pytest.raises(Problem) as caught:
        open_with_passphrase(sealed, Secret(kit.PASSPHRASE + " "))
    assert caught.value.code == DOES_NOT_OPEN


def test_a_file_in_the_binary_form_opens_too(tmp_path, alice):
    path = tmp_path / "binary"
    path.write_bytes(pyrage.encrypt(kit.content(), [alice.identity.to_public()]))
    assert opens(path, alice.file).facts["run"] == "00aa"


def test_every_changed_byte_of_the_file_is_detected(tmp_path, alice):
    whole = bytearray(pyrage.encrypt(kit.content(), [alice.identity.to_public()]))
    for place in range(len(whole)):
        whole[place] ^= 1
        path = tmp_path / "changed"
        path.write_bytes(whole)
        with pytest.raises(Problem) as caught:
            opens(path, alice.file)
        assert kit.PASSWORD not in str(caught.value)
        whole[place] ^= 1


@pytest.mark.parametrize("kept", [60, 200, 400, -2, -40, -100])
def test_a_truncated_file_is_reported_as_damaged(envelope, alice, kept):
    envelope.write_bytes(envelope.read_bytes()[:kept])
    with pytest.raises(Problem) as caught:
        opens(envelope, alice.file)
    assert caught.value.code == DOES_NOT_OPEN
    assert "damaged" in caught.value.why


@pytest.mark.parametrize(
    "inside",
    [
        b"hello",
        b"[1]",
        b'{"app": "other", "version": 1}',
        kit.content(app="other"),
        kit.content(version=2),
        kit.content(secret=None),
        b"\xff",
    ],
)
def test_what_this_program_did_not_seal_is_not_shown(tmp_path, alice, inside):
    path = tmp_path / "foreign.age"
    path.write_bytes(pyrage.encrypt(inside, [alice.identity.to_public()]))
    with pytest.raises(Problem) as caught:
        opens(path, alice.file)
    assert caught.value.kind is Kind.USAGE
    assert "not an envelope of this program" in caught.value.what
    assert "hello" not in str(caught.value)


def test_too_many_layers_are_refused(tmp_path, alice):
    inside = kit.content()
    for _ in range(21):
        inside = pyrage.encrypt(inside, [alice.identity.to_public()])
    path = tmp_path / "onion"
    path.write_bytes(inside)
    with pytest.raises(Problem, match="does not open"):
        opens(path, alice.file)


def test_the_seal_of_a_group_names_the_layer_that_opens_first(tmp_path, alice):
    _, public = kit.ssh_key(tmp_path)
    path = tmp_path / "group"
    path.write_bytes(AgeSeal([alice.recipient, public], together=True).encrypt(kit.content(), {}))
    assert [one.split()[0] for one in read_sealed(path).encrypted_to] == ["ssh-ed25519"]


def test_the_largest_file_that_is_read_is_far_larger_than_any_envelope(tmp_path):
    recipients = [kit.custodian(tmp_path, str(number)).recipient for number in range(100)]
    (info,) = kit.sealed(tmp_path, recipients)
    assert (tmp_path / info.path).stat().st_size * 5 < LIMIT_BYTES


def refusing(monkeypatch, times):
    """Let pyrage refuse so many times because the machine seems slow."""
    refusals = [pyrage.DecryptError(f"{EXCESSIVE} for passphrase.")] * times

    def decrypt(content, passphrase):
        if refusals:
            raise refusals.pop()
        return b"opened"

    monkeypatch.setattr(pyrage.passphrase, "decrypt", decrypt)


def test_a_busy_moment_does_not_count_as_a_slow_machine(monkeypatch):
    refusing(monkeypatch, OPENING_TRIES - 1)
    assert scrypt_child.decrypt(b"", "") == b"opened"


def test_a_slow_machine_is_not_reported_as_a_wrong_passphrase(monkeypatch):
    refusing(monkeypatch, OPENING_TRIES)
    with pytest.raises(pyrage.DecryptError, match=EXCESSIVE):
        scrypt_child.decrypt(b"", "")


@pytest.mark.parametrize(
    "change",
    [
        {"account": "$(touch gone)"},
        {"account": "12345678901"},
        {"user": "a\x1b[31m"},
        {"user": "../../x"},
        {"run": "`id`"},
        {"secret": {"access_key_id": "x y", "secret_access_key": "x"}},
        {"secret": {"serial_number": "[/]", "seed": "x"}},
    ],
    ids=str,
)
def test_public_values_of_another_form_are_refused_and_shown_as_text(change):
    """Who knows a recipient can encrypt any content to it, because age does not authenticate the sender."""
    with pytest.raises(Problem) as raised:
        parse_envelope(kit.content(**change))
    assert raised.value.code == NO_ENVELOPE
    assert "Its content was forged" in raised.value.why
    assert str(raised.value).isprintable()
