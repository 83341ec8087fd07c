from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakglass_tui.domain.problems import BadRequest, Kind
from breakglass_tui.domain.request import SetupRequest, parse_request
from breakglass_tui.domain.text import show


def errors_of(data):
    with pytest.raises(BadRequest) as caught:
        parse_request(data)
    assert caught.value.kind is Kind.USAGE
    return {error.field: error.message for error in caught.value.errors}


def test_a_region_alone_is_a_request_with_the_published_defaults():
    assert parse_request({"region": "eu-west-1"}).as_json() == {
        "region": "eu-west-1",
        "user_name": "",
        "path": "/breakglass/",
        "access": "console",
        "mfa": "none",
        "require_mfa": False,
        "groups": [],
        "role_arn": "",
        "kms_key_id": "",
        "seal_to": [],
        "seal_threshold": 1,
        "seal_mfa_to": [],
        "seal_mfa_threshold": 1,
        "seal_passphrase": False,
        "password_reset_required": True,
        "tags": {},
    }


def test_a_request_survives_its_own_json():
    request = parse_request({"region": "eu-west-1", "groups": ["emergency"], "tags": {"a": "b"}, "mfa": "sealed"})
    assert parse_request(request.as_json()) == request


def test_every_bad_field_is_named_at_once():
    errors = errors_of({"region": "mars", "user_name": "two words", "access": "all", "groups": ["ok", ""]})
    assert set(errors) == {"region", "user_name", "access", "groups.1"}


def test_an_unknown_field_names_the_nearest_known_one():
    assert errors_of({"region": "eu-west-1", "usr_name": "x"}) == {"usr_name": "unknown field. Did you mean user_name?"}


def test_an_unknown_field_without_a_similar_one_lists_the_known_fields():
    assert "Known fields: region, user_name" in errors_of({"region": "eu-west-1", "zzz": 1})["zzz"]


def test_a_missing_region_is_reported():
    assert errors_of({}) == {"region": "is missing"}


@pytest.mark.parametrize("value", ["true", 1, "yes", None])
def test_a_switch_takes_true_or_false_only(value):
    assert "require_mfa" in errors_of({"region": "eu-west-1", "mfa": "sealed", "require_mfa": value})


def test_a_string_in_place_of_a_list_is_an_error():
    assert errors_of({"region": "eu-west-1", "groups": "Ops"}) == {"groups": "input should be a valid list"}


def test_require_mfa_without_a_device_is_a_clash():
    assert "locks the user out" in errors_of({"region": "eu-west-1", "require_mfa": True})["require_mfa"]


def test_a_group_that_occurs_twice_in_different_case_is_a_clash():
    assert errors_of({"region": "eu-west-1", "groups": ["Ops", "ops"]}) == {"groups": "a group occurs twice"}


def test_recipients_for_a_seed_that_does_not_exist_are_a_clash():
    assert "seal_mfa_to" in errors_of({"region": "eu-west-1", "seal_mfa_to": ["age1abc"]})


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(list(SetupRequest.model_fields)) | st.text(max_size=8), values, max_size=6))
def test_any_data_gives_a_request_or_errors_that_are_safe_to_show(data):
    request, errors = None, ()
    try:
        request = parse_request(data)
    except BadRequest as error:
        errors = error.errors
    assert bool(request) != bool(errors)
    assert all(show(str(one), 9999) == str(one) for one in errors)
    assert request is None or parse_request(request.as_json()) == request
