"""EnvelopeApp: a small app that shows an opened envelope. A secret is masked until a key reveals it."""

from __future__ import annotations

from pathlib import PurePath
from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Static

from breakglass_tui.domain.questions import Hidden
from breakglass_tui.domain.text import show
from breakglass_tui.engine.clock import Clock, SystemClock
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import code_pair, seconds_left
from breakglass_tui.ui.shell.focus_reports import FocusReports
from breakglass_tui.ui.shell.gone_terminal import OutlivesTerminal
from breakglass_tui.ui.shell.idle_time import LONG_IDLE_S
from breakglass_tui.ui.shell.no_pictures import NoPictures
from breakglass_tui.ui.shell.quiet_crash import QuietCrash
from breakglass_tui.ui.shell.secrecy import SUSPEND, Secrecy
from breakglass_tui.ui.shell.terminal_input import TerminalInput
from breakglass_tui.ui.style_sheets import envelope_sheets
from breakglass_tui.ui.themes import THEMES
from breakglass_tui.ui.widgets.clipboard_line import ClipboardLine
from breakglass_tui.ui.widgets.revealed import Revealed, spaced, striped

Facts = tuple[tuple[str, str], ...]
Secrets = tuple[tuple[str, Hidden], ...]
ROOMY = 18
"""The least height, in rows, at which blank lines separate the parts of the screen."""
MASK = "•" * 16
CLOSED = "The envelope was closed after {minutes:.0f} minutes without a key. To see it again, repeat the command."


def show_envelope(title: str, facts: Facts, secrets: Secrets, clock: Clock | None = None) -> None:
    """Show an opened envelope until the operator quits.

    ``facts`` are pairs of a name and a value, ``secrets`` are pairs of a label and a secret.

    Raises:
        SystemExit: a signal or a crash ended the app. It has the exit code of the app.
    """
    app = EnvelopeApp(title, facts, secrets, clock or SystemClock())
    app.run()
    if app.return_code:
        raise SystemExit(app.return_code)


class EnvelopeApp(Secrecy, NoPictures, TerminalInput, FocusReports, QuietCrash, OutlivesTerminal, App[None]):
    """The app that shows an opened envelope.

    ``facts`` are pairs of a name and a value, ``secrets`` are pairs of a label and a secret. The operator can reveal
    and copy one secret at a time. The app ends after a long time without a key.
    """

    TITLE = "breakglass-tui"
    CSS_PATH: ClassVar[list[str | PurePath]] = [*envelope_sheets()]
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        SUSPEND,
        Binding("r", "reveal", "Reveal", id="reveal"),
        Binding("c", "copy", "Copy", id="copy"),
        Binding("n,down,j", "choose(1)", "Next", key_display="n", id="next-secret"),
        Binding("up,k", "choose(-1)", "Previous", show=False, id="secret-before"),
        Binding("pageup", "scroll(-1)", "Up", show=False, id="envelope-up"),
        Binding("pagedown", "scroll(1)", "Down", show=False, id="envelope-down"),
        Binding("q,escape,ctrl+q", "quit", "Quit", key_display="q", id="quit", priority=True),
    ]

    def __init__(self, title: str, facts: Facts, secrets: Secrets, clock: Clock) -> None:
        super().__init__()
        self._file, self._facts, self._secrets, self._clock = title, facts, secrets, clock
        self._chosen = 0
        for each in THEMES:
            self.register_theme(each)
        self.theme = THEMES[0].name

    def ticks(self) -> float:
        """Return the monotonic time of the clock, in seconds. The countdown of a revealed secret uses it."""
        return self._clock.ticks()

    def compose(self) -> ComposeResult:
        """Compose the facts, which scroll, the list of secrets, the place for the selected secret, and the keys."""
        yield Static(Content.assemble((" ENVELOPE ", "bold reverse"), f"  {show(self._file)}"), id="identity")
        with VerticalScroll(id="envelope", can_focus=False):
            yield Static(self._facts_text(), id="facts", markup=False)
        yield Static("", id="choice", markup=False)
        yield Revealed(self._lay_out, masked=MASK, id="secret-text")
        yield ClipboardLine("envelope-clipboard")
        yield Footer()

    def on_mount(self) -> None:
        """Select the first secret."""
        self.action_choose(0)

    def on_resize(self, event: events.Resize) -> None:
        """Set the class ``-low`` in a terminal with few rows: it removes blank lines."""
        self.set_class(event.size.height < ROOMY, "-low")
        self._draw_choice()

    def _facts_text(self) -> Content:
        width = max((len(show(name)) for name, _ in self._facts), default=0)
        rows = [
            Content.assemble((f"{show(name):<{width}}  ", "$secondary"), show(value)) for name, value in self._facts
        ]
        return Content("\n").join(rows)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key is active. With one secret, there is no next one to select."""
        if action == "choose" and len(self._secrets) < 2:
            return False
        return super().check_action(action, parameters)

    def action_choose(self, by: int) -> None:
        """Select the secret that is ``by`` places further in the list. Hide the secret that was selected before."""
        if not self._secrets:
            return
        self._chosen = (self._chosen + by) % len(self._secrets)
        self._draw_choice()
        self.query_one(Revealed).hold(self._secrets[self._chosen][1])

    def _draw_choice(self) -> None:
        labels = [show(label) for label, _ in self._secrets]
        marked = [
            Content.styled(*((f"▸ {label}", "bold") if index == self._chosen else (f"  {label}", "$secondary")))
            for index, label in enumerate(labels)
        ]
        if self.has_class("-low") and labels:
            count = Content.styled(f"  {self._chosen + 1} of {len(labels)}", "$secondary")
            marked = [marked[self._chosen] + count]
        self.query_one("#choice", Static).update(Content("\n").join(marked))

    def action_reveal(self) -> None:
        """Reveal the selected secret, or hide it."""
        self.query_one(Revealed).toggle()

    def action_copy(self) -> None:
        """Copy the selected secret to the terminal's clipboard."""
        if self._secrets:
            self.query_one(ClipboardLine).speak()
            self.secret_clipboard.copy(self._secrets[self._chosen][1])

    def action_scroll(self, way: int) -> None:
        """Scroll the facts by a page: down if ``way`` is 1, up if it is -1."""
        facts = self.query_one("#envelope", VerticalScroll)
        facts.scroll_relative(y=way * max(facts.size.height - 1, 1), animate=False)

    def after_idle_time(self) -> None:
        """End the app, because only the end of the process removes the secrets from its memory."""
        self.exit(message=CLOSED.format(minutes=LONG_IDLE_S / 60))

    def leave_on_signal(self, return_code: int) -> None:
        """Hide the secret, then exit with ``return_code``. The clipboard is emptied when the app ends."""
        self.hide_secrets()
        super().leave_on_signal(return_code)

    def _lay_out(self, text: str, width: int) -> Content:
        if not _is_seed(self._secrets[self._chosen][0]):
            return striped(text, width)
        return spaced(text, width) + _current_code(text, self._clock.now().timestamp())


def _is_seed(label: str) -> bool:
    return {"mfa", "seed"} <= set(label.lower().split())


def _current_code(seed: str, now: float) -> Content:
    """Return a line with the current TOTP code of ``seed`` and the seconds until the next one.

    It is empty if the seed is not valid base32. ``now`` is a Unix time in seconds.
    """
    try:
        code = code_pair(Secret(seed), now)[1]
    except ValueError:  # not base32
        return Content("")
    return Content.assemble(
        "\ncode ", (f"{code[:3]} {code[3:]}", "bold $foreground"), f"  next in {seconds_left(now)} s"
    )
