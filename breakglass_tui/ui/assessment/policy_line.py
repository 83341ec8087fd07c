"""PolicyLine: the version and the size of the policy that the user will get."""

from __future__ import annotations

import json

from textual.content import Content
from textual.widgets import Static

from breakglass_tui.domain.account import AdminPolicy
from breakglass_tui.domain.policy import INLINE_QUOTA, inline_document, size, size_error
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.ui.widgets.paragraphs import Paragraph, paragraphs_of, plain

READING = "◌ reading AdministratorAccess"


class PolicyLine(Static):
    """Two lines about the inline policy of the user: the version and the ARN of its source, and its own size."""

    def __init__(self) -> None:
        super().__init__(_titled(READING), id="policy", markup=False)

    def show(self, policy: AdminPolicy | Problem | None, *, require_mfa: bool) -> None:
        """Show the policy, the problem that prevented reading it, or that it is being read if ``policy`` is None.

        With ``require_mfa``, the inline policy also denies everything without MFA.
        """
        self.set_class(isinstance(policy, Problem), "-bad")
        if isinstance(policy, Problem):
            self.update(_titled(f"✗ AdministratorAccess: {show(policy.what, 120)}"))
        elif policy is None:
            self.update(_titled(READING))
        else:
            self.update(_titled(f"{room(policy, require_mfa=require_mfa)}  f2 show\n {show(policy.arn, 120)}"))


def _titled(text: str) -> Content:
    return Content.assemble(("Policy", "bold $primary"), "  ", text)


def room(policy: AdminPolicy, *, require_mfa: bool) -> str:
    """Return the version of ``policy``, and the size of the inline policy made from it compared with its quota."""
    document = inline_document(policy, require_mfa=require_mfa)
    text = f"{show(policy.version_id, 12)}, {size(document):,} of {INLINE_QUOTA:,} characters"
    return f"✗ {text}: too large" if size_error(document) else text


def document(policy: AdminPolicy, *, require_mfa: bool) -> list[Paragraph]:
    """Return the inline policy as paragraphs: the ARN of its source ``policy``, version and size, and the JSON."""
    written = inline_document(policy, require_mfa=require_mfa)
    lines = (f" {show(line, 400)}" for line in json.dumps(written, indent=2).splitlines())
    facts = (show(policy.arn, 120), room(policy, require_mfa=require_mfa), "")
    return [*map(plain, facts), *paragraphs_of("\n".join(lines))]
