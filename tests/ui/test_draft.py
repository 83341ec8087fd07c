"""Draft, its rules and its forecast; no screen."""

from __future__ import annotations

import pytest

from breakglass_tui.domain.request import SetupRequest, parse_request
from breakglass_tui.ui.draft import Draft, parse_tags
from breakglass_tui.ui.field_rules import RULES, complaint
from breakglass_tui.ui.forecast import forecast
from breakglass_tui.ui.widgets.assessment.typed_input import visible


def test_a_fresh_draft_is_a_right_request_once_region_and_name_are_known():
    request = parse_request(Draft(region="eu-west-1", generated_name="break-glass-1").as_mapping())
    assert request == SetupRequest(region="eu-west-1", user_name="break-glass-1")


def test_every_field_of_the_draft_reaches_the_request():
    draft = Draft(
        region="eu-west-1",
        user_name="zoe",
        generated_name="other",
        path="/ops/",
        access="both",
        mfa="sealed",
        groups=("emergency",),
        role_arn="arn:aws:iam::123456789012:role/x",
        kms_key_id="alias/x",
        tags="team=ops, empty=",
        password_reset_required=False,
    )
    request = parse_request(draft.as_mapping())
    assert request.user_name == "zoe"
    assert request.tags == {"team": "ops", "empty": ""}
    assert (request.path, request.access, request.mfa) == ("/ops/", "both", "sealed")
    assert (request.groups, request.kms_key_id) == (("emergency",), "alias/x")
    assert request.role_arn.endswith("role/x")
    assert request.password_reset_required is False


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", {}),
        (" , ,", {}),
        ("a=b", {"a": "b"}),
        (" a = b , c=", {"a": "b", "c": ""}),
        ("url=https://x=y", {"url": "https://x=y"}),
    ],
)
def test_tags_are_read_as_pairs(text, tags):
    assert parse_tags(text) == tags


@pytest.mark.parametrize(("text", "said"), [("team", "key=value"), ("a=1, a=2", "the tag a is given twice")])
def test_tags_that_are_no_pairs_are_refused(text, said):
    with pytest.raises(ValueError, match=said):
        parse_tags(text)


def test_a_complaint_shows_no_raw_control_characters():
    assert "\x1b" not in complaint("tags", Draft(tags="\x1b=1, \x1b=2"), None)


@pytest.mark.parametrize("name", [*RULES, "access", "mfa"])
def test_no_rule_complains_of_a_right_draft(name):
    assert complaint(name, Draft(region="eu-west-1"), None) == ""


def test_the_forecast_names_what_will_exist():
    draft = Draft(generated_name="bg-1", access="both", mfa="sealed", groups=("g",), role_arn="arn:aws:iam::1:role/p/R")
    texts = [branch.text for branch in forecast(draft, None).branches]
    assert texts == [
        "console password",
        "access key",
        "virtual MFA device",
        "inline policy",
        "member of g",
        "may assume R",
    ]


def test_the_forecast_warns_when_nothing_or_only_kms_seals():
    assert any("no seal" in text for text in forecast(Draft(mfa="authenticator"), None).warnings)
    sealed = forecast(Draft(mfa="authenticator", kms_key_id="alias/x"), None)
    assert sealed.warnings == ("only KMS: circular in an outage",)
    assert sealed.secrets == "Sealed by alias/x: password"


def test_the_forecast_counts_more_calls_for_more_work():
    small = forecast(Draft(), None).calls
    assert forecast(Draft(kms_key_id="alias/x"), None).calls == small + 2
    assert forecast(Draft(groups=("a", "b")), None).calls > small


def test_what_has_no_cell_of_its_own_becomes_visible():
    assert visible(" a\tb\x1b\u202e\u0301 ") == "a␉b␛��"
