"""PolicyLine: which policy will be put on the user, at which version, and how much room it takes."""

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
    """Two lines on AdministratorAccess as AWS has it now; the first begins with the title."""

    def __init__(self) -> None:
        super().__init__(_titled(READING), id="policy", markup=False)

    def tell(self, policy: AdminPolicy | Problem | None) -> None:
        """Show it, or why it is not there."""
        self.set_class(isinstance(policy, Problem), "-bad")
        if isinstance(policy, Problem):
            self.update(_titled(f"✗ AdministratorAccess: {show(policy.what, 120)}"))
        elif policy is None:
            self.update(_titled(READING))
        else:
            self.update(_titled(f"{room(policy)}  f2 read it\n {show(policy.arn, 120)}"))


def _titled(text: str) -> Content:
    return Content.assemble(("Policy", "bold $primary"), "  ", text)


def room(policy: AdminPolicy) -> str:
    """The version and its share of the quota."""
    text = f"{show(policy.version_id, 12)}, {size(policy.document):,} of {INLINE_QUOTA:,} characters"
    return f"✗ {text}: too large" if size_error(policy.document) else text


def document(policy: AdminPolicy) -> list[Paragraph]:
    """The policy to read, below its name and its size."""
    lines = (f" {show(line, 400)}" for line in json.dumps(policy.document, indent=2).splitlines())
    return [plain(show(policy.arn, 120)), plain(room(policy)), plain(""), *paragraphs_of("\n".join(lines))]
