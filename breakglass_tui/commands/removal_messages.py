"""What the script says when it stops half-way: how to remove what it made."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from breakglass_tui.commands.script_context import ScriptContext
from breakglass_tui.commands.shell_words import aws, text_of
from breakglass_tui.domain.ownership import RUN_TAG
from breakglass_tui.domain.policy import INLINE_POLICY_NAME


def region(m: ScriptContext) -> str:
    """The Region for every command: outside the partition aws it says where IAM is."""
    return f"export AWS_REGION={shlex.quote(m.request.region)} AWS_DEFAULT_REGION={shlex.quote(m.request.region)}"


def removal(m: ScriptContext) -> Iterator[str]:
    """Each command in the order in which IAM takes them; power goes first, the user last."""
    yield region(m)
    if m.role is not None:
        document = text_of(m.role.before)
        yield aws("iam", "update-assume-role-policy", role_name=m.role.name, policy_document=document)
    for group in m.request.groups:
        yield aws("iam", "remove-user-from-group", user_name=m.name, group_name=group)
    yield aws("iam", "delete-user-policy", user_name=m.name, policy_name=INLINE_POLICY_NAME)
    if m.request.programmatic:
        yield aws("iam", "list-access-keys", user_name=m.name)
        yield aws("iam", "delete-access-key", user_name=m.name) + " --access-key-id ID"
    if m.request.console:
        yield aws("iam", "delete-login-profile", user_name=m.name)
    if m.request.mfa != "none":
        yield aws("iam", "deactivate-mfa-device", user_name=m.name, serial_number=m.serial)
        yield aws("iam", "delete-virtual-mfa-device", serial_number=m.serial)
    yield aws("iam", "delete-user", user_name=m.name)


def not_made(m: ScriptContext) -> str:
    """What to think when CreateUser fails: the user may be there all the same, or be another's."""
    tags = aws("iam", "list-user-tags", user_name=m.name)
    return f"If the answer was lost, the user may be there: it is of this script if {RUN_TAG} is {m.run_id} in: {tags}"
