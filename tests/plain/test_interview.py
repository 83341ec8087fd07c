"""The questions of plain mode, answered with the lines that a test lists."""

from __future__ import annotations

from dataclasses import replace

import pyrage
import pytest
from scripted import Typing

from breakglass_tui.domain.account import AccountList, Group, KmsKey
from breakglass_tui.domain.problems import FieldError, Problem
from breakglass_tui.plain.choices import MAX_LINES
from breakglass_tui.plain.form_question import InterviewState
from breakglass_tui.plain.form_questions import QUESTIONS
from breakglass_tui.plain.interview import Interview
from breakglass_tui.plain.terminal import InputEnded

ROLE = "arn:aws:iam::123456789012:role/EmergencyAdmin"
GOOD = "velvet 9 tractor nibbles cold zinc"
ONE, TWO, THREE = (str(pyrage.x25519.Identity.generate().to_public()) for _ in range(3))
SEALED = ["", "", "", "", "", "", "alias/break-glass", "", "", "", "", ""]
"""The answers in brackets, and a KMS key as the seal."""


@pytest.fixture
def ask(account):
    """Run an interview, and return the request, the lines and the state."""

    def _ask(*lines, of=account, first="", answers=None, reread=None):
        typing = Typing(lines)
        state = InterviewState(typing, of, "break-glass-20261122-abcdef", {"region": "eu-west-1", **(answers or {})})
        request = Interview(QUESTIONS, state, reread or (lambda region: replace(of, region=region))).ask(first)
        assert typing.lines == []
        return request, typing.said, state

    return _ask


