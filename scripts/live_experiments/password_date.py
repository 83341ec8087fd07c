"""Experiment: the date of a login profile after the password was changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from breakglass_tui.aws.error_classes import BUSY, DENIED
from live_experiments.facts import Fact
from live_experiments.lab import Lab

CHANGE = "iam:ChangePassword"
VISIBLE_S = 120.0


def password_date(lab: Lab) -> Iterator[Fact]:
    """Yield as a fact whether ChangePassword changes the CreateDate of the login profile.

    The program assumes that it does not, so it reads the date of a change only from the credential report.
    """
    user = lab.user(_policy)
    as_user, old = lab.key(user), lab.password(user, reset=False)
    passwords = {"OldPassword": old.reveal(), "NewPassword": lab.new_password(user).reveal()}
    before = _created(lab, user.name)
    # AWS has dates in full seconds. So wait, or a new date could equal the old one.
    lab.context.wait(1.5)
    as_user.call(CHANGE, retry_on=BUSY | DENIED, retry_for_s=VISIBLE_S, **passwords)
    after = _created(lab, user.name)
    text = "ChangePassword does not change the CreateDate of the login profile."
    yield lab.fact(text, expected=f"still {before}", found=str(after), holds=before == after)


def _created(lab: Lab, name: str) -> str:
    return str(lab.api.call("iam:GetLoginProfile", UserName=name)["LoginProfile"]["CreateDate"])


def _policy(user_arn: str) -> Mapping[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": CHANGE, "Resource": user_arn}]}
