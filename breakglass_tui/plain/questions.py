"""The questions of the assessment, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from breakglass_tui.domain.account import Account
from breakglass_tui.domain.request import DEFAULT_PATH
from breakglass_tui.plain import choices
from breakglass_tui.plain.choices import Choice, picked
from breakglass_tui.plain.passphrase_question import PASSPHRASE_QUESTION
from breakglass_tui.plain.question import Desk, Question, said_yes_or_no, yes_or_no
from breakglass_tui.ui.draft import parse_tags
from breakglass_tui.ui.recipients import with_files

ACCESS = (
    Choice("console", detail="a generated password"),
    Choice("programmatic", detail="an access key"),
    Choice("both", detail="a password and an access key"),
)
MFA = (
    Choice("none", detail="not advised: one secret opens it all"),
    Choice("authenticator", detail="you scan a QR code or type its seed, then two codes"),
    Choice("sealed", detail="enrolled by this tool; its seed is sealed for you"),
)


def _one_of(offered: Callable[[Desk], Sequence[Choice]]) -> Callable[[str, Desk], str]:
    return lambda typed, desk: picked(typed, offered(desk))


def _of(options: Sequence[Choice]) -> Callable[[Desk], Sequence[Choice]]:
    return lambda _: options


def _in(lists: Callable[[Account], Sequence[Choice]]) -> Callable[[Desk], Sequence[Choice]]:
    return lambda desk: lists(desk.account)


def _unread(part: str) -> Callable[[Desk], str]:
    """Why the account's own list is not here to choose from, or nothing."""

    def why(desk: Desk) -> str:
        listing = getattr(desk.account, part)
        return str(listing.problem) if listing is not None and listing.problem is not None else ""

    return why


def _several(typed: str, desk: Desk) -> tuple[str, ...]:
    parts = (part.strip() for part in typed.split(","))
    return tuple(picked(part, choices.groups(desk.account)) for part in parts if part)


def _number(typed: str, _: Desk) -> int:
    if not (typed.isascii() and typed.isdecimal()) or not 1 <= int(typed[:9]) <= 999:
        raise ValueError("give a number, as 2")
    return int(typed)


def _joined(value: Any, _: Desk) -> str:
    return ", ".join(map(str, value))


def _pairs(value: Any, _: Desk) -> str:
    return ", ".join(f"{key}={text}" for key, text in value.items())


def _name(value: Any, desk: Desk) -> str:
    return str(value) or f"{desk.generated_name}, generated"


def _with_mfa(desk: Desk) -> bool:
    return bool(desk.answers.get("mfa", "none") != "none")


def _many(name: str) -> Callable[[Desk], bool]:
    return lambda desk: len(desk.answers.get(name, ())) > 1 and (name == "seal_to" or _with_mfa(desk))


RECIPIENTS = "age1... or SSH public keys, or the path of a file with one a line; several with commas between."
TOGETHER = "1 means that each of them opens it alone; 2 of 3 means that any two must open it together."

QUESTIONS = (
    Question(
        field="region",
        title="Region",
        about="IAM is global. The Region is where the KMS key lives and where STS and sign-in are asked.",
        read=_one_of(_in(choices.regions)),
        choices=_in(choices.regions),
        unread=_unread("regions"),
        looked_up=True,
    ),
    Question(
        field="user_name",
        title="User name",
        about="The name of the emergency user: letters, digits and + = , . @ _ -; - alone has it generated.",
        read=lambda typed, _: typed,
        say=_name,
        looked_up=True,
    ),
    Question(
        field="path",
        title="Path",
        about="The IAM path helps to find the user again; it begins and ends with a slash.",
        read=lambda typed, _: typed,
        default=DEFAULT_PATH,
        empty="/",
    ),
    Question(
        field="access",
        title="Access: console, programmatic or both",
        about="How the user gets in.",
        read=_one_of(_of(ACCESS)),
        choices=_of(ACCESS),
        default="console",
        empty="console",
    ),
    Question(
        field="password_reset_required",
        title="Must the password be changed at the first sign-in",
        about="The generated password is sealed either way. If yes, AWS asks for a new one at the first sign-in.",
        read=yes_or_no,
        say=said_yes_or_no,
        default=True,
        empty=False,
        asked=lambda desk: desk.answers.get("access", "console") != "programmatic",
    ),
    Question(
        field="mfa",
        title="MFA: none, authenticator or sealed",
        about="A second factor for the user.",
        read=_one_of(_of(MFA)),
        choices=_of(MFA),
        default="none",
        empty="none",
    ),
    Question(
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
    Question(
        field="kms_key_id",
        title="KMS key to seal the secrets with",
        about="A key does not open while AWS is down: add an offline seal as well. Id, ARN or alias; - for none.",
        read=_one_of(_in(choices.keys)),
        choices=_in(choices.keys),
        unread=_unread("keys"),
        looked_up=True,
    ),
    Question(
        field="seal_to",
        title="age recipients to seal the secrets to",
        about=f"They open without AWS. {RECIPIENTS} - for none.",
        read=lambda typed, _: with_files(typed),
        say=_joined,
        default=(),
        empty=(),
    ),
    Question(
        field="seal_threshold",
        title="How many of the recipients must open together",
        about=TOGETHER,
        read=_number,
        default=1,
        empty=1,
        asked=_many("seal_to"),
    ),
    Question(
        field="seal_mfa_to",
        title="Other age recipients for the MFA seed",
        about=f"So that nobody holds both factors. {RECIPIENTS} - for the same as the other secrets.",
        read=lambda typed, _: with_files(typed),
        say=_joined,
        default=(),
        empty=(),
        asked=_with_mfa,
    ),
    Question(
        field="seal_mfa_threshold",
        title="How many of these must open the MFA seed together",
        about=TOGETHER,
        read=_number,
        default=1,
        empty=1,
        asked=_many("seal_mfa_to"),
    ),
    PASSPHRASE_QUESTION,
    Question(
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
    Question(
        field="role_arn",
        title="Role the user may assume",
        about="One statement is added to the trust of this role. Its name or ARN; - for none.",
        read=_one_of(_in(choices.roles)),
        choices=_in(choices.roles),
        unread=_unread("roles"),
        looked_up=True,
    ),
    Question(
        field="tags",
        title="Tags",
        about="Written as key=value, key=value; - for none.",
        read=lambda typed, _: parse_tags(typed),
        say=_pairs,
        default={},
        empty={},
    ),
)
