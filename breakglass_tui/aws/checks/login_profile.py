"""The part of the check ``access`` that evaluates the console password: the login profile and PasswordResetRequired."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.dates import minute_text
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import wait_until_present
from breakglass_tui.aws.checks.remedy_commands import program_command, user_command
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.sign_in import demo_first_sign_in_way, first_sign_in_way
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject

RESET_PENDING = "Make the first sign-in (it sets the permanent password)"
FIRST_SIGN_IN = "Before an emergency, sign in once as this user, set a permanent password, and seal that password."
NOT_CONFIRMED = "The first sign-in is unfinished: the password is in one of two envelopes"
SEALED_BEFORE = "The sealed password does not work: it is the old temporary password"
SIGN_IN_AGAIN = "To seal the new password, require another one:"
SET_PASSWORD = "Enable console access for this user in the IAM console, or create a new emergency user."  # noqa: S105 - advice


def read_login_profile(api: Api, subject: Subject) -> Mapping[str, Any] | None:
    """Return the login profile, or None if the user has no password. Waits for a password that this process created."""
    answers: list[dict[str, Any] | None] = []
    requested = subject.request is not None and subject.request.console

    def present() -> bool:
        answers.append(api.find("iam:GetLoginProfile", UserName=subject.user_name))
        return answers[-1] is not None or not requested

    wait_until_present(api.context, subject, present)
    answer = answers[-1]
    return None if answer is None else answer.get("LoginProfile", {})


def expected_console(subject: Subject) -> str:
    """Return a phrase for the console access that the request expects, or "" without a request."""
    request = subject.request
    if request is None:
        return ""
    if not request.console:
        return "no console password"
    if request.password_reset_required:
        return "a console password that the first sign-in must change"
    return "a console password that does not have to be changed"


def evaluate_console(
    api: Api, clients: Clients, subject: Subject, profile: Mapping[str, Any] | None, findings: Findings
) -> None:
    """Compare the login profile with the request and add the findings."""
    if subject.request is None:
        _unmanaged(profile, findings)
    elif not subject.request.console:
        if profile is not None:
            remedy = "Delete it unless you know who set it: " + user_command(clients, subject, "delete-login-profile")
            findings.fail("not requested: a console password", remedy)
        else:
            findings.good("no console password")
    elif profile is None:
        findings.fail("there is no console password", SET_PASSWORD)
    else:
        _reset_flag(api, clients, subject, bool(profile.get("PasswordResetRequired")), findings)


def _reset_flag(api: Api, clients: Clients, subject: Subject, reset_required: bool, findings: Findings) -> None:
    requested = subject.request is not None and subject.request.password_reset_required
    if reset_required and requested:
        text = "console password set, the first sign-in must change it"
        findings.good(text, pending=RESET_PENDING, clears=_guided_sign_in(clients, subject))
    elif reset_required:
        text = "not requested: the first sign-in must change the console password"
        findings.fail(text, FIRST_SIGN_IN, pending=RESET_PENDING)
    elif subject.signing_in:
        text = "console password set, no reset required, but the first sign-in was not completed on this machine"
        findings.warn(text, _guided_sign_in(clients, subject), caution=NOT_CONFIRMED)
    elif not requested:
        findings.good("console password set, no reset required")
    else:
        _reset_done(api, clients, subject, findings)


def _reset_done(api: Api, clients: Clients, subject: Subject, findings: Findings) -> None:
    """Add the finding for a requested password reset that AWS no longer requires.

    That is normal after the first sign-in, and wrong before it.
    """
    require_reset = user_command(clients, subject, "update-login-profile", "--password-reset-required")
    user = (api.find("iam:GetUser", UserName=subject.user_name) or {}).get("User", {})
    if user.get("PasswordLastUsed") or subject.signed_in:
        # AWS reports the last use some minutes late (IAM User Guide, "Finding unused passwords").
        when = f" (last used {minute_text(user['PasswordLastUsed'])})" if user.get("PasswordLastUsed") else ""
        text = f"console password set, the first sign-in is done{when}"
        if subject.signed_in or not any("password" in envelope.contents for envelope in subject.envelopes):
            findings.good(text)
        else:
            remedy = f"{SIGN_IN_AGAIN} {require_reset}; {_guided_sign_in(clients, subject, 'Then')}"
            findings.warn(f"{text}, but its password is not sealed", remedy, caution=SEALED_BEFORE)
        return
    text = "console password set, but no reset is required although the password was never used"
    findings.warn(text, f"If another person knows it, require a reset: {require_reset}")


def _guided_sign_in(clients: Clients, subject: Subject, lead: str = "Before an emergency,") -> str:
    """Return the remedy for a user that this program created. The app guides its first sign-in."""
    if clients.demo:
        return demo_first_sign_in_way(program_command(clients))
    return f"{lead} {first_sign_in_way(program_command(clients), show(subject.user_name))}"


def _unmanaged(profile: Mapping[str, Any] | None, findings: Findings) -> None:
    if profile is None:
        findings.good("no console password")
    elif profile.get("PasswordResetRequired"):
        text = "console password set, the first sign-in must change it"
        findings.warn(text, FIRST_SIGN_IN, pending=RESET_PENDING)
    else:
        findings.good("console password set, no reset required")
