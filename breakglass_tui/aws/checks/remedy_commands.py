"""The command lines in remedies. They have the operator's options, so that a pasted command uses the right account."""

from __future__ import annotations

import shlex

from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.steps.removal_commands import iam_command
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject

LONGEST = 8192
"""The maximum number of characters that is shown of a command.

The longest part of a command is an inline policy, which has at most 2,048 (IAM quotas).
"""


def aws_command(clients: Clients, words: str, *, with_profile: bool = True) -> str:
    """Return the AWS CLI command line of ``words`` with the operator's profile, Region and endpoint.

    ``words`` is already quoted for a shell, for example ``iam list-users``. If it has ``--region``, no other is added.

    Without the profile, the command uses the credentials in the environment, for example those of the emergency user.
    With a profile, botocore does not read these (botocore, ``create_credential_resolver``).
    """
    profile = clients.profile_options if with_profile else ()
    region = () if " --region " in words else clients.region_options
    options = (*profile, *region, *clients.endpoint_options)
    return show(" ".join(("aws", words, *map(shlex.quote, options))), LONGEST)


def user_command(clients: Clients, subject: Subject, operation: str, *parameters: str, **options: str) -> str:
    """Return the AWS CLI command line of the IAM ``operation`` for the user.

    ``group_name="x"`` becomes ``--group-name x``. This function quotes ``options`` and ``parameters``.
    """
    words = (iam_command(operation, user_name=subject.user_name, **options), *map(shlex.quote, parameters))
    return show(" ".join((*words, *map(shlex.quote, clients.cli_options))), LONGEST)


def program_command(clients: Clients, *words: str) -> str:
    """Return a command line of this program with the operator's global options. This function quotes ``words``."""
    return show(shlex.join(("breakglass-tui", *clients.program_options, *words)), LONGEST)


def list_users(clients: Clients) -> str:
    """Return the remedy for a user that does not exist, with the command that lists the users."""
    advice = "Check the user name and the account, or create a new emergency user. To list the users:"
    return f"{advice} {aws_command(clients, 'iam list-users')}"


def validate_with_envelope(clients: Clients, subject: Subject) -> str:
    """Return the remedy that tests the user's own credentials, with the command that opens the envelopes."""
    options = ("--from", "DIRECTORY", "--identity", "IDENTITY_FILE")
    command = program_command(clients, "validate", "--user-name", subject.user_name, *options)
    return (
        f"Replace DIRECTORY and IDENTITY_FILE by the directory of the envelopes and a custodian's key, then: {command}"
    )
