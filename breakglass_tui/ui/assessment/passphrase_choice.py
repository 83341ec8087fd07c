"""PassphraseChoice: input for the passphrase of a seal.

The operator selects no passphrase, types one, or confirms a generated one.
"""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.assessment.choice import ChoiceRow
from breakglass_tui.ui.widgets.revealed import Revealed
from breakglass_tui.ui.widgets.secret_input import SecretInput

NONE, OWN, GENERATED, KEPT = "none", "own", "generated", "kept"
OPTIONS = ((NONE, "none"), (OWN, "my own"), (GENERATED, "generated"))
AGAIN = {OWN: "Repeat", GENERATED: "Type it back"}
COVER = "f2 shows it for 15 s. Write it down, then type it."
DIFFERENT = {OWN: "the two passphrases differ", GENERATED: "this is not the generated passphrase"}


class PassphraseChoice(Vertical):
    """A choice of the kind of passphrase, and the input for it.

    The operator types an own passphrase twice. A generated one is shown on request, and the operator types it once.
    ``kept`` is the passphrase of the draft, if there is one. It can stay unchanged, and is not shown again.
    """

    def __init__(self, kept: Secret | None, id: str) -> None:
        super().__init__(id=id)
        self._kept = kept
        self._generated: Secret | None = None
        options = ((KEPT, "unchanged"), *OPTIONS) if kept else OPTIONS
        self._choice = ChoiceRow(options, KEPT if kept else NONE)

    def compose(self) -> ComposeResult:
        """Compose the choice, the inputs of each kind, and the line for an error."""
        with Horizontal(classes="seal-row"):
            yield Static("Passphrase", classes="seal-label", markup=False)
            yield self._choice
        with Horizontal(classes="seal-row", id="own-row"):
            yield Static("Type it", classes="seal-label", markup=False)
            yield SecretInput(id="own")
        with Horizontal(id="generated-row"):
            yield Static("Generated", classes="seal-label", markup=False)
            yield Revealed(_bold, masked=COVER, id="generated")
        with Horizontal(classes="seal-row", id="again-row"):
            yield Static("", classes="seal-label", id="again-label", markup=False)
            yield SecretInput(id="again")
        yield Static("", classes="seal-error", id="passphrase-error", markup=False)

    def on_mount(self) -> None:
        """Show only the inputs of the selected kind."""
        self._draw()

    @property
    def kind(self) -> str:
        """The selected kind: ``none``, ``own``, ``generated`` or ``kept``."""
        return self._choice.value

    @property
    def own(self) -> bool:
        """Whether the operator types an own passphrase. Unlike a generated one, it may be weak."""
        return self.kind == OWN

    @property
    def mistake(self) -> str:
        """What is missing or wrong in the inputs, or an empty string. The strength is not measured here."""
        if self.kind not in AGAIN:
            return ""
        first, again = self._first(), self._input("again").value
        if not first:
            return "type a passphrase, or select none"
        if not again:
            return "repeat the passphrase" if self.own else "type it back, to confirm that you wrote it down"
        return "" if first == again else DIFFERENT[self.kind]

    def passphrase(self) -> Secret | None:
        """Return the passphrase, or None for no passphrase. The result is valid only if ``mistake`` is empty."""
        if self.kind == KEPT:
            return self._kept
        return Secret(self._first()) if self.kind in AGAIN else None

    def complain(self, error: str) -> None:
        """Show the message ``error``. An empty string removes it."""
        message = self.query_one("#passphrase-error", Static)
        message.display = bool(error)
        message.update(f"✗ {error}" if error else "")

    def focus_mistake(self) -> None:
        """Focus the input that ``mistake`` is about."""
        first = self.own and not (self._first() and self._input("again").value)
        self._input("own" if first else "again").focus()

    def toggle(self) -> None:
        """Show or hide the generated passphrase. For other kinds, do nothing."""
        if self.kind == GENERATED:
            self.query_one(Revealed).toggle()

    def _first(self) -> str:
        if self.kind == GENERATED:
            return self._generated.reveal() if self._generated else ""
        return self._input("own").value

    def _input(self, id: str) -> SecretInput:
        return self.query_one(f"#{id}", SecretInput)

    @on(ChoiceRow.Changed)
    def _chosen(self, event: ChoiceRow.Changed) -> None:
        event.stop()
        if self.kind == GENERATED and self._generated is None:
            from breakglass_tui.secrets.passphrase_seal import generate_passphrase

            self._generated = generate_passphrase()
        self.query_one(Revealed).hold(self._generated if self.kind == GENERATED else None)
        for id in ("own", "again"):
            self._input(id).clear()
        self._draw()

    @on(ChoiceRow.Submitted)
    @on(Input.Submitted)
    def _submitted(self, event: ChoiceRow.Submitted | Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.complain("")

    def _draw(self) -> None:
        self.query_one("#own-row").display = self.own
        self.query_one("#generated-row").display = self.kind == GENERATED
        self.query_one("#again-row").display = self.kind in AGAIN
        self.query_one("#again-label", Static).update(AGAIN.get(self.kind, ""))
        self.complain("")


def _bold(text: str, width: int) -> Content:  # noqa: ARG001 - Revealed calls it with a width. Textual wraps this text
    return Content.styled(text, "bold $foreground")
