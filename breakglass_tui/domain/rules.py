"""The rule of every field of a request, one function each.

Each takes what was typed and returns what will be used, or raises ``ValueError`` with the sentence that
stands under the field. Patterns and limits are those of the IAM and KMS API references; classes are spelled
out in ASCII because ``\\w`` and ``\\d`` accept letters and digits that AWS refuses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from breakglass_tui.domain.text import show

NAME_CHARACTERS = "letters, digits and + = , . @ _ -"
USER_NAME_LIMIT = 64
GROUP_NAME_LIMIT = 128
PATH_LIMIT = 512
TAG_LIMIT = 50
TAG_KEY_LIMIT = 128
TAG_VALUE_LIMIT = 256
OWN_TAG_PREFIX = "breakglass-tui:"
OWN_TAGS = 2

_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]+")
_NOT_NAME = re.compile(r"[^A-Za-z0-9_+=,.@-]")
_PATH = re.compile(r"/|/(?:[!-.0-~]+/)+")
_REGION = re.compile(r"[a-z]{2,8}(?:-[a-z]+)+-[0-9]{1,2}")
_TAG_SYMBOLS = frozenset("_.:/=+-@")
_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/(?:[!-.0-~]+/)*[A-Za-z0-9_+=,.@-]{1,64}")
_KEY_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32}")
_KEY_ALIAS = re.compile(r"alias/[A-Za-z0-9/_-]{1,250}")
_KEY_ARN = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(?:key/(?P<id>[^:]+)|(?P<alias>alias/[^:]+))")
_CODE = re.compile(r"[0-9]{6}")


def _name(value: str, noun: str, limit: int) -> str:
    wrong = _NOT_NAME.search(value)
    if wrong:
        raise ValueError(f"{show(wrong.group())!r} is not allowed: {noun} has only {NAME_CHARACTERS}")
    if len(value) > limit:
        raise ValueError(f"{len(value)} characters; {noun} has at most {limit}")
    return value


def user_name(value: str) -> str:
    """An IAM user name of 1-64 characters, or blank for a generated one (IAM API: CreateUser)."""
    return _name(value, "an IAM user name", USER_NAME_LIMIT)


def group_name(value: str) -> str:
    """The name of an existing IAM group, 1-128 characters (IAM API: AddUserToGroup)."""
    if not value:
        raise ValueError("a group name cannot be empty")
    return _name(value, "a group name", GROUP_NAME_LIMIT)


def path(value: str) -> str:
    """An IAM path: ``/`` or ``/…/`` of at most 512 printable ASCII characters (IAM API: pathType)."""
    if not _PATH.fullmatch(value):
        raise ValueError("a path begins and ends with / and has printable ASCII without spaces, as /breakglass/")
    if len(value) > PATH_LIMIT:
        raise ValueError(f"{len(value)} characters; a path has at most {PATH_LIMIT}")
    return value


def region(value: str) -> str:
    """A Region's name in AWS's form; whether it exists and is enabled is the account's to say."""
    if not value:
        raise ValueError("choose a Region")
    if not _REGION.fullmatch(value):
        raise ValueError(f"{show(value)!r} is not the name of a Region; one is written like eu-west-1")
    return value


def role_arn(value: str) -> str:
    """The ARN of an existing IAM role, or blank for none."""
    if value and not _ROLE_ARN.fullmatch(value):
        raise ValueError(f"{show(value)!r} is not the ARN of a role, written like arn:aws:iam::123456789012:role/Name")
    return value


def kms_key_id(value: str) -> str:
    """A KMS key by id, key ARN, alias name or alias ARN, or blank for none (KMS API: Encrypt KeyId)."""
    if not value or _KEY_ID.fullmatch(value):
        return value
    if _KEY_ALIAS.fullmatch(value):
        if value.startswith("alias/aws/"):
            raise ValueError("keys under alias/aws/ belong to AWS services and cannot seal a credential")
        return value
    arn = _KEY_ARN.fullmatch(value)
    if arn and (_KEY_ID.fullmatch(arn["id"] or "") or _KEY_ALIAS.fullmatch(arn["alias"] or "")):
        return value
    raise ValueError(f"{show(value)!r} is not a KMS key: give its id, its ARN, or an alias as alias/name")


def _tag_text(value: str, noun: str, limit: int) -> str:
    if len(value) > limit:
        raise ValueError(f"{noun} has at most {limit} characters")
    for character in value:
        if not (character.isalnum() or character == " " or character in _TAG_SYMBOLS):
            allowed = "letters, digits, spaces and _ . : / = + - @"
            raise ValueError(f"{show(character)!r} is not allowed: {noun} has only {allowed}")
    return value


def tags(value: Mapping[str, str]) -> dict[str, str]:
    """Tags of the user: at most 50 with this tool's own, keys 1-128, values 0-256 (IAM API: tagKeyType)."""
    if len(value) > TAG_LIMIT - OWN_TAGS:
        raise ValueError(f"{len(value)} tags; an IAM user has at most {TAG_LIMIT}, of which {OWN_TAGS} are this tool's")
    if len({key.casefold() for key in value}) < len(value):
        raise ValueError("two tag keys differ only in upper and lower case; IAM holds them to be the same")
    for key, text in value.items():
        if not key:
            raise ValueError("a tag key cannot be empty")
        if key.casefold().startswith(("aws:", OWN_TAG_PREFIX)):
            raise ValueError(f"{show(key)!r} begins with a reserved prefix: aws: and {OWN_TAG_PREFIX} are taken")
        _tag_text(key, "a tag key", TAG_KEY_LIMIT)
        _tag_text(text, "a tag value", TAG_VALUE_LIMIT)
    return dict(value)


def age_recipient(value: str) -> str:
    """The outward form of an age recipient: ``age1…`` or an SSH public key; sealing proves the rest."""
    if value.startswith("AGE-SECRET-KEY-"):
        raise ValueError("this is an age identity (a private key); give its recipient, which begins with age1")
    if not value.startswith(("age1", "ssh-ed25519 ", "ssh-rsa ")):
        raise ValueError(f"{show(value)!r} is not an age recipient: it begins with age1, ssh-ed25519 or ssh-rsa")
    return value


def mfa_code(value: str) -> str:
    """A six-digit authenticator code; ASCII digits only."""
    if not _CODE.fullmatch(value):
        raise ValueError("a code has six digits")
    return value
