"""CheckDetail: shows the result of the selected check, with its evidence."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.content import Content

from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.text import show
from breakglass_tui.ui.validation.lens import controls_by_family
from breakglass_tui.ui.validation.unknown_devices import here
from breakglass_tui.ui.widgets.paragraphs import Paragraph, Paragraphs, labelled, plain
from breakglass_tui.ui.widgets.reader import Reader
from breakglass_tui.ui.widgets.signs import Sign

LABEL = 10
LEAST = 30
"""The least width of the text column, in cells, so that an access key id or a policy name is not split."""
LONGEST = 4096
AGAIN = "Press r to retry this check."
FAMILY = 16


class CheckDetail(Reader):
    """A widget with the result of a check: what was expected and found, the remedy, the controls, and the calls."""

    def compose(self) -> ComposeResult:
        """Compose the text of the result."""
        yield Paragraphs(id="proof")

    def draw(self, title: str, sign: Sign, doing: str, result: CheckResult | None) -> None:
        """Show the check with this title and sign.

        ``doing`` is its current call, if it is running. ``result`` is its last result, or None.
        """
        beside = doing or (f"in {result.elapsed_ms / 1000:.1f} s" if result else "")
        status = Paragraph(Content(""), Content.assemble(sign.content(), (f"  {show(beside)}", "$secondary")))
        self.query_one("#proof", Paragraphs).show([plain(show(title), "bold"), status, *_result_lines(result)])


def _result_lines(result: CheckResult | None) -> Iterable[Paragraph]:
    if result is None:
        return
    rows = [
        ("expected", show(result.expected)),
        ("found", show(result.found)),
        ("pending", show(result.pending)),
        ("caution", show(result.caution)),
        ("why", show(result.why)),
    ]
    yield plain("")
    yield from labelled(rows, LABEL, LEAST)
    if result.remedy:  # it may contain a command, which needs the whole width
        yield plain("remedy", "$secondary")
        yield plain(show(here(result.remedy), LONGEST), indent=2)
    if result.clears and result.clears != result.remedy:
        yield plain("cleared by", "$secondary")
        yield plain(show(here(result.clears), LONGEST), indent=2)
    if result.status is not CheckStatus.PASS:
        yield plain(AGAIN, "$secondary")
    controls = controls_by_family(result.id)
    if controls:
        yield plain("maps to", "$secondary")
    for family, numbers in controls:
        yield Paragraph(Content.styled(f"  {family:<{FAMILY}}", "$secondary"), Content(numbers))
    if result.calls:
        yield plain("calls", "$secondary")
    for call in result.calls:
        yield from _call(call)


def _call(call: Call) -> Iterable[Paragraph]:
    tries = f", {call.attempts} tries" if call.attempts > 1 else ", 1 try"
    error = f", {show(call.error)}" if call.error else ""
    yield Paragraph(Content("  "), Content(f"{show(call.operation)}  {call.elapsed_ms} ms{tries}{error}"))
    yield plain(show(call.request_id) or "no request id: AWS did not answer", "$secondary", indent=2)
