"""The rules of single form fields, applied when a field loses the focus.

They come from ``domain.rules``, which is plain Python, because the form appears before pydantic is loaded.
``ui/assessment/review.py`` checks all fields together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from breakglass_tui.domain import rules
from breakglass_tui.domain.access_keys import NOT_HERE, contains_access_key
from breakglass_tui.domain.account import Account
from breakglass_tui.domain.tag_text import parse_tags
from breakglass_tui.secrets.recipient_text import recipients_error
from breakglass_tui.ui.state.draft import Draft


def _groups(draft: Draft) -> None:
    for name in draft.groups:
        rules.group_name(name)


def _offline(draft: Draft) -> None:
    everything = (draft.recipients, draft.seal_threshold)
    for recipients, threshold in (everything, (draft.mfa_recipients, draft.seal_mfa_threshold)):
        error = recipients_error(recipients, threshold) if recipients else ""
        if error:
            raise ValueError(error)


RULES: Mapping[str, Callable[[Draft], object]] = {
    "region": lambda draft: rules.region(draft.region),
    "user_name": lambda draft: rules.new_user_name(draft.user_name),
    "path": lambda draft: rules.path(draft.path),
    "tags": lambda draft: rules.tags(parse_tags(draft.tags)),
    "kms_key_id": lambda draft: rules.kms_key_id(draft.kms_key_id),
    "offline": _offline,
    "groups": _groups,
    "role_arn": lambda draft: rules.role_arn(draft.role_arn),
}


def complaint(name: str, draft: Draft, account: Account | None) -> str:
    """Return the error message for the field ``name`` of the draft, or an empty string if it is valid.

    A field in which an access key was masked is not valid. For ``user_name`` this includes the conflict with an
    existing user of ``account``.
    """
    rule = RULES.get(name)
    if rule is None:
        return ""
    if contains_access_key(getattr(draft, name, "")):
        return NOT_HERE
    try:
        rule(draft)
    except ValueError as error:
        return str(error)
    return _taken(draft.user_name, account) if name == "user_name" else ""


def _taken(user_name: str, account: Account | None) -> str:
    if account is None:
        return ""
    # This import is fast here: the thread that read the account has already loaded what it needs.
    from breakglass_tui.domain.conflicts import user_name_conflict

    conflict = user_name_conflict(user_name, account.user_names)
    return conflict.message if conflict else ""
