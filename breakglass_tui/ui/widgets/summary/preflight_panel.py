"""PreflightPanel: what is looked at before the first write, as it comes in."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.text import show
from breakglass_tui.ui.flow import Session
from breakglass_tui.ui.signs import CHECK_SIGNS
from breakglass_tui.ui.widgets.paragraphs import Paragraph, Paragraphs, plain
from breakglass_tui.ui.widgets.summary.custody import cautions

WORDS = {
    CheckStatus.PASS: "ok",
    CheckStatus.WARN: "warnings",
    CheckStatus.FAIL: "failed",
    CheckStatus.SKIP: "unknown",
}


def refusal(session: Session) -> str:
    """Why nothing may be created now, or nothing."""
    if session.prechecking:
        return "Not yet: the checks before the first write are still running."
    failed = [show(result.title) for result in session.preflight.values() if result.status is CheckStatus.FAIL]
    if failed:
        return f"Not created: {', '.join(failed)} failed. Mend it and press r, or esc to change the request."
    return "" if session.preflight else "Not created: nothing was checked. Press r."


class PreflightPanel(Paragraphs):
    """Counts, then each result that is not ok with its remedy, then why creating was refused."""

    def draw(self, session: Session, refused: str = "", waiting: str = "") -> None:
        """Show what ``session`` knows now; ``waiting`` says what takes long."""
        assert session.setup is not None
        warnings = cautions(session.setup.request)
        lines = [_headline(session, len(warnings), waiting)]
        for status in (CheckStatus.FAIL, CheckStatus.WARN, CheckStatus.SKIP):
            found = [result for result in session.preflight.values() if result.status is status]
            lines += [line for result in found for line in _result(result)]
            if status is CheckStatus.WARN:
                lines += [line for text, remedy in warnings for line in _item(status, text, remedy)]
        if refused:
            lines.append(plain(f"✗ {refused}", "bold $error"))
        self.tell(lines)


def _headline(session: Session, warnings: int, waiting: str) -> Paragraph:
    counts = dict.fromkeys(CheckStatus, 0)
    for result in session.preflight.values():
        counts[result.status] += 1
    counts[CheckStatus.WARN] += warnings
    order = (CheckStatus.PASS, CheckStatus.WARN, CheckStatus.FAIL, CheckStatus.SKIP)
    always = (CheckStatus.PASS, CheckStatus.FAIL)
    parts = [_count(status, counts[status]) for status in order if counts[status] or status in always]
    running = Content.styled(f"  ◌ {waiting or 'checking…'}", "$primary") if session.prechecking else Content("")
    title = Content.styled("Checks before the first write  ", "bold $primary")
    return Paragraph(Content(""), Content.assemble(title, Content(" · ").join(parts), running))


def _count(status: CheckStatus, number: int) -> Content:
    word = "warning" if number == 1 and status is CheckStatus.WARN else WORDS[status]
    return Content.styled(f"{number} {word}", CHECK_SIGNS[status].style if number else "$secondary")


def _result(result: CheckResult) -> Iterable[Paragraph]:
    return _item(result.status, f"{show(result.title)}: {show(result.found)}", show(result.remedy))


def _item(status: CheckStatus, text: str, remedy: str) -> Iterable[Paragraph]:
    sign = CHECK_SIGNS[status]
    yield Paragraph(Content.styled(f" {sign.glyph} ", sign.style), Content(text))
    if remedy:
        yield Paragraph(Content("   → "), Content.styled(remedy, "$secondary"))
