"""The questions of the assessment, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from breakglass_tui.domain.account import Account
from breakglass_tui.domain.request import DEFAULT_PATH
from breakglass_tui.plain import choices
from breakglass_tui.plain.choices import NumberedChoice, picked
from breakglass_tui.plain.form_question import FormQuestion, InterviewState, said_yes_or_no, yes_or_no
from breakglass_tui.plain.passphrase_question import PASSPHRASE_QUESTION
from breakglass_tui.ui.draft import parse_tags
from breakglass_tui.ui.recipients import with_files

ACCESS = (
    NumberedChoice("console", detail="a generated password"),
    NumberedChoice("programmatic", detail="an access key"),
    NumberedChoice("both", detail="a password and an access key"),
)
MFA = (
    NumberedChoice("none", detail="not advised: one secret opens it all"),
    NumberedChoice("authenticator", detail="you scan a QR code or type its seed, then two codes"),
    NumberedChoice("sealed", detail="enrolled by this tool; its seed is sealed for you"),
)


def _one_of(offered: Callable[[InterviewState], Sequence[NumberedChoice]]) -> Callable[[str, InterviewState], str]:
    return lambda typed, state: picked(typed, offered(state))


def _of(options: Sequence[NumberedChoice]) -> Callable[[InterviewState], Sequence[NumberedChoice]]:
    return lambda _: options


def _in(lists: Callable[[Account], Sequence[NumberedChoice]]) -> Callable[[InterviewState], Sequence[NumberedChoice]]:
    return lambda state: lists(state.account)


def _unread(part: str) -> Callable[[InterviewState], str]:
    """Why the account's own list is not here to choose from, or nothing."""

    def why(state: InterviewState) -> str:
        listing = getattr(state.account, part)
        return str(listing.problem) if listing is not None and listing.problem is not None else ""

    return why


def _several(typed: str, state: InterviewState) -> tuple[str, ...]:
    parts = (part.strip() for part in typed.split(","))
    return tuple(picked(part, choices.groups(state.account)) for part in parts if part)


def _number(typed: str, _: InterviewState) -> int:
    if not (typed.isascii() and typed.isdecimal()) or not 1 <= int(typed[:9]) <= 999:
        raise ValueError("give a number, as 2")
    return int(typed)


def _joined(value: Any, _: InterviewState) -> str:
    return ", ".join(map(str, value))


def _pairs(value: Any, _: InterviewState) -> str:
    return ", ".join(f"{key}={text}" for key, text in value.items())


def _name(value: Any, state: InterviewState) -> str:
    return str(value) or f"{state.generated_name}, generated"


def _with_mfa(state: InterviewState) -> bool:
    return bool(state.answers.get("mfa", "none") != "none")


def _many(name: str) -> Callable[[InterviewState], bool]:
    return lambda state: len(state.answers.get(name, ())) > 1 and (name == "seal_to" or _with_mfa(state))


RECIPIENTS = "age1... or SSH public keys, or the path of a file with one a line; several with commas between."
TOGETHER = "1 means that each of them opens it alone; 2 of 3 means that any two must open it together."

QUESTIONS = (
    FormQuestion(
        field="region",
        title="Region",
        about="IAM is global. The Region is where the KMS key lives and where STS and sign-in are asked.",
        read=_one_of(_in(choices.regions)),
        choices=_in(choices.regions),
        unread=_unread("regions"),
        looked_up=True,
    ),
    FormQuestion(
        field="user_name",
        title="User name",
        about="The name of the emergency user: letters, digits and + = , . @ _ -; - alone has it generated.",
        read=lambda typed, _: typed,
        say=_name,
        looked_up=True,
    ),
    FormQuestion(
        field="path",
        title="Path",
        about="The IAM path helps to find the user again; it begins and ends with a slash.",
        read=lambda typed, _: typed,
        default=DEFAULT_PATH,
        empty="/",
    ),
    FormQuestion(
        field="access",
        title="Access: console, programmatic or both",
        about="How the user gets in.",
        read=_one_of(_of(ACCESS)),
        choices=_of(ACCESS),
        default="console",
        empty="console",
    ),
    FormQuestion(
        field="password_reset_required",
        title="Must the password be changed at the first sign-in",
        about="The generated password is sealed either way. If yes, AWS asks for a new one at the first sign-in.",
        read=yes_or_no,
        say=said_yes_or_no,
        default=True,
        empty=False,
        asked=lambda state: state.answers.get("access", "console") != "programmatic",
    ),
    FormQuestion(
        field="mfa",
        title="MFA: none, authenticator or sealed",
        about="A second factor for the user.",
        read=_one_of(_of(MFA)),
        choices=_of(MFA),
        default="none",
        empty="none",
    ),
    FormQuestion(
        field="require_mfa",
        title="Deny everything without MFA",
        about="A statement of the inline policy that denies whatever is asked without the MFA device.",
        read=yes_or_no,
        say=said_yes_or_no,
        default=False,
        empty=False,
        asked=_with_mfa,
        looked_up=True,
    ),
    FormQuestion(
        field="kms_key_id",
        title="KMS key to seal the secrets with",
        about="A key does not open while AWS is down: add an offline seal as well. Id, ARN or alias; - for none.",
        read=_one_of(_in(choices.keys)),
        choices=_in(choices.keys),
        unread=_unread("keys"),
        looked_up=True,
    ),
    FormQuestion(
        field="seal_to",
        title="age recipients to seal the secrets to",
        about=f"They open without AWS. {RECIPIENTS} - for none.",
        read=lambda typed, _: with_files(typed),
        say=_joined,
        default=(),
        empty=(),
    ),
    FormQuestion(
        field="seal_threshold",
        title="How many of the recipients must open together",
        about=TOGETHER,
        read=_number,
        default=1,
        empty=1,
        asked=_many("seal_to"),
    ),
    FormQuestion(
        field="seal_mfa_to",
        title="Other age recipients for the MFA seed",
        about=f"So that nobody holds both factors. {RECIPIENTS} - for the same as the other secrets.",
        read=lambda typed, _: with_files(typed),
        say=_joined,
        default=(),
        empty=(),
        asked=_with_mfa,
    ),
    FormQuestion(
        field="seal_mfa_threshold",
        title="How many of these must open the MFA seed together",
        about=TOGETHER,
        read=_number,
        default=1,
        empty=1,
        asked=_many("seal_mfa_to"),
    ),
    PASSPHRASE_QUESTION,
    FormQuestion(
        field="groups",
        title="Groups to join",
        about="IAM groups that exist; several with commas between; - for none.",
        read=_several,
        choices=_in(choices.groups),
        unread=_unread("groups"),
        say=_joined,
        default=(),
        empty=(),
        looked_up=True,
    ),
    FormQuestion(
        field="role_arn",
        title="Role the user may assume",
        about="One statement is added to the trust of this role. Its name or ARN; - for none.",
        read=_one_of(_in(choices.roles)),
        choices=_in(choices.roles),
        unread=_unread("roles"),
        looked_up=True,
    ),
    FormQuestion(
        field="tags",
        title="Tags",
        about="Written as key=value, key=value; - for none.",
        read=lambda typed, _: parse_tags(typed),
        say=_pairs,
        default={},
        empty={},
    ),
)
