from __future__ import annotations

import re
import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakglass_tui.domain import rules
from breakglass_tui.domain.request import generated_name
from breakglass_tui.engine.compose import NAME_ALPHABET

NAME_LETTERS = string.ascii_letters + string.digits + "+=,.@_-"
PATH_LETTERS = "".join(chr(n) for n in range(0x21, 0x7F) if chr(n) != "/")
names = st.text(NAME_LETTERS, min_size=1, max_size=64)


@given(names)
def test_a_name_of_up_to_64_iam_characters_is_not_changed(name):
    assert rules.user_name(name) == name


@given(st.text(max_size=80))
def test_a_user_name_is_accepted_exactly_when_the_iam_pattern_matches_all_of_it(name):
    try:
        accepted = rules.user_name(name) == name
    except ValueError:
        accepted = False
    assert accepted == bool(re.fullmatch(r"[A-Za-z0-9_+=,.@-]{0,64}", name))


@pytest.mark.parametrize(
    "name",
    ["two words", "a/b", "line\n", "\nline", "jürgen", "٣٤", "а", "tab\t", "x" * 65, "[/]", "\x1b[31m", "a\u202eb"],
)
def test_a_user_name_that_iam_refuses_is_refused_with_a_sentence_that_is_safe_to_show(name):
    with pytest.raises(ValueError, match=r"is not allowed|at most 64") as error:
        rules.user_name(name)
    assert str(error.value).isprintable()


@given(st.dates(date(2000, 1, 1), date(2999, 12, 31)), st.text(NAME_ALPHABET, min_size=6, max_size=6))
def test_a_generated_name_is_always_a_valid_user_name(day, token):
    name = generated_name(day, token)
    assert rules.user_name(name) == name
    assert re.fullmatch(r"break-glass-[0-9]{8}-[a-z0-9]{6}", name)


@given(st.text(NAME_LETTERS, min_size=1, max_size=128))
def test_a_group_name_may_have_128_characters(name):
    assert rules.group_name(name) == name


@pytest.mark.parametrize("name", ["", "x" * 129, "no group"])
def test_a_bad_group_name_is_refused(name):
    with pytest.raises(ValueError, match=r"."):
        rules.group_name(name)


@given(st.lists(st.text(PATH_LETTERS, min_size=1, max_size=20), max_size=8))
def test_a_path_of_printable_parts_between_slashes_is_accepted(parts):
    path = "/" + "".join(f"{part}/" for part in parts)
    assert rules.path(path) == path


@pytest.mark.parametrize("path", ["", "breakglass", "/x", "x/", "/a b/", "/ä/", "/a/\n", "//", "/" + "a" * 511 + "/"])
def test_a_path_without_slashes_around_it_or_with_other_characters_is_refused(path):
    with pytest.raises(ValueError, match="path"):
        rules.path(path)


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1", "cn-north-1", "ap-southeast-5", "eusc-de-east-1"])
def test_the_name_of_a_region_is_accepted(region):
    assert rules.region(region) == region


@pytest.mark.parametrize("region", ["", "EU-WEST-1", "eu-west", "eu-west-1\n", "eu west 1", "eu-west-١", "mars"])
def test_a_text_that_is_not_a_region_name_is_refused(region):
    with pytest.raises(ValueError, match="Region"):
        rules.region(region)


@given(
    st.from_regex(
        r"arn:aws(-cn|-us-gov)?:iam::[0-9]{12}:role/([a-z]{1,5}/){0,2}[A-Za-z0-9_+=,.@-]{1,64}", fullmatch=True
    )
)
def test_a_role_arn_of_any_partition_is_accepted(arn):
    assert rules.role_arn(arn) == arn


@pytest.mark.parametrize(
    "arn",
    ["role/x", "arn:aws:iam::123:role/x", "arn:aws:iam::123456789012:user/x", "arn:aws:iam::123456789012:role/x\n"],
)
def test_a_text_that_is_not_a_role_arn_is_refused(arn):
    with pytest.raises(ValueError, match="not a role ARN"):
        rules.role_arn(arn)


UUID = "1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.mark.parametrize(
    "key",
    [
        "",
        UUID,
        "mrk-" + "0a" * 16,
        "alias/break-glass",
        f"arn:aws:kms:eu-west-1:123456789012:key/{UUID}",
        "arn:aws-cn:kms:cn-north-1:123456789012:alias/x/y_z",
    ],
)
def test_a_kms_key_may_be_given_in_each_of_its_forms(key):
    assert rules.kms_key_id(key) == key


@pytest.mark.parametrize(
    "key",
    ["alias/aws/s3", "break-glass", "alias/", "alias/a b", UUID.upper(), "arn:aws:kms:eu-west-1:123456789012:key/nope"],
)
def test_a_kms_key_that_cannot_seal_is_refused(key):
    with pytest.raises(ValueError, match=r"KMS key|AWS services"):
        rules.kms_key_id(key)


tag_text = st.text(string.ascii_letters + string.digits + " _.:/=+-@éß中٣", max_size=60)


@given(
    st.dictionaries(
        tag_text.filter(lambda k: k and not k.lower().startswith(("aws:", "breakglass-tui:"))), tag_text, max_size=48
    )
)
def test_tags_of_allowed_characters_are_kept_unless_two_keys_differ_in_case_only(tags):
    if len({key.casefold() for key in tags}) == len(tags):
        assert rules.tags(tags) == tags
    else:
        with pytest.raises(ValueError, match="upper and lower case"):
            rules.tags(tags)


@pytest.mark.parametrize(
    "tags",
    [
        {"": "x"},
        {"aws:x": "y"},
        {"AWS:x": "y"},
        {"breakglass-tui:run-id": "y"},
        {"k" * 129: ""},
        {"k": "v" * 257},
        {"k": "[bold]"},
        {"k\n": "v"},
        {"k": "\x1b"},
        {str(n): "" for n in range(49)},
    ],
)
def test_a_tag_that_iam_refuses_or_that_is_reserved_is_refused(tags):
    with pytest.raises(ValueError, match=r"."):
        rules.tags(tags)


def test_an_age_identity_is_refused_without_repeating_it():
    with pytest.raises(ValueError, match="private key") as error:
        rules.age_recipient("AGE-SECRET-KEY-1QQQ")
    assert "1QQQ" not in str(error.value)


@pytest.mark.parametrize("text", ["", "age2x", "ssh-dss AAAA", "alice"])
def test_a_text_that_is_not_an_age_recipient_is_refused(text):
    with pytest.raises(ValueError, match="not an age recipient"):
        rules.age_recipient(text)


@given(st.text(string.digits, min_size=6, max_size=6))
def test_six_ascii_digits_are_a_code(code):
    assert rules.mfa_code(code) == code


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "123456\n", "123 456"])
def test_anything_else_is_not_a_code(code):
    with pytest.raises(ValueError, match="six digits"):
        rules.mfa_code(code)


@pytest.mark.parametrize("name", [".", "..", ".hidden", "...", "..x"])
def test_a_new_user_has_no_name_that_makes_hidden_files(name):
    with pytest.raises(ValueError, match="cannot start with a dot, because its envelopes would be hidden files"):
        rules.new_user_name(name)
    assert rules.user_name(name) == name


@pytest.mark.parametrize("name", ["", "-x", "a.", "a..b", "x" * 64])
def test_other_names_are_accepted_for_a_new_user(name):
    assert rules.new_user_name(name) == name
