"""The console half of the check ``access``: the login profile and its reset flag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.expectation import command, settled
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.domain.sign_in import LED_BY
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject

RESET_PENDING = "the first sign-in must still change the password, which is a write to IAM"
FIRST_SIGN_IN = "Sign in once as this user while all is well, set the lasting password, and seal that instead."
CEREMONY = f"Make the first sign-in while all is well: {LED_BY} leads through it, and seals anew."
"""For a user that a run of this program made."""
NOT_CONFIRMED = "first sign-in unfinished: either of two envelopes may hold the password"
SEALED_BEFORE = "the sealed password opens nothing: it is the temporary one, since replaced"
SIGN_IN_AGAIN = f"Have it changed once more, by the first sign-in ({LED_BY}), after: "
SET_PASSWORD = "Enable console access for this user in the IAM console, or set up a new emergency user."  # noqa: S105 - advice


def read_console(api: Api, subject: Subject) -> Mapping[str, Any] | None:
    """The login profile, or None when the user has no password. Waits for one that this run has made."""
    answers: list[dict[str, Any] | None] = []
    asked_for = subject.request is not None and subject.request.console

    def there() -> bool:
        answers.append(api.found("iam:GetLoginProfile", UserName=subject.user_name))
        return answers[-1] is not None or not asked_for

    settled(api.context, subject, there)
    answer = answers[-1]
    return None if answer is None else answer.get("LoginProfile", {})


def expect_console(subject: Subject) -> str:
    """What is expected of console access."""
    request = subject.request
    if request is None:
        return ""
    if not request.console:
        return "no console password"
    reset = "to be changed at the first sign-in" if request.password_reset_required else "that need not be changed"
    return f"a console password {reset}"


def judge_console(api: Api, subject: Subject, profile: Mapping[str, Any] | None, findings: Findings) -> None:
    """Hold the login profile against the request."""
    if subject.request is None:
        _unmanaged(profile, findings)
    elif not subject.request.console:
        if profile is not None:
            next = "Unless it is known who set it: " + command(subject, "delete-login-profile")
            findings.fail("not asked for: a console password", next)
        else:
            findings.good("no console password")
    elif profile is None:
        findings.fail("there is no console password", SET_PASSWORD)
    else:
        _reset_flag(api, subject, bool(profile.get("PasswordResetRequired")), findings)


def _reset_flag(api: Api, subject: Subject, pending: bool, findings: Findings) -> None:
    asked = subject.request is not None and subject.request.password_reset_required
    if pending and asked:
        text = "console password set, to be changed at the first sign-in"
        findings.good(text, pending=RESET_PENDING, clears=CEREMONY)
    elif pending:
        text = "not asked for: the console password must be changed at the first sign-in"
        findings.fail(text, FIRST_SIGN_IN, pending=RESET_PENDING)
    elif subject.signing_in:
        text = "console password set, no reset pending, but the first sign-in was not seen to its end here"
        findings.warn(text, CEREMONY, caution=NOT_CONFIRMED)
    elif not asked:
        findings.good("console password set, no reset pending")
    else:
        _reset_gone(api, subject, findings)


def _reset_gone(api: Api, subject: Subject, findings: Findings) -> None:
    """The flag was asked for and is not there: fine after the first sign-in, strange before."""
    require = command(subject, "update-login-profile", "--password-reset-required")
    user = (api.found("iam:GetUser", UserName=subject.user_name) or {}).get("User", {})
    if user.get("PasswordLastUsed") or subject.signed_in:
        # What AWS tells of the last use is some minutes late (IAM User Guide, "Finding unused passwords").
        when = f" (last used {show(str(user['PasswordLastUsed']))})" if user.get("PasswordLastUsed") else ""
        text = f"console password set, the first sign-in has been made{when}"
        if subject.signed_in or not any("password" in envelope.contents for envelope in subject.envelopes):
            findings.good(text)
        else:
            findings.warn(f"{text}, but not sealed", f"{SIGN_IN_AGAIN}{require}", caution=SEALED_BEFORE)
        return
    text = "console password set, but no reset is pending although nobody has signed in with it"
    findings.warn(text, f"If somebody else knows it, have it changed: {require}")


def _unmanaged(profile: Mapping[str, Any] | None, findings: Findings) -> None:
    if profile is None:
        findings.good("no console password")
    elif profile.get("PasswordResetRequired"):
        findings.warn("console password set, its reset is still pending", FIRST_SIGN_IN, pending=RESET_PENDING)
    else:
        findings.good("console password set, no reset pending")
