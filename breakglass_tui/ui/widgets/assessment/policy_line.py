"""PolicyLine: the policy of the user, its version and its size."""

from __future__ import annotations

import json

from textual.content import Content
from textual.widgets import Static

from breakglass_tui.domain.account import AdminPolicy
from breakglass_tui.domain.policy import INLINE_QUOTA, size, size_error
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.ui.widgets.paragraphs import Paragraph, paragraphs_of, plain

READING = "◌ reading AdministratorAccess"


class PolicyLine(Static):
    """Two lines about the current AdministratorAccess policy. The first one starts with the title."""

    def __init__(self) -> None:
        super().__init__(_titled(READING), id="policy", markup=False)

    def tell(self, policy: AdminPolicy | Problem | None) -> None:
        """Show the policy, the problem that prevented reading it, or that it is being read."""
        self.set_class(isinstance(policy, Problem), "-bad")
        if isinstance(policy, Problem):
            self.update(_titled(f"✗ AdministratorAccess: {show(policy.what, 120)}"))
        elif policy is None:
            self.update(_titled(READING))
        else:
            self.update(_titled(f"{room(policy)}  f2 show\n {show(policy.arn, 120)}"))


def _titled(text: str) -> Content:
    return Content.assemble(("Policy", "bold $primary"), "  ", text)


def room(policy: AdminPolicy) -> str:
    """Return the version, and the size compared with the quota."""
    text = f"{show(policy.version_id, 12)}, {size(policy.document):,} of {INLINE_QUOTA:,} characters"
    return f"✗ {text}: too large" if size_error(policy.document) else text


def document(policy: AdminPolicy) -> list[Paragraph]:
    """Return the policy as paragraphs: ARN, version, size and document."""
    lines = (f" {show(line, 400)}" for line in json.dumps(policy.document, indent=2).splitlines())
    return [plain(show(policy.arn, 120)), plain(room(policy)), plain(""), *paragraphs_of("\n".join(lines))]
