"""The QR code: the drawing is what segno computed, and it fits a small terminal."""

from __future__ import annotations

import pytest
import segno

from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import otpauth_uri
from breakglass_tui.ui.widgets.qr import drawing, matrix_of, quiet_zone, rows

SEED = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 2
DARK = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}


def decoded(text):
    """Return the rows of modules of lines of half blocks."""
    modules = []
    for line in text.splitlines():
        modules.append([DARK[character][0] for character in line])
        modules.append([DARK[character][1] for character in line])
    return modules


def uri(user_name="break-glass-20261122-k7qm3x"):
    return otpauth_uri(Secret(SEED), user_name=user_name, account_id="123456789012").reveal()


@pytest.mark.parametrize("zone", [2, 3, 4])
def test_a_drawing_read_back_is_the_matrix_within_its_quiet_zone(zone):
    matrix = matrix_of(uri())
    modules = decoded(drawing(matrix, zone))
    side = len(matrix) + 2 * zone
    inner = tuple(tuple(row[zone : zone + len(matrix)]) for row in modules[zone : zone + len(matrix)])
    assert inner == matrix
    assert all(len(row) == side for row in modules)
    assert sum(map(sum, modules)) == sum(map(sum, matrix)), "something dark is outside of the code"


def test_the_matrix_is_segnos_own_for_the_same_segments():
    parts = ["otpauth://totp/break-glass-20261122-k7qm3x@", "123456789012", "?secret=", SEED]
    code = segno.make_qr(parts, error="l", boost_error=False)
    assert matrix_of(uri()) == tuple(tuple(bool(module) for module in row) for row in code.matrix)
    assert (code.version, code.error) == (5, "L")


def test_text_without_long_digits_or_base32_is_one_plain_segment():
    code = segno.make_qr("hello, world", error="l", boost_error=False)
    assert matrix_of("hello, world") == tuple(tuple(bool(module) for module in row) for row in code.matrix)


@pytest.mark.parametrize("user_name", ["a", "break-glass-20261122-k7qm3x", "b" * 28, "b" * 29, "b" * 37, "b" * 64])
def test_every_user_name_fits_a_terminal_of_24_rows(user_name):
    matrix = matrix_of(uri(user_name))
    assert quiet_zone(matrix, 80 - 2 - 37, 21) == 2
    assert rows(len(matrix) + 4) <= 21


def test_the_quiet_zone_is_as_wide_as_the_room_allows():
    matrix = matrix_of(uri())
    assert [quiet_zone(matrix, 80, height) for height in (20, 21, 22, 23)] == [0, 2, 3, 4]
    assert [quiet_zone(matrix, width, 40) for width in (40, 41, 43, 45)] == [0, 2, 3, 4]


def test_the_label_names_user_and_account_and_a_long_name_is_cut():
    assert uri() == f"otpauth://totp/break-glass-20261122-k7qm3x@123456789012?secret={SEED}"
    assert uri("b" * 64) == f"otpauth://totp/{'b' * 37}?secret={SEED}"
    assert uri("a+b=c,d@e") == f"otpauth://totp/a%2Bb=c,d@e@123456789012?secret={SEED}"
