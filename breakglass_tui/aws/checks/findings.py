"""Findings: what one check saw, gathered into its result."""

from __future__ import annotations

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.engine.plan import Check


class Findings:
    """Clauses of good and bad news; the worst of them is the check's status."""

    def __init__(self) -> None:
        self._status = CheckStatus.PASS
        self._found: list[str] = []
        self._remedies: list[str] = []
        self._pending: list[str] = []
        self._cautions: list[str] = []
        self._clears: list[str] = []

    @property
    def failed(self) -> bool:
        """Whether something is wrong already."""
        return self._status is CheckStatus.FAIL

    @property
    def silent(self) -> bool:
        """Whether nothing has been said yet."""
        return not self._found

    def good(self, text: str, *, pending: str = "", clears: str = "") -> None:
        """As expected; ``pending`` is what still needs a write to IAM before the user can act, ``clears`` that step."""
        self._add(text, "", pending, clears)

    def warn(self, text: str, remedy: str, *, pending: str = "", caution: str = "") -> None:
        """Not as it should be, or not proven, but no reason to say that the user would not work.

        ``caution`` is what is told beside the verdict.
        """
        self._add(text, remedy, pending, remedy if pending or caution else "")
        if caution:
            self._cautions.append(caution)
        if self._status is CheckStatus.PASS:
            self._status = CheckStatus.WARN

    def fail(self, text: str, remedy: str, *, pending: str = "") -> None:
        """Against what was asked for, or the user would not work."""
        self._add(text, remedy, pending, remedy if pending else "")
        self._status = CheckStatus.FAIL

    def result(self, check: Check, *, expected: str, why: str) -> CheckResult:
        """All of it as the result of ``check``."""
        return CheckResult(
            check.id,
            check.title,
            self._status,
            expected=expected,
            found="; ".join(self._found),
            why=why,
            remedy="; ".join(dict.fromkeys(self._remedies)),
            pending="; ".join(self._pending),
            caution="; ".join(self._cautions),
            clears="; ".join(dict.fromkeys(self._clears)),
        )

    def _add(self, text: str, remedy: str, pending: str, clears: str) -> None:
        self._found.append(text)
        if remedy:
            self._remedies.append(remedy)
        if pending:
            self._pending.append(pending)
        if clears:
            self._clears.append(clears)
