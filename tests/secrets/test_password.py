from __future__ import annotations

import itertools
import secrets
import string
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breakglass_tui.domain.account import PasswordPolicy
from breakglass_tui.domain.problems import Problem
from breakglass_tui.secrets.password import CLASSES, generate_password

DRAWS = 10_000
ACCOUNT_ID = "123456789012"
UPPER, LOWER, DIGITS = map(frozenset, (string.ascii_uppercase, string.ascii_lowercase, string.digits))
SYMBOLS = frozenset("!@#$%^&*()_+-=[]{}|'")
"""Source: IAM User Guide, "Set an account password policy"."""
HARD_TO_READ = frozenset("O0Il1|'")
LENGTHS = (6, 14, 24, 128)
FLAGS = tuple(itertools.product((False, True), repeat=4))
NAMES = ("a", "L", "o", "7", "@", "=", "O0", "Il1", "ab", "a.b", "break-glass-20261122-k7qm3x", "+=,.@_-", "0")
NOT_BY_CHANCE = 7
"""Standard deviations. By chance, fewer than one run in a hundred thousand million exceeds this."""


def policy_of(flags, length):
    uppercase, lowercase, numbers, symbols = flags
    return PasswordPolicy(length, uppercase, lowercase, numbers, symbols)


def satisfies(password, policy):
    """Return whether the password meets the policy: the minimum length, and one character of each required class."""
    return policy.minimum_length <= len(password) <= 128 and not (
        (policy.uppercase and UPPER.isdisjoint(password))
        or (policy.lowercase and LOWER.isdisjoint(password))
        or (policy.numbers and DIGITS.isdisjoint(password))
        or (policy.symbols and SYMBOLS.isdisjoint(password))
    )


def spread(counts, expected):
    """Return the distance of the chi-square of ``counts`` from its expected value, in standard deviations."""
    chi_square = sum((count - expected) ** 2 / expected for count in counts)
    freedom = len(counts) - 1
    return (chi_square - freedom) / (2 * freedom) ** 0.5


def by_class(text):
    counts = Counter(text)
    assert set(counts) <= set("".join(CLASSES))
    return [[counts[character] for character in group] for group in CLASSES]


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("flags", FLAGS, ids=lambda flags: "".join("-+"[flag] for flag in flags))
def test_ten_thousand_passwords_meet_every_policy_are_easy_to_read_and_do_not_contain_the_user_name(flags, length):
    policy = policy_of(flags, length)
    for _ in range(DRAWS):
        password = generate_password(policy, "ab", ACCOUNT_ID).reveal()
        assert satisfies(password, policy)
        assert len(password) == max(24, length)
        assert HARD_TO_READ.isdisjoint(password)
        assert "ab" not in password.lower()


@pytest.mark.parametrize("length", [24, 128])
@pytest.mark.parametrize("name", NAMES)
def test_no_password_contains_an_odd_name_and_all_classes_are_present(name, length):
    policy = policy_of((True, True, True, True), length)
    for _ in range(300):
        password = generate_password(policy, name, ACCOUNT_ID).reveal()
        assert name.lower() not in password.lower()
        assert satisfies(password, policy)
        assert HARD_TO_READ.isdisjoint(password)


@given(st.text(max_size=64), st.sampled_from(LENGTHS), st.sampled_from(FLAGS), st.sampled_from(["", ACCOUNT_ID]))
@settings(max_examples=300)
def test_for_any_user_name_there_is_a_password_without_it(name, length, flags, account_id):
    policy = policy_of(flags, length)
    password = generate_password(policy, name, account_id).reveal()
    assert satisfies(password, policy)
    assert all(word.casefold() not in password.casefold() for word in (name, account_id) if word)


@given(st.text("".join(CLASSES), min_size=1, max_size=3), st.data())
@settings(max_examples=300)
def test_a_short_name_of_password_characters_never_appears_in_any_case(name, data):
    named = "".join(data.draw(st.sampled_from((c.lower(), c.upper()))) for c in name)
    assert name.lower() not in generate_password(PasswordPolicy(128), named, ACCOUNT_ID).reveal().lower()


def test_the_account_id_never_appears(monkeypatch):
    bytes_of = dict(zip("".join(CLASSES), range(256), strict=False))
    draws = iter(["2345Aa@" + "b" * 17, "3456Aa@" + "b" * 17])
    monkeypatch.setattr(secrets, "token_bytes", lambda size: bytes(bytes_of[c] for c in next(draws)))
    assert generate_password(PasswordPolicy(), "bg", "2345").reveal() == "3456Aa@" + "b" * 17


def test_ten_thousand_passwords_are_all_different_and_use_every_allowed_character():
    drawn = {generate_password(PasswordPolicy(), "bg-alice").reveal() for _ in range(DRAWS)}
    assert len(drawn) == DRAWS
    assert set("".join(drawn)) == (UPPER | LOWER | DIGITS | SYMBOLS) - HARD_TO_READ


def test_every_character_of_a_class_is_equally_likely_at_every_position():
    drawn = [generate_password(PasswordPolicy(), "bg-alice", ACCOUNT_ID).reveal() for _ in range(4 * DRAWS)]
    for counts in by_class("".join(drawn)):
        assert spread(counts, sum(counts) / len(counts)) < NOT_BY_CHANCE
    places = ["".join(place) for place in zip(*drawn, strict=True)]
    for kind in zip(*([sum(counts) for counts in by_class(place)] for place in places), strict=True):
        assert spread(kind, sum(kind) / len(kind)) < NOT_BY_CHANCE


@pytest.mark.parametrize("bias", ["modulo", "one of each first"])
def test_the_measure_of_chance_detects_modulo_bias_and_a_position_bound_to_a_class(bias):
    alphabet = "".join(CLASSES)
    if bias == "modulo":
        drawn = "".join(alphabet[byte % len(alphabet)] for byte in secrets.token_bytes(24 * DRAWS))
        assert max(spread(counts, sum(counts) / len(counts)) for counts in by_class(drawn)) > NOT_BY_CHANCE
    else:
        kinds = [DRAWS, *[round(DRAWS * len(CLASSES[0]) / len(alphabet))] * 23]
        assert spread(kinds, sum(kinds) / len(kinds)) > NOT_BY_CHANCE


def test_a_policy_that_no_password_can_meet_is_a_problem():
    with pytest.raises(Problem, match="No console password can be generated") as caught:
        generate_password(PasswordPolicy(minimum_length=129), "bg-alice", ACCOUNT_ID)
    assert "129 characters" in str(caught.value)


def test_a_broken_random_source_is_a_problem_and_gives_no_password(monkeypatch):
    monkeypatch.setattr(secrets, "token_bytes", bytes)
    with pytest.raises(Problem, match="No console password can be generated") as caught:
        generate_password(PasswordPolicy(), "bg-alice", ACCOUNT_ID)
    assert "every class of characters" in str(caught.value)


def test_a_thousand_passwords_are_generated_in_a_second():
    before = time.process_time()
    for _ in range(1000):
        generate_password(PasswordPolicy(128), "bg-alice", ACCOUNT_ID)
    assert time.process_time() - before < 1
