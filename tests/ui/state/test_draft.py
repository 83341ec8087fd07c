"""The draft, its rules and its preview, without a screen."""

from __future__ import annotations

import pytest
from rich.console import Console
from rich.style import Style

from breakglass_tui.domain.request import SetupRequest, parse_request
from breakglass_tui.domain.tag_text import parse_tags
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.assessment.field_rules import RULES, complaint
from breakglass_tui.ui.assessment.plan_preview import forecast
from breakglass_tui.ui.assessment.preview import _Outline
from breakglass_tui.ui.state.draft import Draft
from breakglass_tui.ui.widgets.typed_input import visible

ROLE = "arn:aws:iam::123456789012:role/p/R"
RECIPIENTS = (
    "age1kw2p88h9lce6kp97wp8g5wk30955zjp92v0l3ft093j946amrptsrml62g",
    "age1ahxh5x5gms98x34zk9a9fdnvd5wu52yq29m7hgjjd38eq4vef49s0g6wlz",
    "age1445mdttd2g70s8yrle4wa3465g5ek82kadddmtnlsvaau8t4qdmq78h0aa",
)


def test_a_new_draft_is_a_valid_request_once_region_and_name_are_known():
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
        seal_to=f"{RECIPIENTS[0]}\n{RECIPIENTS[1]}",
        seal_threshold=2,
        seal_mfa_to=RECIPIENTS[2],
        passphrase=Secret("kept from the request"),
        tags="team=ops, empty=",
        password_reset_required=False,
    )
    request = parse_request(draft.as_mapping())
    assert request.user_name == "zoe"
    assert request.tags == {"team": "ops", "empty": ""}
    assert (request.path, request.access, request.mfa) == ("/ops/", "both", "sealed")
    assert (request.groups, request.kms_key_id) == (("emergency",), "alias/x")
    assert (request.seal_to, request.seal_threshold) == (RECIPIENTS[:2], 2)
    assert (request.seal_mfa_to, request.seal_mfa_threshold) == (RECIPIENTS[2:], 1)
    assert request.seal_passphrase is True
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


@pytest.mark.parametrize(("text", "said"), [("team", "key=value"), ("a=1, a=2", "the tag a appears twice")])
def test_tags_that_are_no_pairs_are_refused(text, said):
    with pytest.raises(ValueError, match=said):
        parse_tags(text)


def test_an_error_shows_no_raw_control_characters():
    assert "\x1b" not in complaint("tags", Draft(tags="\x1b=1, \x1b=2"), None)


@pytest.mark.parametrize("name", [*RULES, "access", "mfa"])
def test_no_rule_rejects_a_valid_draft(name):
    assert complaint(name, Draft(region="eu-west-1"), None) == ""


def test_the_forecast_names_what_will_exist():
    draft = Draft(generated_name="bg-1", access="both", mfa="sealed", groups=("g",), role_arn=ROLE)
    texts = [branch.text for branch in forecast(draft, None).branches]
    assert texts == [
        "2 tags of the program",
        "console password",
        "access key",
        "virtual MFA device",
        "inline policy",
        "member of g",
        "may assume R",
    ]


@pytest.mark.parametrize(
    ("fields", "invalid"),
    [
        ({"user_name": "a b"}, "user name not valid"),
        ({"path": "ops"}, "path not valid"),
        ({"tags": "team"}, "tags not valid"),
        ({"groups": ("a/b",)}, "groups not valid"),
        ({"role_arn": "EmergencyAdmin"}, "role not valid"),
        ({"kms_key_id": "my key"}, "KMS key not valid"),
        ({"seal_to": "age1nonsense"}, "offline seals not valid"),
        ({"seal_to": RECIPIENTS[0], "mfa": "sealed", "seal_mfa_to": "age1nonsense"}, "offline seals not valid"),
    ],
)
def test_the_forecast_does_not_show_the_value_of_an_invalid_field(fields, invalid):
    coming = forecast(Draft(region="eu-west-1", generated_name="bg-1", **fields), None)
    words = [coming.user_name, coming.about, *(branch.text for branch in coming.branches), *coming.kept]
    assert sum(invalid in text for text in words) >= 1, words
    values = [value for value in fields.values() if value not in ("sealed", RECIPIENTS[0])]
    assert not any(str(value).strip("(),'") in text for value in values for text in words), words
    assert "recipient" not in " ".join(words)


def test_the_forecast_counts_the_tags_of_the_program_too():
    assert forecast(Draft(), None).branches[0].text == "2 tags of the program"
    tags = forecast(Draft(tags="team=ops"), None).branches[0]
    assert tags.text == "3 tags, 2 of the program"


def test_the_forecast_says_that_a_sealed_seed_needs_a_seal():
    coming = forecast(Draft(mfa="sealed"), None)
    assert "MFA seed: needs a seal" in coming.warnings
    assert not any("MFA seed" in text for text in coming.kept)
    sealed = forecast(Draft(mfa="sealed", kms_key_id="alias/x"), None)
    assert not any("needs a seal" in text for text in sealed.warnings)


def test_the_forecast_warns_when_nothing_or_only_kms_seals():
    assert any("no seal" in text for text in forecast(Draft(mfa="authenticator"), None).warnings)
    assert forecast(Draft(access="both"), None).kept == ("Shown until stored: password, access key",)
    sealed = forecast(Draft(mfa="authenticator", kms_key_id="alias/x"), None)
    assert sealed.warnings == ("only KMS: can lock you out in an outage",)
    assert sealed.kept == ("Sealed with alias/x: password, MFA seed",)


def test_the_forecast_lists_the_offline_seals_of_the_secrets_and_of_the_seed():
    draft = Draft(access="both", mfa="sealed", kms_key_id="alias/x", seal_to="\n".join(RECIPIENTS), seal_threshold=2)
    draft.passphrase = Secret("not shown")
    assert forecast(draft, None).kept == (
        "Sealed with alias/x, 2 of 3 age recipients, passphrase: password, access key, MFA seed",
    )
    assert forecast(draft, None).warnings == ()
    draft.seal_mfa_to = RECIPIENTS[0]
    coming = forecast(draft, None)
    assert coming.kept[1] == "Sealed with 1 other recipient: MFA seed"
    assert coming.calls == forecast(Draft(access="both", mfa="sealed"), None).calls + 2 * 2
    draft.mfa = "none"
    assert [line for line in forecast(draft, None).kept if "seed" in line] == []
    assert draft.as_mapping()["seal_mfa_to"] == []


def test_no_repr_of_a_draft_shows_its_passphrase():
    draft = Draft(passphrase=Secret("hunter2-hunter2-hunter2"))
    assert "hunter2" not in repr(draft) + repr(draft.offline) + repr(vars(draft)) + str(draft.as_mapping())


def test_the_forecast_counts_more_calls_for_more_work():
    small = forecast(Draft(), None).calls
    assert forecast(Draft(kms_key_id="alias/x"), None).calls == small + 2
    assert forecast(Draft(groups=("a", "b")), None).calls > small


def test_characters_without_a_cell_become_visible():
    assert visible(" a\tb\x1b\u202e\u0301 ") == "a␉b␛��"


def test_every_further_line_of_the_preview_is_indented():
    console = Console(width=26)
    text = "Sealed with alias/vendor-data, 1 age recipient: password, access key, MFA seed"
    with console.capture() as drawn:
        console.print(_Outline([("", "  ", text, "")], lambda _: Style.null()))
    first, *others = drawn.get().splitlines()
    assert first.startswith("Sealed")
    assert others
    assert all(line.startswith("  ") and len(line.rstrip()) <= 26 for line in others)
