"""Recognise an AWS access key in a text that was typed, pasted or read from a request."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

MASK = "••••••••"
"""What a field has instead of an access key that was entered there."""
NOT_HERE = (
    "an AWS access key was entered here. It is a secret and does not belong in this field. Delete it. If others saw "
    "the screen, treat the key as exposed: create a new one and delete this one in IAM"
)

_KEY_ID = re.compile(r"(?<![A-Za-z0-9])A[KS]IA[A-Z0-9]{12,124}(?![A-Za-z0-9])")
_SECRET = re.compile(r"(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])")
_NAMED = re.compile(r"secret[ _-]?access[ _-]?key[\"']?\s*[=:]\s*[\"']?[A-Za-z0-9/+]{16,}", re.IGNORECASE)
_CLASSES = (str.isupper, str.islower, str.isdigit)
_LEAST_CHANGES = 16
"""A random secret changes between capital letters, small letters, digits and symbols 25 times on average. A name of 40
characters that is made of words changes about 12 times."""


def has_access_key(text: str) -> bool:
    """Return whether ``text`` has the secret of an access key: with its id, or with its name.

    This includes the line of the CSV file of IAM, the lines of a credentials file and the answer of CreateAccessKey.
    Sources: IAM User Guide (identifiers) for the forms, AWS CLI User Guide for the names.
    """
    return bool((_KEY_ID.search(text) and _SECRET.search(text)) or _NAMED.search(text))


def is_pasted_key(text: str) -> bool:
    """Return whether the pasted ``text`` has an access key, or is the secret of one without its id and its name."""
    return has_access_key(text) or _is_secret(text.strip())


def contains_access_key(value: object) -> bool:
    """Return whether ``value`` or an item of it has an access key, or the mask of one."""
    if isinstance(value, str):
        return MASK in value or has_access_key(value)
    if isinstance(value, dict):
        return any(contains_access_key(f"{name}={item}") for name, item in value.items())
    return isinstance(value, Iterable) and any(map(contains_access_key, value))


def _is_secret(text: str) -> bool:
    if not _SECRET.fullmatch(text) or text.startswith("/") or text == text.lower():
        return False  # a path, or a hash in hex
    kinds = [next((place for place, test in enumerate(_CLASSES) if test(one)), len(_CLASSES)) for one in text]
    return sum(before != after for before, after in pairwise(kinds)) >= _LEAST_CHANGES
