"""The passphrase seal, which runs in a process beside the app."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
import time
from itertools import cycle
from pathlib import Path

import pyrage
import pytest

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.secrets import passphrase_seal, scrypt_child
from breakglass_tui.secrets.age_file import stanzas
from breakglass_tui.secrets.passphrase_seal import PassphraseSeal, decrypt_with_passphrase, generate_passphrase
from breakglass_tui.secrets.passphrase_strength import LEAST_CHARACTERS, weakness
from breakglass_tui.secrets.secret import Secret

WORDS = "seven tall lanterns under water 58"
CONTENT = b'{"secret": "hush"}'


@pytest.fixture(scope="module")
def sealed():
    return PassphraseSeal(Secret(WORDS)).encrypt(CONTENT, {})


def test_it_opens_with_plain_age_and_the_same_words(sealed):
    assert stanzas(sealed) == ("scrypt",)
    assert pyrage.passphrase.decrypt(sealed, WORDS) == CONTENT


def test_a_busy_moment_does_not_make_guessing_cheap(monkeypatch, sealed):
    factors = iter([15, 16, 15, 18, 14])
    monkeypatch.setattr(scrypt_child.pyrage.passphrase, "encrypt", lambda *_, **__: with_factor(sealed, next(factors)))
    assert scrypt_child.work_factor(scrypt_child.encrypt(CONTENT, WORDS)) == 18
    assert scrypt_child.work_factor(sealed) >= scrypt_child.LEAST_WORK


def test_a_slow_machine_uses_its_highest_work_factor(monkeypatch, sealed):
    factors = cycle([13, 15, 14])
    monkeypatch.setattr(scrypt_child.pyrage.passphrase, "encrypt", lambda *_, **__: with_factor(sealed, next(factors)))
    assert scrypt_child.work_factor(scrypt_child.encrypt(CONTENT, WORDS)) == 15


def with_factor(sealed, factor):
    """Return the file with the header that a machine of another speed would write."""
    lines = sealed.splitlines()
    head = base64.b64decode(b"".join(lines[1:3]))
    parts = head.split(b"\n")
    parts[1] = b" ".join([*parts[1].split()[:-1], str(factor).encode()])
    changed = base64.b64encode(b"\n".join(parts))
    return b"\n".join([lines[0], changed[:64], changed[64:], *lines[3:], b""])


def test_other_words_do_not_open_it_and_are_not_repeated(sealed):
    with pytest.raises(Problem) as caught:
        decrypt_with_passphrase(sealed, Secret("other words"))
    assert caught.value.code == "DoesNotOpen"
    assert caught.value.kind is Kind.USAGE
    assert "other words" not in str(caught.value)


def test_the_interpreter_continues_while_a_key_is_derived():
    longest, over = 0.0, threading.Event()

    def watch():
        nonlocal longest
        before = time.monotonic()
        while not over.wait(0.005):
            now = time.monotonic()
            longest, before = max(longest, now - before), now

    watcher = threading.Thread(target=watch)
    watcher.start()
    PassphraseSeal(Secret(WORDS)).encrypt(CONTENT, {})
    over.set()
    watcher.join()
    # In this process, the key derivation would block everything for more than a second.
    assert 0 < longest < 0.7


def test_neither_a_process_list_nor_an_environment_shows_the_words(monkeypatch):
    seen = {}
    real = subprocess.run

    def watched(command, **options):
        seen.update(command=command, env=options["env"])
        return real(command, **options)

    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary-of-the-operator")
    monkeypatch.setattr(subprocess, "run", watched)
    PassphraseSeal(Secret(WORDS)).encrypt(CONTENT, {})
    assert not any(WORDS in str(part) for part in seen["command"])
    assert set(seen["env"]) == {"LC_ALL"}


def test_a_child_that_cannot_run_is_a_problem_with_a_remedy(monkeypatch):
    monkeypatch.setattr(passphrase_seal.sys, "executable", "/nowhere/python")
    with pytest.raises(Problem, match="could not be derived") as caught:
        PassphraseSeal(Secret(WORDS)).encrypt(CONTENT, {})
    assert "age" in caught.value.next


def test_a_child_that_is_killed_is_a_problem(monkeypatch, tmp_path):
    dies = tmp_path / "python"
    dies.write_text("#!/bin/sh\nkill -9 $$\n")
    dies.chmod(0o700)
    monkeypatch.setattr(passphrase_seal.sys, "executable", str(dies))
    with pytest.raises(Problem) as caught:
        decrypt_with_passphrase(b"", Secret(WORDS))
    assert "-9" in caught.value.why


def test_a_file_that_decrypts_to_something_else_is_refused(monkeypatch):
    monkeypatch.setattr(passphrase_seal, "_run_scrypt", lambda do, *_: b"sealed" if do == "encrypt" else b"other")
    with pytest.raises(Problem, match="does not open"):
        PassphraseSeal(Secret(WORDS)).encrypt(CONTENT, {})


def test_a_generated_one_is_strong_readable_and_never_the_same():
    made = {generate_passphrase().reveal() for _ in range(200)}
    assert len(made) == 200
    for text in made:
        assert [len(group) for group in text.split("-")] == [4] * 6
        assert not set(text) & set("O0oIl1|")
    assert weakness(next(iter(made))) == ""


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("x" * (LEAST_CHARACTERS - 1), "19 characters"),
        ("password", "8 characters"),
        ("a" * 40, "easy to guess"),
        ("passwordpasswordpassword", "easy to guess"),
        ("12345678901234567890", "easy to guess"),
        ("qwertyuiopasdfghjklzxcvbnm", "easy to guess"),
        ("breakglass-night-shift-2026", "easy to guess"),
        ("seven tall lanterns\x1bunder water", "typed again"),
        ("Breakglass-Night-Shift-2026 breakglass-night-shift-2026", "easy to guess"),
    ],
)
def test_a_weak_one_is_refused_with_the_reason_and_without_itself(text, word):
    reason = weakness(text, "breakglass-night-shift-2026")
    assert word in reason
    assert not text.strip() or text not in reason


def test_a_strong_one_is_accepted():
    assert weakness(WORDS, "night-shift", "123456789012") == ""
    assert weakness("correct horse battery staple") == ""


def test_a_very_long_one_is_judged_quickly():
    began = time.monotonic()
    assert weakness(WORDS + os.urandom(4000).hex()) == ""
    assert time.monotonic() - began < 5


def test_the_child_needs_nothing_of_this_package_or_of_the_working_directory(sealed):
    script = Path(passphrase_seal.scrypt_child.__file__)
    assert "breakglass_tui" not in script.read_text()
