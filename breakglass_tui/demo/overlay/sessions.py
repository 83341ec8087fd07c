"""Temporary credentials of the simulated account, from STS or from a console sign-in."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.iam.utils import generate_access_key_id_from_account_id

from breakglass_tui.demo.overlay.dates import iso_date
from breakglass_tui.demo.world import SimulatedCaller, World

MFA_PRESENT = "aws:MultiFactorAuthPresent"
ISSUED = "aws:TokenIssueTime"
"""The condition key with the time at which temporary credentials were issued.

Requests of long-term keys do not have it.
"""
CONSOLE_S = 43_200
"""The number of seconds for which ``aws login`` renews its credentials (AWS CLI User Guide, "aws login")."""


def issue_session(world: World, session: SimulatedCaller, duration_s: int) -> dict[str, Any]:
    """Issue temporary credentials for ``session`` that expire after ``duration_s`` seconds, and return them.

    The keys of the result are those of STS: ``AccessKeyId``, ``SecretAccessKey``, ``SessionToken`` and ``Expiration``.
    """
    key = generate_access_key_id_from_account_id(world.account_id, "ASIA", 20)
    now = datetime.now(UTC)
    expires, context = now + timedelta(seconds=duration_s), {**session.context, ISSUED: iso_date(now)}
    secret, token = secrets.token_urlsafe(30), secrets.token_urlsafe(200)
    world.sessions[key] = replace(session, secret=secret, token=token, context=context, expires=expires)
    return {"AccessKeyId": key, "SecretAccessKey": secret, "SessionToken": token, "Expiration": expires}


def console_session(world: World, user_name: str) -> dict[str, Any]:
    """Return the credentials that ``aws login`` gets for a user who has just signed in to the console.

    The session has MFA if the user has a device, because the sign-in asks for its code. The session may call IAM in any
    case.
    """
    user = world.iam.users[user_name]
    context = {MFA_PRESENT: str(bool(user.mfa_devices)).lower()}
    return issue_session(world, SimulatedCaller(user.arn, user.id, "", user, context=context), CONSOLE_S)
