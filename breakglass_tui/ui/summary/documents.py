"""The documents that the Summary shows in dialogs: the inline policy, and the diff of a trust policy."""

from __future__ import annotations

import json

from textual.content import Content

from breakglass_tui.domain.account import AdminPolicy
from breakglass_tui.domain.policy import INLINE_POLICY_NAME, INLINE_QUOTA, inline_document, size
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.ui.widgets.paragraphs import Paragraph, labelled, paragraphs_of, plain

SIGN_STYLES = {"+": "$success", "-": "$error", "@": "$primary"}


def policy_document(setup: Setup) -> list[Paragraph]:
    """Return the inline policy that the user will get: its name, source, version, size and JSON document."""
    policy = setup.account.admin_policy
    if not isinstance(policy, AdminPolicy):
        return _unread(policy)
    document = inline_document(policy, require_mfa=setup.request.require_mfa)
    rows = [
        ("Name", f"{INLINE_POLICY_NAME}, inline on {show(setup.request.user_name)}"),
        ("Source", show(policy.arn)),
        ("Version", f"{show(policy.version_id)}, the default version, read from AWS"),
        ("Size", f"{size(document):,} of {INLINE_QUOTA:,} characters"),
    ]
    lines = json.dumps(document, indent=2, ensure_ascii=False).splitlines()
    return [*labelled(rows, 9), plain(""), *paragraphs_of("\n".join(f" {show(line, 4096)}" for line in lines))]


def _unread(problem: Problem | None) -> list[Paragraph]:
    what = show(str(problem)) if problem else "AdministratorAccess has not been read."
    return [plain(what)]


def diff_document(diff: str) -> list[Paragraph]:
    """Return a paragraph for each line of the unified diff ``diff``. The signs + and - say the same as the colours."""
    return [_diff_line(show(line, 4096)) for line in diff.split("\n") if line]


def _diff_line(line: str) -> Paragraph:
    if line.startswith(("+++", "---")):
        return plain(line, "bold")
    style, body = SIGN_STYLES.get(line[:1], ""), line[1:].lstrip(" ")
    head = line[: len(line) - len(body)]
    return Paragraph(Content.styled(head, style), Content.styled(body, style))
