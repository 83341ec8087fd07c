"""PreflightPanel: shows the results of the preflight checks as they arrive."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from breakglass_tui.domain.account import MANAGEMENT
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.text import show
from breakglass_tui.ui.state.run_state import RunState
from breakglass_tui.ui.summary.custody import cautions
from breakglass_tui.ui.widgets.next_try import CHECKS_AGAIN, said
from breakglass_tui.ui.widgets.paragraphs import Paragraph, Paragraphs, plain
from breakglass_tui.ui.widgets.signs import CHECK_SIGNS, counted


def refusal(run: RunState) -> str:
    """Return why the run cannot start now: preflight checks are running, failed or have no result.

    Return an empty string if it can start.
    """
    if run.prechecking:
        return "Not created: the preflight checks are still running. Wait for them."
    failed = [show(result.title) for result in run.preflight.values() if result.status is CheckStatus.FAIL]
    if failed:
        return f"Not created: {', '.join(failed)} failed. Fix it, then {said(CHECKS_AGAIN)} esc changes the request."
    return "" if run.preflight else f"Not created: no preflight check has a result. {said(CHECKS_AGAIN)}"


def wants_again(run: RunState) -> bool:
    """Return whether the preflight checks should run again: one failed or was skipped, or there is no result.

    While they are running, the answer is False.
    """
    lacking = [result for result in run.preflight.values() if result.status in (CheckStatus.FAIL, CheckStatus.SKIP)]
    return not run.prechecking and (bool(lacking) or not run.preflight)


class PreflightPanel(Paragraphs):
    """A widget with the number of preflight checks for each status, and the results that did not pass with remedies."""

    def draw(self, run: RunState, refused: str = "", waiting: str = "") -> None:
        """Show the current results.

        ``refused`` is why the run could not start. ``waiting`` is the text to show for a check that takes long.
        """
        assert run.setup is not None
        setup = run.setup
        warnings = (*([MANAGEMENT] if setup.account.management else []), *cautions(setup.request))
        lines = [_headline(run, len(warnings), waiting)]
        for status in (CheckStatus.FAIL, CheckStatus.WARN, CheckStatus.SKIP):
            found = [result for result in run.preflight.values() if result.status is status]
            lines += [line for result in found for line in _result(result)]
            if status is CheckStatus.WARN:
                lines += [line for text, remedy in warnings for line in _item(status, text, remedy)]
        if refused:
            lines.append(plain(f"✗ {refused}", "bold $error"))
        elif wants_again(run):
            lines.append(plain(said(CHECKS_AGAIN), "$secondary", indent=3))
        self.show(lines)


def _headline(run: RunState, warnings: int, waiting: str) -> Paragraph:
    statuses = [*(result.status for result in run.preflight.values()), *[CheckStatus.WARN] * warnings]
    running = Content.styled(f"  ◌ {waiting or 'checking…'}", "$primary") if run.prechecking else Content("")
    title = Content.styled("Preflight checks  ", "bold $primary")
    return Paragraph(Content(""), Content.assemble(title, Content(" · ").join(counted(statuses)), running))


def _result(result: CheckResult) -> Iterable[Paragraph]:
    return _item(result.status, f"{show(result.title)}: {show(result.found)}", show(result.remedy))


def _item(status: CheckStatus, text: str, remedy: str) -> Iterable[Paragraph]:
    sign = CHECK_SIGNS[status]
    yield Paragraph(Content.assemble(" ", sign.content(), "  "), Content(text))
    if remedy:
        yield Paragraph(Content("       → "), Content.styled(remedy, "$secondary"))
