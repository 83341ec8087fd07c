"""The marks that show which run created a resource: tags, the name of the MFA device, the Sid in a trust policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breakglass_tui.domain.account import Caller
from breakglass_tui.domain.own_tags import MANAGED_TAG, RUN_TAG

if TYPE_CHECKING:
    from breakglass_tui.domain.request import SetupRequest


def run_tags(request: SetupRequest, run_id: str) -> dict[str, str]:
    """Return the tags for the user and the MFA device of the run: the operator's tags, then those of this program."""
    return {**request.tags, RUN_TAG: run_id, MANAGED_TAG: "true"}


def tag_count(own: int, requested: int) -> str:
    """Return the number of tags as text, such as ``5 tags: 2 of the program, 3 of the request``.

    ``own`` are the tags that this program adds, ``requested`` those in the request.
    """
    if not requested:
        return f"{own} tag{'' if own == 1 else 's'} of the program"
    return f"{own + requested} tags: {own} of the program, {requested} of the request"


def user_arn(caller: Caller, request: SetupRequest) -> str:
    """Return the ARN that the requested user will have."""
    return f"arn:{caller.partition}:iam::{caller.account_id}:user{request.path}{request.user_name}"


def device_name(user_name: str, run_id: str) -> str:
    """Return the name of the virtual MFA device: the user name and the first eight characters of the run's id."""
    return f"{user_name}-{run_id[:8]}"


def device_serial(caller: Caller, name: str) -> str:
    """Return the ARN that the virtual MFA device ``name`` will have.

    The ARN of a virtual device is its serial number.
    """
    return f"arn:{caller.partition}:iam::{caller.account_id}:mfa/{name}"


def trust_sid(run_id: str) -> str:
    """Return the Sid of the statement that the run adds to a role's trust policy.

    It has letters and digits only, because IAM accepts nothing else in a Sid.
    """
    return "BreakGlass" + "".join(character for character in run_id if character.isalnum())
