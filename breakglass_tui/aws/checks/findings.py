"""What one check found, collected into its result."""

from __future__ import annotations

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.engine.plan import Check


class Findings:
    """The findings of one check. The worst of them is the status of the check.

    Each finding is a clause without a period, because it can end in an ARN. The result lists the clauses with
    semicolons between them.
    """

    def __init__(self) -> None:
        self._status = CheckStatus.PASS
        self._found: list[str] = []
        self._remedies: list[str] = []
        self._pending: list[str] = []
        self._cautions: list[str] = []
        self._unproven: list[str] = []
        self._proof = ""
        self.facts: dict[str, str] = {}
        self._clears: list[str] = []

    @property
    def failed(self) -> bool:
        """Whether there is a failure already."""
        return self._status is CheckStatus.FAIL

    @property
    def empty(self) -> bool:
        """Whether there is no finding yet."""
        return not self._found

    def good(self, text: str, *, pending: str = "", clears: str = "") -> None:
        """Add a finding that meets the expectation.

        ``pending`` is the write to IAM that is left before the user can act, as an imperative. ``clears`` is how the
        operator makes that write.
        """
        self._add(text, "", pending, clears)

    def warn(self, text: str, remedy: str, *, pending: str = "", caution: str = "") -> None:
        """Add a finding that is wrong or not tested, but that does not show that the user would not work.

        ``caution`` is the risk that is shown below the verdict, as a short statement.
        """
        self._add(text, remedy, pending, remedy if pending or caution else "")
        if caution:
            self._cautions.append(caution)
        if self._status is CheckStatus.PASS:
            self._status = CheckStatus.WARN

    def risk(self, caution: str, remedy: str) -> None:
        """Add a risk that is shown below the verdict. It does not change the status of the check."""
        self._cautions.append(caution)
        self._clears.append(remedy)

    def untested(self, text: str, remedy: str, *, reason: str = "", clear: str = "") -> None:
        """Add a finding that keeps the user from being READY because nothing tested it.

        ``reason`` is its text in the verdict, as a short statement. The default is ``text``. ``clear`` is
        what clears it there, if that is not ``remedy``.
        """
        self._add(text, remedy, "", clear or remedy)
        self._unproven.append(reason or text[0].upper() + text[1:])
        if self._status is CheckStatus.PASS:
            self._status = CheckStatus.WARN

    def proven(self, text: str, fingerprint: str) -> None:
        """Add a finding that was proven by use. ``fingerprint`` identifies what was used."""
        self.good(text)
        self._proof = fingerprint

    def fail(self, text: str, remedy: str, *, pending: str = "") -> None:
        """Add a finding that contradicts the request, or because of which the user would not work."""
        self._add(text, remedy, pending, remedy if pending else "")
        self._status = CheckStatus.FAIL

    def result(self, check: Check, *, expected: str, why: str) -> CheckResult:
        """Return all findings as the result of ``check``."""
        return CheckResult(
            check.id,
            check.title,
            self._status,
            expected=expected,
            found="; ".join(self._found),
            why=why,
            remedy=_join(self._remedies),
            pending=". ".join(self._pending),
            caution=". ".join(self._cautions),
            unproven=". ".join(self._unproven),
            proof=self._proof,
            facts=self.facts,
            clears=_join(self._clears),
        )

    def _add(self, text: str, remedy: str, pending: str, clears: str) -> None:
        self._found.append(text)
        if remedy:
            self._remedies.append(remedy)
        if pending:
            self._pending.append(pending)
        if clears:
            self._clears.append(clears)


def _join(remedies: list[str]) -> str:
    """Return the remedies on one line. A semicolon follows a remedy that ends in a command."""
    # A period at the end of a command would become part of it.
    separated = [remedy if remedy.endswith(".") else f"{remedy};" for remedy in dict.fromkeys(remedies)]
    return " ".join(separated).removesuffix(";")
