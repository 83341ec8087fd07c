"""PassphraseChoice: none, one of the operator's own, or a generated one; either is typed twice."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.widgets.assessment.choice import ChoiceRow
from breakglass_tui.ui.widgets.configuration.revealed import Revealed
from breakglass_tui.ui.widgets.secret_input import SecretInput

NONE, OWN, GENERATED, KEPT = "none", "own", "generated", "kept"
OPTIONS = ((NONE, "none"), (OWN, "my own"), (GENERATED, "generated"))
AGAIN = {OWN: "Once more", GENERATED: "Type it back"}
COVER = "f2 shows it for 15 s: write it down, then type it"
DIFFERENT = {OWN: "the two are not the same", GENERATED: "this is not the passphrase that was generated"}


class PassphraseChoice(Vertical):
    """``kept`` is the one that was given before; it is not shown again."""

    def __init__(self, kept: Secret | None, id: str) -> None:
        super().__init__(id=id)
        self._kept = kept
        self._generated: Secret | None = None
        options = ((KEPT, "as given"), *OPTIONS) if kept else OPTIONS
        self._choice = ChoiceRow(options, KEPT if kept else NONE)

    def compose(self) -> ComposeResult:
        """The choice; under it what it takes."""
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
        """Begin with what is chosen."""
        self._draw()

    @property
    def kind(self) -> str:
        """What is chosen."""
        return self._choice.value

    @property
    def own(self) -> bool:
        """Whether somebody thought of it, and it may be weak."""
        return self.kind == OWN

    @property
    def mistake(self) -> str:
        """Why there is no passphrase yet although one is wanted, or nothing."""
        if self.kind not in AGAIN:
            return ""
        first, again = self._first(), self._input("again").value
        if not first:
            return "type a passphrase, or choose none"
        if not again:
            return "type it once more" if self.own else "type it back: that shows it is written down"
        return "" if first == again else DIFFERENT[self.kind]

    def passphrase(self) -> Secret | None:
        """The passphrase without a mistake, or None for none."""
        if self.kind == KEPT:
            return self._kept
        return Secret(self._first()) if self.kind in AGAIN else None

    def complain(self, error: str) -> None:
        """Show what is wrong, or nothing any more."""
        message = self.query_one("#passphrase-error", Static)
        message.display = bool(error)
        message.update(f"✗ {error}" if error else "")

    def focus_mistake(self) -> None:
        """Put the cursor where it can be mended."""
        first = self.own and not (self._first() and self._input("again").value)
        self._input("own" if first else "again").focus()

    def toggle(self) -> None:
        """Show the generated passphrase, or hide it."""
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


def _bold(text: str, width: int) -> Content:  # noqa: ARG001 - a layout; Textual breaks the line at a hyphen
    return Content.styled(text, "bold $foreground")
