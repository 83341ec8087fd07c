"""The settings of the request, as text for the review."""

from __future__ import annotations

from breakglass_tui.domain.account import AdminPolicy
from breakglass_tui.domain.own_tags import OWN_TAGS
from breakglass_tui.domain.ownership import tag_count
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.ui.widgets.identity_bar import grouped
from breakglass_tui.ui.widgets.paragraphs import Paragraph, labelled, plain

ACCESS = {
    "console": "console sign-in with a password",
    "programmatic": "access key",
    "both": "console sign-in with a password, and an access key",
}
MFA = {
    "none": "none",
    "authenticator": "authenticator app: you scan a QR code and type two codes",
    "sealed": "virtual device: this program enrols it and seals its seed",
}
NOT_TOUCHED = (
    "Not changed: other users, managed policies, the policies of the groups and the role, "
    "the account's password policy."
)


def request_facts(setup: Setup) -> list[Paragraph]:
    """Return paragraphs with the settings of the request, the caller, and what the plan does not change."""
    request, caller = setup.request, setup.account.caller
    rows = [
        ("User", show(request.user_name)),
        ("Path", show(request.path)),
        ("Account", " ".join(filter(None, (grouped(caller.account_id), show(caller.alias)))) + f", {caller.partition}"),
        ("Acting as", show(caller.arn)),
        ("Region", f"{show(request.region)} (IAM is global)"),
        ("Access", ACCESS[request.access]),
        ("Password", _password(request)),
        ("MFA", MFA[request.mfa] + (", required except to sign in and set a password" if request.require_mfa else "")),
        ("Policy", _policy(setup)),
        ("Groups", ", ".join(map(show, request.groups)) or "none"),
        ("Role", show(request.role_arn) or "none"),
        ("Tags", _tags(request)),
        ("Files", show(str(setup.envelopes.directory), 4096)),
    ]
    return [*labelled(rows), plain(""), plain(NOT_TOUCHED, "$secondary")]


def _password(request: SetupRequest) -> str:
    if not request.console:
        return ""
    return "temporary, changed at first sign-in" if request.password_reset_required else "permanent"


def _tags(request: SetupRequest) -> str:
    pairs = ", ".join(f"{show(key)}={show(value)}" for key, value in request.tags.items())
    return tag_count(len(OWN_TAGS), len(request.tags)) + (f" ({pairs})" if pairs else "")


def _policy(setup: Setup) -> str:
    policy = setup.account.admin_policy
    return f"AdministratorAccess {show(policy.version_id)}, inline" if isinstance(policy, AdminPolicy) else "unknown"
