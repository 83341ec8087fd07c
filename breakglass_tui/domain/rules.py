"""The rules for the fields of a request, one function for each field.

Each function takes the typed value and returns the value to use, or raises ``ValueError``. Its message is shown under
the field. Sources of patterns and limits: the IAM and KMS API references. Character classes are written in ASCII,
because ``\\w`` and ``\\d`` accept letters and digits that AWS refuses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from breakglass_tui.domain import identifiers
from breakglass_tui.domain.own_tags import OWN_TAGS
from breakglass_tui.domain.text import show

NAME_CHARACTERS = "letters, digits and + = , . @ _ -"
USER_NAME_LIMIT = 64
GROUP_NAME_LIMIT = 128
PATH_LIMIT = 512
TAG_LIMIT = 50
TAG_KEY_LIMIT = 128
TAG_VALUE_LIMIT = 256
OWN_TAG_PREFIX = "breakglass-tui:"

_NOT_NAME = re.compile(r"[^A-Za-z0-9_+=,.@-]")
_TAG_SYMBOLS = frozenset("_.:/=+-@")
_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/(?:[!-.0-~]+/)*[A-Za-z0-9_+=,.@-]{1,64}")
_KEY_ID = identifiers.KEY_ID.pattern
_KEY_ALIAS = identifiers.KEY_ALIAS.pattern
_KEY_ARN = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(?:key/(?P<id>[^:]+)|(?P<alias>alias/[^:]+))")
_CODE = re.compile(r"[0-9]{6}")


def _name(value: str, noun: str, limit: int) -> str:
    wrong = _NOT_NAME.search(value)
    if wrong:
        raise ValueError(f"{show(wrong.group())!r} is not allowed in {noun}. Use {NAME_CHARACTERS}")
    if len(value) > limit:
        raise ValueError(f"{noun} has at most {limit} characters, and this one has {len(value)}")
    return value


def user_name(value: str) -> str:
    """Return ``value`` if it is an IAM user name of 1-64 characters, or blank. Raises ``ValueError``.

    A blank name is generated later. Source: IAM API, CreateUser.
    """
    return _name(value, "an IAM user name", USER_NAME_LIMIT)


def new_user_name(value: str) -> str:
    """Return ``value`` if it is the name of a user that this program can create. Raises ``ValueError``.

    IAM also accepts names that start with a dot. The files of such a user would be hidden, and those of ``..`` would be
    in another directory.
    """
    if value.startswith("."):
        raise ValueError("a user name cannot start with a dot, because its envelopes would be hidden files")
    return user_name(value)


def group_name(value: str) -> str:
    """Return ``value`` if it is an IAM group name of 1-128 characters. Raises ``ValueError``.

    Source: IAM API, AddUserToGroup.
    """
    if not value:
        raise ValueError("a group name cannot be empty")
    return _name(value, "a group name", GROUP_NAME_LIMIT)


def path(value: str) -> str:
    """Return ``value`` if it is an IAM path: ``/`` or ``/NAME/``, at most 512 characters. Raises ``ValueError``.

    The characters are printable ASCII without spaces. Source: IAM API, pathType.
    """
    if not identifiers.PATH.pattern.fullmatch(value):
        raise ValueError("a path starts and ends with / and has only printable ASCII without spaces: /breakglass/")
    if len(value) > PATH_LIMIT:
        raise ValueError(f"a path has at most {PATH_LIMIT} characters, and this one has {len(value)}")
    return value


def region(value: str) -> str:
    """Return ``value`` if it has the form of a Region name. Raises ``ValueError``.

    Whether the account can use the Region is not checked.
    """
    if not value:
        raise ValueError("choose a Region")
    if not identifiers.REGION.pattern.fullmatch(value):
        raise ValueError(f"{show(value)!r} is not a Region name. Region names look like eu-west-1")
    return value


def role_arn(value: str) -> str:
    """Return ``value`` if it has the form of a role ARN, or is blank. Raises ``ValueError``."""
    if value and not _ROLE_ARN.fullmatch(value):
        raise ValueError(f"{show(value)!r} is not a role ARN. Role ARNs look like arn:aws:iam::123456789012:role/Name")
    return value


def kms_key_id(value: str) -> str:
    """Return ``value`` if it names a KMS key (id, key ARN, alias name or alias ARN), or is blank.

    Raises ``ValueError``.

    Source: KMS API, Encrypt, KeyId.
    """
    if not value or _KEY_ID.fullmatch(value):
        return value
    if _KEY_ALIAS.fullmatch(value):
        if value.startswith("alias/aws/"):
            raise ValueError("keys under alias/aws/ belong to AWS services and cannot seal a credential")
        return value
    arn = _KEY_ARN.fullmatch(value)
    if arn and (_KEY_ID.fullmatch(arn["id"] or "") or _KEY_ALIAS.fullmatch(arn["alias"] or "")):
        return value
    raise ValueError(f"{show(value)!r} is not a KMS key. Use its id, its ARN, or its alias as alias/NAME")


def _tag_text(value: str, noun: str, limit: int) -> str:
    if len(value) > limit:
        raise ValueError(f"{noun} has at most {limit} characters")
    for character in value:
        if not (character.isalnum() or character == " " or character in _TAG_SYMBOLS):
            allowed = "letters, digits, spaces and _ . : / = + - @"
            raise ValueError(f"{show(character)!r} is not allowed in {noun}. Use {allowed}")
    return value


def tags(value: Mapping[str, str]) -> dict[str, str]:
    """Return ``value`` as a dict if all tags are valid. Raises ``ValueError``.

    At most 48 are allowed, because IAM accepts 50 and this program adds two. Keys have 1-128 characters, values 0-256.
    Source: IAM API, tagKeyType.
    """
    own = len(OWN_TAGS)
    if len(value) > TAG_LIMIT - own:
        raise ValueError(f"at most {TAG_LIMIT - own} tags are possible besides the {own} of this program")
    if len({key.casefold() for key in value}) < len(value):
        raise ValueError("two tag keys differ only in upper and lower case, and IAM ignores case")
    for key, text in value.items():
        if not key:
            raise ValueError("a tag key cannot be empty")
        if key.casefold().startswith(("aws:", OWN_TAG_PREFIX)):
            raise ValueError(f"{show(key)!r} starts with a reserved prefix: aws: or {OWN_TAG_PREFIX}")
        _tag_text(key, "a tag key", TAG_KEY_LIMIT)
        _tag_text(text, "a tag value", TAG_VALUE_LIMIT)
    return dict(value)


def age_recipient(value: str) -> str:
    """Return ``value`` if it starts like an age recipient: ``age1…`` or an SSH public key. Raises ``ValueError``.

    Encryption validates the rest.
    """
    if value.startswith("AGE-SECRET-KEY-"):
        raise ValueError("this is an age identity (a private key). Enter its recipient, which starts with age1")
    if not value.startswith(("age1", "ssh-ed25519 ", "ssh-rsa ")):
        raise ValueError(f"{show(value)!r} is not an age recipient. Recipients start with age1, ssh-ed25519 or ssh-rsa")
    return value


def mfa_code(value: str) -> str:
    """Return ``value`` if it is a code of an MFA device: six ASCII digits. Raises ``ValueError``."""
    if not _CODE.fullmatch(value):
        raise ValueError("a code has six digits")
    return value
