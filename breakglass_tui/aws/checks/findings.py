"""``Findings``, which collects what one check found and makes its result."""

from __future__ import annotations

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.engine.plan import Check


class Findings:
    """The findings of one check. The worst finding decides the status of the check.

    The text of a finding is a clause without a period, because it can end in an ARN. The result joins the clauses with
    semicolons.
    """

    def __init__(self) -> None:
        self._status = CheckStatus.PASS
        self._found: list[str] = []
        self._remedies: list[str] = []
        self._pending: list[str] = []
        self._cautions: list[str] = []
        self._unproven: list[str] = []
        self._proof = ""
        self._disproof = ""
        self.facts: dict[str, str] = {}
        self._clears: list[str] = []

    @property
    def failed(self) -> bool:
        """Whether a failure was added."""
        return self._status is CheckStatus.FAIL

    @property
    def empty(self) -> bool:
        """Whether no finding was added."""
        return not self._found

    def good(self, text: str, *, pending: str = "", clears: str = "") -> None:
        """Add a finding that meets the expectation.

        ``pending`` is the IAM write that is still needed before the user can act, as an imperative. ``clears`` is how
        the operator makes that write.
        """
        self._add(text, "", pending, clears)

    def warn(self, text: str, remedy: str, *, pending: str = "", caution: str = "") -> None:
        """Add a finding that is wrong or not tested, but does not prove that the user cannot act.

        ``caution`` is a short statement of the risk, which is shown below the verdict.
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
        """Add a finding that nothing tested, so that the user cannot be READY.

        ``reason`` is a short statement for the verdict, by default ``text``. ``clear`` is what the operator does to
        remove that reason, by default ``remedy``.
        """
        self._add(text, remedy, "", clear or remedy)
        self._unproven.append(reason or text[0].upper() + text[1:])
        if self._status is CheckStatus.PASS:
            self._status = CheckStatus.WARN

    def proven(self, text: str, fingerprint: str) -> None:
        """Add a finding that was proven by using a credential.

        ``fingerprint`` identifies the credential that was used.
        """
        self.good(text)
        self._proof = fingerprint

    def fail(self, text: str, remedy: str, *, pending: str = "") -> None:
        """Add a finding that contradicts the request, or that means that the user cannot act."""
        self._add(text, remedy, pending, remedy if pending else "")
        self._status = CheckStatus.FAIL

    def disproven(self, text: str, remedy: str, fingerprint: str) -> None:
        """Add a failure that the use of a credential showed. ``fingerprint`` identifies the credential."""
        self.fail(text, remedy)
        self._disproof = fingerprint

    def result(self, check: Check, *, expected: str, why: str) -> CheckResult:
        """Return the result of ``check`` with all findings."""
        return CheckResult(
            check.id,
            check.title,
            self._status,
            expected=expected,
            found="; ".join(self._found),
            why=why,
            remedy=_join(self._remedies),
            pending=". ".join(self._pending),
            caution=". ".join(dict.fromkeys(self._cautions)),
            unproven=". ".join(dict.fromkeys(self._unproven)),
            proof=self._proof,
            disproof=self._disproof,
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
    """Return the remedies on one line, each once.

    A semicolon separates a remedy without a final period from the next one.
    """
    # A period at the end of a command would become part of it.
    separated = [remedy if remedy.endswith(".") else f"{remedy};" for remedy in dict.fromkeys(remedies)]
    return " ".join(separated).removesuffix(";")
