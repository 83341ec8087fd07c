"""The questions of the interview, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from breakglass_tui.domain.account import Account
from breakglass_tui.domain.request import DEFAULT_PATH
from breakglass_tui.domain.tag_text import parse_tags
from breakglass_tui.plain import choices
from breakglass_tui.plain.choices import NumberedChoice, pick
from breakglass_tui.plain.form_question import FormQuestion, InterviewState, parse_yes_or_no, yes_or_no
from breakglass_tui.plain.passphrase_question import PASSPHRASE_QUESTION
from breakglass_tui.secrets.recipient_text import with_files

ACCESS = (
    NumberedChoice("console", detail="a generated password"),
    NumberedChoice("programmatic", detail="an access key"),
    NumberedChoice("both", detail="a password and an access key"),
)
MFA = (
    NumberedChoice("none", detail="not recommended: no second factor"),
    NumberedChoice("authenticator", detail="you scan a QR code or type its seed, then type two codes"),
    NumberedChoice("sealed", detail="this program enrols a device and seals its seed"),
)


def _one_of(offered: Callable[[InterviewState], Sequence[NumberedChoice]]) -> Callable[[str, InterviewState], str]:
    return lambda typed, state: pick(typed, offered(state))


def _of(options: Sequence[NumberedChoice]) -> Callable[[InterviewState], Sequence[NumberedChoice]]:
    return lambda _: options


def _in(lists: Callable[[Account], Sequence[NumberedChoice]]) -> Callable[[InterviewState], Sequence[NumberedChoice]]:
    return lambda state: lists(state.account)


def _list_error(part: str) -> Callable[[InterviewState], str]:
    """Return a function that returns why the list ``part`` of the account could not be read, or ""."""

    def why(state: InterviewState) -> str:
        listing = getattr(state.account, part)
        return str(listing.problem) if listing is not None and listing.problem is not None else ""

    return why


def _several(typed: str, state: InterviewState) -> tuple[str, ...]:
    parts = (part.strip() for part in typed.split(","))
    return tuple(pick(part, choices.groups(state.account)) for part in parts if part)


def _number(typed: str, _: InterviewState) -> int:
    if not (typed.isascii() and typed.isdecimal()) or not 1 <= int(typed[:9]) <= 999:
        raise ValueError("type a number, for example 2")
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


RECIPIENTS = (
    "Type public keys, from age-keygen (age1...) or SSH, or the path of a file with one key a line. "
    "Separate several with commas."
)
OTHERS_FOR_SEED = "With other recipients for the seed, no single person has both factors."
TOGETHER = "With 1, any one of them can open the envelope. With 2 of 3, any two must act together."

QUESTIONS = (
    FormQuestion(
        field="region",
        title="Region",
        about="IAM is global. The Region is for the KMS key, STS and sign-in.",
        parse=_one_of(_in(choices.regions)),
        choices=_in(choices.regions),
        list_error=_list_error("regions"),
        uses_account=True,
    ),
    FormQuestion(
        field="user_name",
        title="User name",
        about="The name of the emergency user: letters, digits and + = , . @ _ -. Type - for a generated name.",
        parse=lambda typed, _: typed,
        display=_name,
        uses_account=True,
    ),
    FormQuestion(
        field="path",
        title="Path",
        about="An IAM path groups users. It begins and ends with a slash.",
        parse=lambda typed, _: typed,
        default=DEFAULT_PATH,
        empty="/",
    ),
    FormQuestion(
        field="access",
        title="Access: console, programmatic or both",
        about="The credentials of the user: a console password, an access key, or both.",
        parse=_one_of(_of(ACCESS)),
        choices=_of(ACCESS),
        default="console",
        empty="console",
    ),
    FormQuestion(
        field="password_reset_required",
        title="Must the password be changed at the first sign-in",
        about="The generated password is sealed in any case. With yes, AWS asks for a new one at the first sign-in.",
        parse=parse_yes_or_no,
        display=yes_or_no,
        default=True,
        empty=False,
        applies=lambda state: state.answers.get("access", "console") != "programmatic",
    ),
    FormQuestion(
        field="mfa",
        title="MFA: none, authenticator or sealed",
        about="The second factor of the user.",
        parse=_one_of(_of(MFA)),
        choices=_of(MFA),
        default="none",
        empty="none",
    ),
    FormQuestion(
        field="require_mfa",
        title="Require MFA",
        about="With yes, the inline policy denies everything without MFA.",
        parse=parse_yes_or_no,
        display=yes_or_no,
        default=False,
        empty=False,
        applies=_with_mfa,
        uses_account=True,
    ),
    FormQuestion(
        field="kms_key_id",
        title="KMS key to seal the secrets with",
        about="A KMS key cannot decrypt while AWS is down. Add an offline seal too. Id, ARN or alias, or - for none.",
        parse=_one_of(_in(choices.keys)),
        choices=_in(choices.keys),
        list_error=_list_error("keys"),
        uses_account=True,
    ),
    FormQuestion(
        field="seal_to",
        title="age recipients to seal the secrets to",
        about=f"An age seal opens without AWS. {RECIPIENTS} Type - for none.",
        parse=lambda typed, _: with_files(typed),
        display=_joined,
        default=(),
        empty=(),
    ),
    FormQuestion(
        field="seal_threshold",
        title="How many of the recipients must open together",
        about=TOGETHER,
        parse=_number,
        default=1,
        empty=1,
        applies=_many("seal_to"),
    ),
    FormQuestion(
        field="seal_mfa_to",
        title="Separate age recipients for the MFA seed",
        about=f"{OTHERS_FOR_SEED} {RECIPIENTS} Type - for the same as above.",
        parse=lambda typed, _: with_files(typed),
        display=_joined,
        default=(),
        empty=(),
        applies=_with_mfa,
    ),
    FormQuestion(
        field="seal_mfa_threshold",
        title="How many of these must open the MFA seed together",
        about=TOGETHER,
        parse=_number,
        default=1,
        empty=1,
        applies=_many("seal_mfa_to"),
    ),
    PASSPHRASE_QUESTION,
    FormQuestion(
        field="groups",
        title="Groups to join",
        about="Existing IAM groups. Separate several with commas. Type - for none.",
        parse=_several,
        choices=_in(choices.groups),
        list_error=_list_error("groups"),
        display=_joined,
        default=(),
        empty=(),
        uses_account=True,
    ),
    FormQuestion(
        field="role_arn",
        title="Role the user can assume",
        about="The trust policy of this role gets one more statement. Type its name or ARN, or - for none.",
        parse=_one_of(_in(choices.roles)),
        choices=_in(choices.roles),
        list_error=_list_error("roles"),
        uses_account=True,
    ),
    FormQuestion(
        field="tags",
        title="Tags",
        about="Tags of the user, written key=value, key=value. Type - for none.",
        parse=lambda typed, _: parse_tags(typed),
        display=_pairs,
        default={},
        empty={},
    ),
)
