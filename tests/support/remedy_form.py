"""The form of remedies: what a report shows as a command can be pasted, and its sentences contain no command."""

from __future__ import annotations

import re
import shlex

from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.remedy_parts import remedy_parts

COMMAND = re.compile(r"(?:^|[\s:])(?:aws (?:--|[a-z0-9-]+ [a-z-]{4,})|breakglass-tui (?:--|[a-z]+ --))")
SENTENCE = re.compile(r"[.;] [A-Z][a-z]+ [a-z]+ ")


def require_pasteable(result: CheckResult) -> None:
    """Fail if a remedy of ``result`` has a command that a report would show as prose, or prose inside a command."""
    for remedy in (result.remedy, result.clears):
        for part in remedy_parts(remedy):
            assert not COMMAND.search(part.text), f"a command inside a sentence: {remedy}"
            shlex.split(part.command)  # raises an error for a quotation that is not closed
            unquoted = re.sub(r"'[^']*'|\"[^\"]*\"", "", part.command)
            assert not SENTENCE.search(unquoted), f"a sentence inside a command: {remedy}"
