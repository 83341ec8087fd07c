"""Experiment with a person and a browser: the forced first sign-in, and ``aws login``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from breakglass_tui.domain.sign_in import sign_in_urls
from breakglass_tui.secrets.totp import PERIOD_S, code_pair, seconds_left
from live_experiments.facts import Fact
from live_experiments.guardrail import guarded_policy
from live_experiments.lab import Lab, LabDevice, LabUser, Person

FORCED = "The deny without MFA lets a user without MFA replace its temporary password in the console."
LOGIN = "aws login works under the deny without MFA for a user who signs in with MFA."
MFA = "CloudTrail records an MFA context for the calls of aws login, or it does not. The deny without MFA exempts them."
NO_PERSON = "it needs a person with a browser: add --browser"
EVENTS = ("AuthorizeOAuth2Access", "CreateOAuth2Token")
"""The CloudTrail events of ``aws login`` (AWS Sign-In User Guide, CloudTrail)."""


def browser_sign_in(lab: Lab) -> Iterator[Fact]:
    """Yield as facts what AWS allows a user under the guardrail, which denies everything without MFA.

    A person signs in to the console without MFA and replaces the temporary password. Then the person runs ``aws login``
    with MFA.
    """
    expected = {FORCED: "the password is replaced", LOGIN: "no error in CloudTrail", MFA: "true or false"}
    if lab.person is None:
        yield from (lab.not_shown(text, expected=expected[text], why=NO_PERSON) for text in expected)
        return
    user = lab.user(guarded_policy)
    _ask_for_sign_in(lab, lab.person, user)
    replaced = _wait(lab, lab.person.within_s, lambda: not _reset_required(lab, user))
    found = "the password is replaced" if replaced else f"not within {lab.person.within_s:.0f} s"
    yield lab.fact(FORCED, expected=expected[FORCED], found=found, holds=bool(replaced), needs_aws=True)
    if not replaced:
        yield from (
            lab.not_shown(text, expected=expected[text], why="the password was not replaced") for text in (LOGIN, MFA)
        )
        return
    device = lab.enabled_device(user)
    _ask_for_login(lab, lab.person, user)
    events = _wait(lab, lab.person.events_within_s, lambda: _events(lab, user), device)
    if not events:
        why = f"CloudTrail has no event of it within {lab.person.events_within_s:.0f} s"
        yield from (lab.not_shown(text, expected=expected[text], why=why) for text in (LOGIN, MFA))
        return
    errors = sorted({f"{one['eventName']}: {one['errorCode']}" for one in events if one.get("errorCode")})
    found = ", ".join(errors) or f"no error in {len(events)} events"
    yield lab.fact(LOGIN, expected=expected[LOGIN], found=found, holds=not errors, needs_aws=True)
    found = ", ".join(sorted({f"{one['eventName']}: {_mfa(one)}" for one in events}))
    yield lab.fact(MFA, expected=expected[MFA], found=found, holds=True, needs_aws=True)


def _ask_for_sign_in(lab: Lab, person: Person, user: LabUser) -> None:
    password = lab.password(user, reset=True)
    urls = sign_in_urls(lab.caller.account_id, lab.caller.partition, lab.clients.region)
    person.show(f"Open this address in a private window: {urls.console if urls else 'the console of this partition'}")
    person.show(f"Sign in as {user.name} with this temporary password: {password.reveal()}")
    person.show("Set a new password, and keep it for the next step. This user is removed at the end.")


def _ask_for_login(lab: Lab, person: Person, user: LabUser) -> None:
    person.show("Sign out in that window. Then run this in another terminal:")
    person.show(f"aws login --profile {user.name} --region {lab.clients.region}")
    person.show(f"Sign in as {user.name} with the new password and a code from here. Codes follow until it is done.")


def _wait(lab: Lab, within_s: float, read: Callable[[], Any], device: LabDevice | None = None) -> Any:
    """Return the first true result of ``read``, or None after ``within_s`` seconds.

    Meanwhile show the current codes of ``device`` to the person, if there is a device.
    """
    assert lab.person is not None
    started, shown = lab.context.clock.ticks(), ""
    while not (found := read()):
        if lab.context.clock.ticks() - started >= within_s:
            return None
        code = code_pair(device.seed, lab.now())[1] if device else ""
        if code != shown and seconds_left(lab.now()) > PERIOD_S // 3:
            shown = code
            lab.person.show(f"code: {code}")
        lab.context.wait(lab.person.poll_s)
    return found


def _reset_required(lab: Lab, user: LabUser) -> bool:
    profile = lab.api.call("iam:GetLoginProfile", UserName=user.name)["LoginProfile"]
    return bool(profile.get("PasswordResetRequired"))


def _events(lab: Lab, user: LabUser) -> list[dict[str, Any]]:
    attributes = [{"AttributeKey": "Username", "AttributeValue": user.name}]
    found = lab.api.call("cloudtrail:LookupEvents", LookupAttributes=attributes).get("Events", ())
    records = [json.loads(item["CloudTrailEvent"]) for item in found if item["EventName"] in EVENTS]
    return records if any(one["eventName"] == EVENTS[-1] for one in records) else []


def _mfa(record: dict[str, Any]) -> str:
    attributes = record.get("userIdentity", {}).get("sessionContext", {}).get("attributes", {})
    return str(attributes.get("mfaAuthenticated", "not recorded"))
