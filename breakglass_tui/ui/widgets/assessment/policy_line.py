"""PolicyLine: the version and the size of the policy that the user will get."""

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
    """Two lines about the current AdministratorAccess policy: version and size, then the ARN."""

    def __init__(self) -> None:
        super().__init__(_titled(READING), id="policy", markup=False)

    def tell(self, policy: AdminPolicy | Problem | None) -> None:
        """Show the policy, the problem that prevented reading it, or that it is being read if ``policy`` is None."""
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
    """Return the version of the policy, and its size compared with the quota of an inline policy."""
    text = f"{show(policy.version_id, 12)}, {size(policy.document):,} of {INLINE_QUOTA:,} characters"
    return f"✗ {text}: too large" if size_error(policy.document) else text


def document(policy: AdminPolicy) -> list[Paragraph]:
    """Return the policy as paragraphs: the ARN, version and size, and the JSON document."""
    lines = (f" {show(line, 400)}" for line in json.dumps(policy.document, indent=2).splitlines())
    return [plain(show(policy.arn, 120)), plain(room(policy)), plain(""), *paragraphs_of("\n".join(lines))]
