"""CheckDetail: the proof behind one check."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.content import Content

from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.text import show
from breakglass_tui.ui.signs import Sign
from breakglass_tui.ui.widgets.paragraphs import Paragraph, Paragraphs, labelled, plain
from breakglass_tui.ui.widgets.reader import Reader
from breakglass_tui.ui.widgets.validation.lens import controls_by_family
from breakglass_tui.ui.widgets.validation.verdict import here

LABEL = 10
LEAST = 30
"""An access key id or the name of a policy is not cut in two."""
LONGEST = 4096
AGAIN = "r checks it again."
FAMILY = 16


class CheckDetail(Reader):
    """Expected, found, why it matters, the remedy, the controls it answers, and the calls with their request ids."""

    def compose(self) -> ComposeResult:
        """The text."""
        yield Paragraphs(id="proof")

    def draw(self, title: str, sign: Sign, doing: str, result: CheckResult | None) -> None:
        """Show what is known of a check; ``result`` may be of an earlier time while it runs again."""
        beside = doing or (f"in {result.elapsed_ms / 1000:.1f} s" if result else "")
        status = Paragraph(Content(""), Content.assemble(sign.content(), (f"  {show(beside)}", "$secondary")))
        self.query_one("#proof", Paragraphs).tell([plain(show(title), "bold"), status, *_proof(result)])


def _proof(result: CheckResult | None) -> Iterable[Paragraph]:
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
    if result.remedy:  # it may hold a command, which wants the whole width
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
    yield plain(show(call.request_id) or "no request id: no answer came", "$secondary", indent=2)