def test_enter_alone_accepts_the_answer_in_brackets(ask):
    request, said, _ = ask(*SEALED)
    assert request.as_json() | {"kms_key_id": ""} == {
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
    assert request.kms_key_id == "alias/break-glass"
    assert "Region [eu-west-1]:" in said
    assert "User name [break-glass-20261122-abcdef, generated]:" in said
    assert "Groups to join [none]:" in said


def test_every_question_has_its_answer_in_the_request(ask):
    first = ["eu-west-1", "bg-night", "/x/", "both", "no", "sealed", "yes", "1", f"{ONE}, {TWO}", "2"]
    rest = [f"{TWO},{THREE}", "2", "yes", GOOD, GOOD, "1", "EmergencyAdmin", "team=sre, why="]
    request, _, state = ask(*first, *rest)
    assert request.as_json() == {
        "region": "eu-west-1",
        "user_name": "bg-night",
        "path": "/x/",
        "access": "both",
        "mfa": "sealed",
        "require_mfa": True,
        "groups": ["emergency"],
        "role_arn": ROLE,
        "kms_key_id": "alias/break-glass",
        "seal_to": [ONE, TWO],
        "seal_threshold": 2,
        "seal_mfa_to": [TWO, THREE],
        "seal_mfa_threshold": 2,
        "seal_passphrase": True,
        "password_reset_required": False,
        "tags": {"team": "sre", "why": ""},
    }
    assert state.passphrase.reveal() == GOOD


@pytest.mark.parametrize(
    ("field", "typed", "why"),
    [
        ("region", "eu-wset-1", "eu-wset-1 does not exist in partition aws. Did you mean eu-west-1?"),
        ("region", "Narnia", "'Narnia' is not a Region name. Region names look like eu-west-1."),
        ("region", "2", "af-south-1 is not enabled for this account (not-opted-in)"),
        ("region", "3", "there is no number 3. The list has 2, and ? shows it."),
        ("user_name", "night-shift", "a user with this name already exists as Night-Shift, and IAM ignores case."),
        ("user_name", "bg\x1b[2Jnight", r"'\\x1b' is not allowed"),
        ("path", "breakglass", "a path starts and ends with /"),
        ("access", "consle", "Did you mean console?"),
        ("password_reset_required", "perhaps", "answer yes or no."),
        ("kms_key_id", "alias/old", "alias/old cannot seal: disabled"),
        (
            "kms_key_id",
            "alias/brek-glass",
            "no such key in eu-west-1: alias/brek-glass. Did you mean alias/break-glass?",
        ),
        ("seal_to", "AGE-SECRET-KEY-1", "this is an age identity (a private key)"),
        ("seal_to", f"{ONE},{ONE}", "a recipient occurs twice."),
        ("seal_to", "/nowhere/at/all", "all cannot be read: No such file or directory."),
        ("groups", "emergency, emergncy", "no such group in this account: emergncy. Did you mean emergency?"),
        ("role_arn", "EmergencyAdmi", "Did you mean EmergencyAdmin?"),
        ("tags", "team", "write tags as key=value, separated by commas."),
        ("tags", "aws:x=1", "starts with a reserved prefix"),
    ],
)
def test_an_invalid_answer_is_asked_for_again_with_the_reason(ask, field, typed, why):
    fields = [question.field for question in QUESTIONS]
    asked = [name for name in fields if name not in ("require_mfa", "seal_threshold", "seal_mfa_to")]
    place = [name for name in asked if name != "seal_mfa_threshold"].index(field)
    request, said, _ = ask(*SEALED[:place], typed, *SEALED[place:])
    refused = " ".join(said).partition("Invalid: ")[2]
    assert refused.startswith(why) or why in refused
    assert request == ask(*SEALED)[0]


def test_back_keeps_what_was_typed_before_and_after(ask):
    request, said, _ = ask("", "bg-night", "/x/", "both", "<", "<", "<", "<", "<", *SEALED)
    assert (request.user_name, request.path, request.access) == ("bg-night", "/x/", "both")
    assert "This is the first question." in " ".join(said)
    assert said.count("User name [bg-night]:") == 2
    assert "Access: console, programmatic or both [both]:" in said


def test_a_dash_empties_an_answer(ask):
    given = {"kms_key_id": "alias/break-glass", "groups": ("emergency",), "tags": {"a": "b"}, "role_arn": ROLE}
    request, said, _ = ask("", "", "", "", "", "", "", "", "", "-", "-", "-", answers=given)
    assert (request.groups, request.role_arn, request.tags) == ((), "", {})
    assert "Tags [a=b]:" in said
    assert "Groups to join [emergency]:" in said


def test_without_any_seal_the_passphrase_must_be_one_and_the_ways_out_are_named(ask):
    lines = ["", "", "", "", "", "", "", "", "no", "", "<", "yes", GOOD, GOOD, "", "", ""]
    request, said, _ = ask(*lines)
    assert request.seal_passphrase
    assert "Seal with a passphrase [yes]:" in said
    text = " ".join(said)
    assert text.count("they would stay in the scrollback") == 1
    assert "Invalid: there is no passphrase yet. Press Enter to type or generate one, or type < to go back to" in text
    assert GOOD not in text


def test_with_another_seal_the_way_out_of_the_passphrase_is_no(ask):
    request, said, _ = ask("", "", "", "", "", "", "alias/break-glass", "", "yes", "<", "no", "", "", "")
    assert not request.seal_passphrase
    assert "Press Enter to type or generate one, or answer no." in " ".join(said)


def test_an_operator_who_only_presses_enter_gets_a_passphrase_writes_it_down_and_finishes(account):
    """Nine answers in brackets, Enter for a passphrase, Enter once it is written down, and the passphrase."""
    typing = Typing([])
    typing.lines = [""] * 9 + ["", "", lambda: typing.shown, "", "", ""]
    state = InterviewState(typing, account, "break-glass-20261122-abcdef", {"region": "eu-west-1"})
    request = Interview(QUESTIONS, state, lambda region: replace(account, region=region)).ask()
    assert typing.lines == []
    assert request.seal_passphrase
    assert state.passphrase.reveal() == typing.shown
    assert sum(typing.shown in line for line in typing.said) == 1


def test_the_passphrase_that_was_typed_is_kept_on_the_way_back(ask):
    lines = ["", "", "", "", "", "", "", "", "yes", GOOD, GOOD, "<", "", "", "", ""]
    request, said, state = ask(*lines)
    assert request.seal_passphrase
    assert "Seal with a passphrase [yes, the one from before]:" in said
    assert state.passphrase.reveal() == GOOD
    first, other = state.passphrase, "marble 7 lantern quietly bends oak"
    again = Interview(QUESTIONS, state, lambda _: state.account)
    state.terminal.lines += ["yes", other, other, "", "", ""]
    assert again.ask("seal_passphrase").seal_passphrase
    assert (first.reveal(), state.passphrase.reveal()) == ("", other)


def test_what_belongs_to_mfa_is_asked_only_with_mfa_and_left_out_without(ask):
    given = {"mfa": "sealed", "require_mfa": True, "seal_mfa_to": (ONE,)}
    lines = ["", "", "", "", "", "none", "alias/break-glass", "", "", "", "", ""]
    request, said, _ = ask(*lines, answers=given)
    assert (request.mfa, request.require_mfa, request.seal_mfa_to) == ("none", False, ())
    assert not [line for line in said if line.startswith("Require MFA")]


def test_help_explains_and_lists_with_numbers_and_finds(ask, account):
    many = AccountList(tuple(Group(f"team-{number:03}", f"arn:aws:iam::1:group/g{number}") for number in range(60)))
    of = replace(account, groups=many)
    request, said, _ = ask(*SEALED[:9], "?", "? 042", "? [/]", "43, team-001", "", "", of=of)
    assert request.groups == ("team-042", "team-001")
    assert said[said.index("  1. team-000") + MAX_LINES].startswith(f"... and {60 - MAX_LINES} more")
    assert said.count(" 43. team-042") == 1
    assert "None of the 60 contains [/]." in said
    assert "Existing IAM groups. Separate several with commas. Type - for none." in said


def test_a_list_that_may_not_be_read_is_said_and_the_name_is_typed(ask, account):
    of = replace(
        account, groups=AccountList(problem=Problem("You may not list groups.", why="iam:ListGroups is denied."))
    )
    request, said, _ = ask(*SEALED[:9], "?", "whatever", "", "", of=of)
    assert request.groups == ("whatever",)
    assert "There is no list to choose from. You may not list groups. iam:ListGroups is denied." in " ".join(said)


def test_another_region_shows_its_own_keys(ask, account):
    def reread(region):
        key = KmsKey("mrk-" + "1" * 32, "arn:aws:kms:eu-west-2:1:key/mrk", ("alias/london",))
        return replace(both, region=region, keys=AccountList((key,)))

    regions = AccountList((*account.regions.items, replace(account.regions.items[0], name="eu-west-2")))
    both = replace(account, regions=regions)
    walk = ["eu-west-2", "", "", "", "", "", "alias/break-glass", "1", "", "", "", "", ""]
    request, said, _ = ask(*walk, of=both, reread=reread)
    assert (request.region, request.kms_key_id) == ("eu-west-2", "alias/london")
    assert "no such key in eu-west-2: alias/break-glass" in " ".join(said)


def test_names_of_the_account_are_shown_harmless(ask, account):
    hostile = AccountList((Group("[bold]ops\x1b[31m\u202e", "arn:aws:iam::1:group/x"),))
    _, said, _ = ask(*SEALED[:9], "?", "", "", "", of=replace(account, groups=hostile))
    assert "  1. [bold]ops\\x1b[31m\\u202e" in said


def test_lines_fit_a_terminal_of_eighty_columns(ask, account):
    lines = [line for answer in SEALED for line in ("?", answer)]
    _, said, _ = ask(*lines)
    assert max(map(len, said)) < 80


def test_errors_of_the_account_lead_back_to_the_first_field_they_are_about(account):
    typing = Typing([])
    state = InterviewState(typing, account, "x", {"region": "eu-west-1"})
    interview = Interview(QUESTIONS, state, lambda _: account)
    errors = (FieldError("role_arn", "gone"), FieldError("groups.0", "gone too"), FieldError("unknown", "odd"))
    assert interview.report(errors) == "groups"
    assert interview.report((FieldError("unknown", "odd"),)) == "region"
    assert typing.said[0] == "Invalid: role_arn: gone."


def test_an_input_that_ends_ends_the_questions(ask):
    with pytest.raises(InputEnded):
        ask("", "bg-night")
