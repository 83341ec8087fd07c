from __future__ import annotations

import string
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
from hypothesis import given
from hypothesis import strategies as st

from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import code_pair, otpauth_uri, pair_offset, seconds_left

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@given(st.integers(60, 4_000_000_000), st.floats(0, 0.999))
def test_the_codes_are_those_of_two_consecutive_periods(second, fraction):
    first, second_code = code_pair(Secret(SEED), second + fraction)
    assert first == pyotp.TOTP(SEED).at(datetime.fromtimestamp(second - 30, UTC))
    assert second_code == pyotp.TOTP(SEED).at(datetime.fromtimestamp(second, UTC))


def test_the_codes_are_those_of_rfc_6238():
    # RFC 6238 appendix B, SHA-1, T = 59 s: 94287082, of which six digits remain.
    seed = Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    assert code_pair(seed, 59)[1] == "287082"
    assert code_pair(seed, 89)[0] == "287082"


@given(st.integers(3_000, 4_000_000_000), st.integers(-21, 21))
def test_the_offset_of_two_codes_counts_periods(second, offset):
    codes = code_pair(Secret(SEED), second + 30 * offset)
    assert pair_offset(Secret(SEED), codes, second, within=20) == (offset if abs(offset) <= 20 else None)


@given(st.integers(3_000, 4_000_000_000))
def test_two_codes_in_the_wrong_order_or_with_a_gap_have_no_offset(second):
    first, other = code_pair(Secret(SEED), second)
    later = code_pair(Secret(SEED), second + 30)[1]
    assert pair_offset(Secret(SEED), (other, first), second, within=20) is None
    assert pair_offset(Secret(SEED), (first, later), second, within=20) is None


@given(st.floats(0, 4_000_000_000))
def test_a_code_is_valid_for_one_to_thirty_seconds(now):
    assert 1 <= seconds_left(now) <= 30


def test_the_uri_names_user_and_account_and_is_masked():
    uri = otpauth_uri(Secret(SEED), user_name="bg+alice@x", account_id="123456789012")
    assert SEED not in repr(uri)
    parts = urlsplit(uri.reveal())
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/bg+alice@x@123456789012"
    assert parse_qs(parts.query) == {"secret": [SEED]}


@given(st.text(string.ascii_letters + string.digits + "+=,.@_-", min_size=1, max_size=64))
def test_an_authenticator_reads_the_seed_back_from_the_uri_of_any_user(name):
    uri = otpauth_uri(Secret(SEED * 2), user_name=name, account_id="123456789012").reveal()
    read = pyotp.parse_uri(uri)
    assert read.secret == SEED * 2
    assert read.name in (f"{name}@123456789012", name[:37])
