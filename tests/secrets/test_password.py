from __future__ import annotations

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from breakglass_tui.domain.account import PasswordPolicy
from breakglass_tui.secrets.password import AMBIGUOUS, SYMBOLS, generate_password

policies = st.builds(
    PasswordPolicy,
    minimum_length=st.integers(6, 128),
    uppercase=st.booleans(),
    lowercase=st.booleans(),
    numbers=st.booleans(),
    symbols=st.booleans(),
)
CLASSES = (string.ascii_uppercase, string.ascii_lowercase, string.digits, SYMBOLS)


@given(policies, st.text(string.ascii_letters + string.digits, min_size=1, max_size=64))
@settings(max_examples=200)
def test_a_password_satisfies_any_policy_and_does_not_hold_the_user_name(policy, name):
    password = generate_password(policy, name, "123456789012").reveal()
    assert policy.minimum_length <= len(password) <= 128
    assert len(password) >= 24
    assert all(any(c in group for c in password) for group in CLASSES)
    assert name.casefold() not in password.casefold()


def test_ten_thousand_passwords_are_all_different_clear_to_read_and_use_every_character():
    drawn = {generate_password(PasswordPolicy(), "bg-alice").reveal() for _ in range(10_000)}
    assert len(drawn) == 10_000
    used = set("".join(drawn))
    assert used == set("".join(CLASSES)) - set(AMBIGUOUS)


def test_no_position_is_bound_to_a_class():
    drawn = [generate_password(PasswordPolicy(), "bg-alice").reveal() for _ in range(500)]
    for position in range(24):
        assert sum(1 for group in CLASSES if any(p[position] in group for p in drawn)) == 4
