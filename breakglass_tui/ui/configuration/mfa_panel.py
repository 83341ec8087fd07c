"""MfaPanel: asks the operator to enrol the MFA device with an authenticator app."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from breakglass_tui.domain.events import Asked
from breakglass_tui.domain.questions import MfaCodes
from breakglass_tui.domain.text import show
from breakglass_tui.engine.clock import Clock
from breakglass_tui.secrets.totp import PERIOD_S, seconds_left
from breakglass_tui.ui.configuration.code_input import CodeInput
from breakglass_tui.ui.shell.clipboard import SecretClipboard
from breakglass_tui.ui.shell.secrecy import Secrecy
from breakglass_tui.ui.widgets.clipboard_line import ClipboardLine
from breakglass_tui.ui.widgets.masked import Masked
from breakglass_tui.ui.widgets.revealed import Revealed, spaced, time_left
from breakglass_tui.ui.widgets.scan_code import ScanCode

SIDE_CELLS = 37
BAR_CELLS = 15
LEAST_ROWS = 21
"""The least height, in rows, at which all parts fit beside the QR code. Below it, only the required parts are shown."""
WHAT = "Press r and scan the QR code with an authenticator app. Type its code, then the next code."
MASKED = "s  show the seed as text"
NOT_SIX = "A code has six digits, 0 to 9."
TWICE = "The two codes are the same. Wait for the next code in the app, then type it as the second code."
BEFORE = "One of these codes was sent before. AWS accepts each code once. Wait for two new codes."


class Countdown(Static):
    """A bar that gets shorter until an authenticator app shows its next code."""

    def show(self, now: float) -> None:
        """Draw the bar for the Unix time ``now``, in seconds."""
        left = seconds_left(now)
        full = -(-left * BAR_CELLS // PERIOD_S)
        self.update(
            Content.assemble(
                ("▓" * full, "$accent"), ("░" * (BAR_CELLS - full), "$secondary"), f" next code in {left} s"
            )
        )


class MfaPanel(Horizontal):
    """A panel with the seed as a QR code or as text, and inputs for two codes of the authenticator app.

    QR code and text are hidden at first, and at most one of them is shown.
    """

    @dataclass
    class Typed(Message):
        """The operator has entered two codes. ``number`` is the number of the question that they answer."""

        number: int
        codes: tuple[str, str]

    def __init__(self, clock: Clock, id: str) -> None:
        super().__init__(id=id)
        self._clock = clock
        self._asked: Asked | None = None
        self._sent: set[str] = set()

    def compose(self) -> ComposeResult:
        """Compose the QR code on the left, and the instructions, the inputs, the error and the seed on the right."""
        yield ScanCode("scan-code")
        with Vertical(id="mfa-side"):
            yield Static("Enrol the MFA device", classes="section-title", markup=False)
            yield Static("", id="mfa-device", markup=False)
            yield Static(WHAT, id="mfa-what", classes="spare", markup=False)
            second = CodeInput("second-code")
            for label, code in (("First code", CodeInput("first-code", second)), ("Second code", second)):
                with Horizontal(classes="code-row"):
                    yield Static(label, classes="code-label", markup=False)
                    yield code
                    yield Static("", id=f"{code.id}-mark", markup=False)
            yield Countdown(id="countdown", markup=False)
            yield Static("", id="mfa-refused", classes="spare", markup=False)
            yield ClipboardLine("mfa-clipboard")
            yield Revealed(spaced, masked=MASKED, id="mfa-seed")
            yield Static("", id="mfa-progress", markup=False)

    def on_mount(self) -> None:
        """Update the countdown once a second."""
        self.set_interval(1, self.tick)

    def on_resize(self) -> None:
        """Fit the QR code into the space beside the inputs. The class ``-low`` removes blank lines."""
        self.set_class(self.size.height < LEAST_ROWS, "-low")
        self.query_one(ScanCode).fit(self.size.width - SIDE_CELLS, self.size.height)

    def ask(self, asked: Asked) -> None:
        """Show the question ``asked``, which must be about MFA codes."""
        assert isinstance(asked.question, MfaCodes)
        self._asked = asked
        self._show("mfa-device", Content(show(asked.question.device.rpartition("/")[2])))
        self._refuse(show(asked.question.refused))
        self._clear_codes()
        self.query_one("#first-code").focus()
        self.query_one(ScanCode).hold(asked.question.uri)
        self.query_one(Revealed).hold(asked.question.seed)
        self.tick()

    def close(self) -> None:
        """Remove the question, and every secret that was shown or copied."""
        self.query_one(ScanCode).hold(None)
        self.query_one(Revealed).hold(None)
        self._clear_codes()
        if self._asked is not None:
            self._asked = None
            self.query_one(ClipboardLine).rest()
            self._clipboard.forget()

    def toggle_code(self) -> None:
        """Show or hide the QR code."""
        self.query_one(ScanCode).toggle()

    def toggle_seed(self) -> None:
        """Show or hide the seed as text."""
        self.query_one(Revealed).toggle()

    def copy(self) -> None:
        """Copy the seed to the terminal's clipboard."""
        if self._asked is not None and isinstance(self._asked.question, MfaCodes):
            self.query_one(ClipboardLine).speak()
            self._clipboard.copy(self._asked.question.seed)

    def tick(self) -> None:
        """Draw the countdown to the next code."""
        if self._asked is not None:
            self.query_one(Countdown).show(self._clock.now().timestamp())

    @on(Masked.Toggled)
    def _toggled(self, message: Masked.Toggled) -> None:
        """Show the remaining time of the QR code in the place of the seed, because the code may need all other rows."""
        message.stop()
        if isinstance(message.masked, ScanCode):
            self.query_one(Revealed).say(f"QR code {time_left(message.left)}" if message.left else MASKED)

    @on(Input.Changed)
    def _changed(self) -> None:
        first, second = self._codes()
        if first.value:
            self.query_one(ScanCode).hide()  # a typed code means that the operator has scanned the QR code
        self._mark()
        if first.has_focus and first.complete and not second.complete:
            second.focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        first, second = self._codes()
        for code in (first, second):
            if not code.complete:
                if code.value or event.input is code:
                    self._refuse(NOT_SIX)
                code.focus()
                return
        codes = (first.value, second.value)
        refusal = TWICE if first.value == second.value else BEFORE if self._sent.intersection(codes) else ""
        self._refuse(refusal)
        if not refusal and self._asked is not None:
            self._sent.update(codes)
            self.post_message(self.Typed(self._asked.number, codes))

    def _codes(self) -> tuple[CodeInput, CodeInput]:
        return self.query_one("#first-code", CodeInput), self.query_one("#second-code", CodeInput)

    def _clear_codes(self) -> None:
        for code in self._codes():
            code.value = ""

    def _mark(self) -> None:
        """Draw a check mark beside each complete code. There is none while the panel says why codes are refused."""
        for code in self._codes():
            good = code.complete and not self.has_class("-refused")
            self._show(f"{code.id}-mark", Content.styled("✓" if good else "", "$success"))

    def _refuse(self, why: str) -> None:
        self.set_class(bool(why), "-refused")
        self._mark()
        self._show("mfa-refused", Content(f"✗ {why}" if why else ""))

    @property
    def _clipboard(self) -> SecretClipboard:
        assert isinstance(self.app, Secrecy)
        return self.app.secret_clipboard

    def _show(self, id: str, content: Content) -> None:
        self.query_one(f"#{id}", Static).update(content)
