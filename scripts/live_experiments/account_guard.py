"""The conditions that must hold before the script creates anything in an account."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from breakglass_tui.aws.api import Api, silent_context
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.organization import manages_organization
from breakglass_tui.domain.account import Caller
from breakglass_tui.domain.problems import Kind, Problem
from live_experiments.messages import notify


def require_own_account(clients: Clients, caller: Caller, account_id: str, *, management: bool) -> None:
    """Verify that the caller belongs to the account ``account_id``, and that it manages no organization.

    With ``management``, the account may manage one.

    Raises:
        Problem: the account is another one, or it manages an organization or may do so.
    """
    if not re.fullmatch(r"[0-9]{12}", account_id):
        raise _refusal("--account-id is not an account id.", "An account id has 12 digits.", "Correct --account-id.")
    if caller.account_id != account_id:
        why = f"--account-id is {account_id}, and the credentials belong to account {caller.account_id}."
        raise _refusal("This is another account.", why, "Choose the profile of the account, or correct --account-id.")
    if management:
        return
    manages = manages_organization(Api(clients, silent_context("organization")), account_id)
    if manages is None:
        why = "The caller may not call organizations:DescribeOrganization."
        next = "Allow that call. Or add --management if this may be the management account."
        raise _refusal("It is not known whether this is the management account of an organization.", why, next)
    if manages:
        why = "Everything in it is exempt from service control policies, so it shows less."
        next = "Use a member account for tests. Or add --management."
        raise _refusal("This is the management account of an organization.", why, next)


def require_confirmation(caller: Caller, clients: Clients, plan: Sequence[str], *, yes: bool) -> None:
    """Show the account and ``plan``, and ask the operator to type the account id. With ``yes``, do not ask.

    Raises:
        Problem: the operator typed something else, or there is no terminal.
    """
    where = clients.endpoint_url or "AWS"
    notify("\n".join((f"Account {caller.account_id} at {where}, Region {clients.region}, as {caller.arn}", *plan)))
    if yes:
        return
    if not sys.stdin.isatty():
        raise _refusal("The run was not confirmed.", "There is no terminal to type on.", "Add --yes.")
    notify("Type the account id to continue:")
    if sys.stdin.readline().strip() != caller.account_id:
        raise _refusal("The run was not confirmed.", "This is not the account id.", "Run the command again.")


def _refusal(what: str, why: str, next: str) -> Problem:
    return Problem(what, why=why, next=next, kind=Kind.USAGE)
