"""The commands that remove what an interrupted script created."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from breakglass_tui.commands.script_context import ScriptContext
from breakglass_tui.commands.shell_words import compact_json
from breakglass_tui.domain.own_tags import RUN_TAG
from breakglass_tui.domain.policy import INLINE_POLICY_NAME

IGNORE_CONFIGURED_ENDPOINTS = "export AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true"
"""The command that makes the AWS CLI ignore endpoints in the environment and in the config file.

Source: AWS SDKs and Tools Reference Guide, service-specific endpoints.
"""


def export_region(ctx: ScriptContext) -> str:
    """Return the command that sets the Region of the request.

    Outside the partition ``aws``, it decides the IAM endpoint.
    """
    region = shlex.quote(ctx.request.region)
    return f"export AWS_REGION={region} AWS_DEFAULT_REGION={region}"


def removal_commands(ctx: ScriptContext) -> Iterator[str]:
    """Yield the removal commands in the order that IAM requires: permissions first, the user last."""
    yield export_region(ctx)
    yield IGNORE_CONFIGURED_ENDPOINTS
    if ctx.role is not None:
        document = compact_json(ctx.role.before)
        yield ctx.aws("iam", "update-assume-role-policy", role_name=ctx.role.name, policy_document=document)
    for group in ctx.request.groups:
        yield ctx.aws("iam", "remove-user-from-group", user_name=ctx.name, group_name=group)
    yield ctx.aws("iam", "delete-user-policy", user_name=ctx.name, policy_name=INLINE_POLICY_NAME)
    if ctx.request.programmatic:
        yield _delete_access_keys(ctx)
    if ctx.request.console:
        yield ctx.aws("iam", "delete-login-profile", user_name=ctx.name)
    if ctx.request.mfa != "none":
        yield ctx.aws("iam", "deactivate-mfa-device", user_name=ctx.name, serial_number=ctx.serial)
        yield ctx.aws("iam", "delete-virtual-mfa-device", serial_number=ctx.serial)
    yield ctx.aws("iam", "delete-user", user_name=ctx.name)


def _delete_access_keys(ctx: ScriptContext) -> str:
    """Return a shell loop that deletes each access key of the user.

    A loop is needed because the ids of the keys are unknown when the script is generated.
    """
    query = {"query": "AccessKeyMetadata[].AccessKeyId", "output": "text"}
    keys = ctx.aws("iam", "list-access-keys", user_name=ctx.name, **query)
    delete = ctx.aws("iam", "delete-access-key", user_name=ctx.name)
    return f'for id in $({keys}); do\n  {delete} --access-key-id "$id"\ndone'


def create_user_failed(ctx: ScriptContext) -> str:
    """Return the message for a failed CreateUser. It says how to find out whether this script created the user."""
    tags = ctx.aws("iam", "list-user-tags", user_name=ctx.name)
    return (
        "CreateUser failed. If only the answer was lost, the user exists. "
        f"This script created it if the tag {RUN_TAG} is {ctx.run_id}. Read the tags with: {tags}"
    )
