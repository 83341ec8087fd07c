"""The commands in remedies. They name the operator's options, so that a pasted command reaches the right account."""

from __future__ import annotations

import shlex

from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.steps.removal_commands import iam_command
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject

LONGEST = 8192
"""Characters of a command. More are not shown. The longest inline policy has 2,048 of them (IAM quotas)."""


def aws_command(clients: Clients, words: str, *, with_profile: bool = True) -> str:
    """Return the AWS CLI command of ``words`` for the operator's profile, Region and endpoint.

    ``words`` is quoted for a shell, for example ``iam list-users``. A Region in it stays the only one. Without the
    profile, the command uses the credentials of the environment, for example those of the emergency user. A profile on
    the command line would replace them: botocore then does not read the environment (botocore,
    ``create_credential_resolver``).
    """
    profile = clients.profile_options if with_profile else ()
    region = () if " --region " in words else clients.region_options
    options = (*profile, *region, *clients.endpoint_options)
    return show(" ".join(("aws", words, *map(shlex.quote, options))), LONGEST)


def user_command(clients: Clients, subject: Subject, operation: str, *parameters: str) -> str:
    """Return the AWS CLI command that calls the IAM ``operation`` on the user. ``parameters`` are quoted here."""
    words = (iam_command(operation, user_name=subject.user_name), *map(shlex.quote, parameters))
    return show(" ".join((*words, *map(shlex.quote, clients.cli_options))), LONGEST)


def program_command(clients: Clients, *words: str) -> str:
    """Return a command line of this program with the operator's global options. ``words`` are quoted here."""
    return show(shlex.join(("breakglass-tui", *clients.program_options, *words)), LONGEST)


def list_users(clients: Clients) -> str:
    """Return the remedy for a user that does not exist."""
    advice = "Check the user name and the account, or create a new emergency user. To list the users:"
    return f"{advice} {aws_command(clients, 'iam list-users')}"


def validate_with_envelope(clients: Clients, subject: Subject) -> str:
    """Return the advice to test the user's own credentials with the envelopes of its run."""
    options = ("--from", "DIRECTORY", "--identity", "IDENTITY_FILE")
    command = program_command(clients, "validate", "--user-name", subject.user_name, *options)
    return (
        f"Replace DIRECTORY and IDENTITY_FILE by the directory of the envelopes and a custodian's key, then: {command}"
    )
