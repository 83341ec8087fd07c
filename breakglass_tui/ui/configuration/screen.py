"""ConfigurationScreen: phase 3, the run of the plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from textual import on
from textual.binding import Binding
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from breakglass_tui.domain.events import Asked, Event, RunFinished, StepStarted, StepUndoing, UndoStarted
from breakglass_tui.ui.configuration.operators_turn import OperatorsTurn
from breakglass_tui.ui.configuration.quit import QuitController
from breakglass_tui.ui.configuration.run import RunController
from breakglass_tui.ui.configuration.screen_help import ABOUT
from breakglass_tui.ui.configuration.step_list import StepList, result_line, step_line
from breakglass_tui.ui.configuration.step_story import other_steps, result_story, step_story
from breakglass_tui.ui.dialogs.log import LogDialog
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.widgets import run_summary
from breakglass_tui.ui.widgets.next_try import GOES_ON, TRIES_AGAIN, NextTry
from breakglass_tui.ui.widgets.paragraphs import Paragraph, Paragraphs, text_of
from breakglass_tui.ui.widgets.phase_screen import PhaseScreen

ROOMY = 20
"""The least height, in rows, at which the longest secret fits with blank lines around it."""
DRAW_S = 0.1
TICKS_A_DRAW = 5
"""Events are drawn every ``DRAW_S`` seconds. The time of a running step is drawn every ``TICKS_A_DRAW`` of these."""
TO_START = "Go to the start: account, unfinished runs, emergency users."
LOG = "Show the log: one line for every call and retry."
COPY = "Copy the details of the selected step, or the result."


class ContinuesRuns(Protocol):
    """What this screen needs of the run history."""

    def show_unfinished(self, run_id: str = "") -> None:
        """Open the list of unfinished runs at the run with ``run_id``."""
        ...

    def start_over(self) -> None:
        """Leave the run, which has ended, and go to the Assessment with a new session."""
        ...


class ConfigurationScreen(PhaseScreen):
    """The screen of the run: its steps, the details of the selected step, questions to the operator, and the result."""

    PHASE = Phase.CONFIGURATION
    ABOUT = ABOUT
    BINDINGS = [
        Binding("escape", "stop", "Stop…", id="stop", tooltip="Stop the run. Asks what to do with its resources."),
        Binding("enter", "validate", "Validate", id="proceed", tooltip="Test whether the user really works."),
        Binding("enter", "try_again", "Retry", id="proceed", tooltip="Continue with your new credentials."),
        Binding("n", "start_over", "Create", id="start-over", tooltip="Create another user."),
        Binding("ctrl+r", "take_up", "Resume", id="retry", tooltip="Resume this run, or remove its resources."),
        Binding("ctrl+r", "retry", "Retry", show=False, id="retry", tooltip="Try again what failed."),
        Binding("f4", "start", "Start", id="start", tooltip=TO_START),
        Binding("l", "log", "Log", id="log", tooltip=LOG),
        # While a secret is on the screen, its keys fill the footer. Then this key works without being shown.
        Binding("l", "log_aside", "Log", id="log", show=False, tooltip=LOG),
        Binding("r", "reveal", "Reveal", id="reveal", tooltip="Reveal the secret for some seconds."),
        Binding("y", "stored", "Confirm", id="stored", tooltip="Confirm that you have stored the secret."),
        Binding("s", "seed", "Seed", id="seed", tooltip="Show the MFA seed as text."),
        Binding("c", "copy", "Copy", id="copy", tooltip="Copy the secret to the clipboard."),
        Binding("c", "copy_details", "Copy details", show=False, id="copy", tooltip=COPY),
    ]

    def __init__(self, session: Session, runs: RunController, quitting: QuitController, history: ContinuesRuns) -> None:
        super().__init__(session)
        self._runs, self._quitting, self._history = runs, quitting, history
        self._following = True
        self._asking = ""
        self._dirty = False
        self._ticks = 0

    def compose_body(self) -> Iterable[Widget]:
        """Compose the preflight checks, the steps, the details, the panel for questions, and the state of the run."""
        yield Static("", id="looked", markup=False)
        detail = VerticalScroll(Paragraphs(id="story"), id="detail", can_focus=False)
        yield Container(StepList("steps"), detail, id="work")
        yield OperatorsTurn(self.session.clock, "turn")
        yield Static("", id="headline", markup=False)

    def on_mount(self) -> None:
        """Draw the run, and draw it again when it changes."""
        super().on_mount()
        if not self.query(OperatorsTurn):
            return  # the app ends while this screen is being composed
        self._runs.events.subscribe(self, self._follow)
        self.set_interval(DRAW_S, self._tick)
        self.query_one(StepList).focus()
        self._draw()
        if self.session.run.record.finished_at is not None:
            self._put_cursor(len(self.session.run.record.steps))

    def on_resize(self) -> None:
        """Draw for the new size. The class ``-low`` hides what would take the space of a secret."""
        self.set_class(self.size.height < ROOMY, "-low")
        self._dirty = True

    # Following the run

    def _follow(self, event: Event) -> None:
        self._dirty = True
        steps = list(self.session.run.record.steps)
        match event:
            case RunFinished():
                self._draw()
                self._put_cursor(len(steps))
                self.refresh_bindings()
                self.app.bell()
            case Asked():
                self._draw()  # moves the cursor to the step whose question is shown, which may be an earlier question
            case StepStarted(step=step) | StepUndoing(step=step) if self._following:
                self._draw()
                if not self.query_one(OperatorsTurn).step:
                    self._put_cursor(steps.index(step))
            case UndoStarted():
                self.refresh_bindings()
            case _:
                pass

    def _put_cursor(self, index: int) -> None:
        self.query_one(StepList).put(index)
        self._draw_story()

    def _tick(self) -> None:
        self._ticks += 1
        if self._dirty or (self.session.run.running and self._ticks >= TICKS_A_DRAW):
            self._draw()

    def _draw(self) -> None:
        self._dirty, self._ticks = False, 0
        session, record = self.session, self.session.run.record
        now = session.clock.now()
        lines = [step_line(step, now, undoing=record.undoing) for step in record.steps.values()]
        if record.finished_at is not None:
            lines.append(result_line(session.run, now))
        self.query_one(StepList).draw(lines)
        self._show("looked", Content(run_summary.preflight_line(record)))
        self._show("headline", Content(run_summary.headline(session.run, now)))
        self._draw_story()
        self._draw_turn()
        self._show("mfa-progress", other_steps(record, self.query_one(OperatorsTurn).step, now))

    @on(StepList.Walked)
    def _walked(self, message: StepList.Walked) -> None:
        self._following = False
        steps = list(self.session.run.record.steps)
        if message.index < len(steps):
            self.query_one(OperatorsTurn).select(steps[message.index])
            self._draw_turn()
        self._draw_story()
        self.query_one("#detail").scroll_home(animate=False)

    def _draw_story(self) -> None:
        self.query_one("#story", Paragraphs).show(self._story())

    def _story(self) -> list[Paragraph]:
        """Return the details of the selected row, which is a step or the result of the run."""
        steps, record = list(self.session.run.record.steps.values()), self.session.run.record
        cursor = self.query_one(StepList).cursor
        if cursor < len(steps):
            return step_story(steps[cursor], undoing=record.undoing)
        return result_story(self.session) if record.finished_at is not None else []

    def _draw_turn(self) -> None:
        panel = self.query_one(OperatorsTurn)
        # When the run is about to end, its steps no longer wait for answers. Only their undo may ask again.
        over = not self.session.run.running or (self.session.run.ending and not self.session.run.record.undoing)
        steps = list(self.session.run.record.steps)
        cursor = steps[min(self.query_one(StepList).cursor, len(steps) - 1)] if steps else ""
        if panel.show(self.session.run.record, cursor=cursor, over=over):
            self.set_class(panel.codes_wanted, "-mfa")
            self.set_class(panel.storing_wanted, "-secret")
            self.set_class(panel.sign_in_wanted, "-sign-in")
            if not panel.codes_wanted:
                self.query_one(StepList).focus()
            if panel.step:
                if self._following or cursor == self._asking:  # the operator has not selected another step
                    self._put_cursor(steps.index(panel.step))
                self._asking = panel.step
            self.refresh_bindings()

    @on(OperatorsTurn.Answered)
    def _answered(self, message: OperatorsTurn.Answered) -> None:
        self._runs.answer(message.number, message.answer)
        self._draw()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable only the actions that are possible now."""
        if not self.query(OperatorsTurn):
            return False  # this screen is being removed, and its footer is drawn once more
        panel, ended = self.query_one(OperatorsTurn), self.session.run.record.finished_at is not None
        offered = {
            "stop": self.session.run.running and not self.session.run.removing,
            # After a successful run the next step is the validation, so f4 takes no space in the footer.
            "start": ended and not self.session.run.done,
            "take_up": bool(run_summary.resumable_id(self.session.run)),
            "retry": panel.sign_in_wanted,
            "validate": self.session.run.done,
            "start_over": self.session.run.may_start_over,
            "try_again": panel.sign_in_wanted,
            "reveal": panel.storing_wanted or panel.codes_wanted,
            "copy": panel.storing_wanted or panel.codes_wanted,
            "copy_details": not (panel.storing_wanted or panel.codes_wanted),
            "stored": panel.storing_wanted,
            "seed": panel.codes_wanted,
            "log": not (panel.storing_wanted or panel.codes_wanted),
            "log_aside": panel.storing_wanted or panel.codes_wanted,
        }
        return offered[action] if action in offered else super().check_action(action, parameters)

    def action_log(self) -> None:
        """Open the log."""
        self.put_over(LogDialog(self.session.run.validation.log))

    def action_log_aside(self) -> None:
        """Open the log while a secret is on the screen. The key is not in the footer then."""
        self.action_log()

    def action_stop(self) -> None:
        """Open the dialog that stops the run."""
        self._quitting.ask_to_stop()

    def action_validate(self) -> None:
        """Go to the validation."""
        self.move(Phase.VALIDATION)

    def action_reveal(self) -> None:
        """Reveal the secret or the QR code for some seconds."""
        self.query_one(OperatorsTurn).reveal()

    def action_copy(self) -> None:
        """Copy the secret to the terminal's clipboard for some seconds."""
        self.query_one(OperatorsTurn).copy()

    def action_copy_details(self) -> None:
        """Copy the details of the selected row to the terminal's clipboard. Paths and ARNs are not wrapped."""
        text = text_of(self._story())
        if text:
            self.app.copy_to_clipboard(text)
            self.breakglass.tell("The details were sent to the terminal's clipboard. The terminal does not confirm it.")

    def action_stored(self) -> None:
        """Confirm that the secret is stored."""
        self.query_one(OperatorsTurn).stored()

    def action_try_again(self) -> None:
        """Retry with new credentials, after the operator has signed in to AWS again."""
        self.query_one(OperatorsTurn).try_again()

    def next_try(self) -> NextTry | None:
        """Return the retry with new credentials if the run asks for them, the list of unfinished runs, or None."""
        if self.query_one(OperatorsTurn).sign_in_wanted:
            return NextTry(TRIES_AGAIN, self.action_try_again)
        return NextTry(GOES_ON, self.action_take_up) if run_summary.resumable_id(self.session.run) else None

    def action_take_up(self) -> None:
        """Open the list of unfinished runs at this run, to resume or undo it."""
        self._history.show_unfinished(run_summary.resumable_id(self.session.run))

    async def action_start(self) -> None:
        """Go to the start screen."""
        await self.run_action("app.start")

    def action_start_over(self) -> None:
        """Leave this run, and go to the Assessment to create another user."""
        self._history.start_over()

    def action_seed(self) -> None:
        """Show or hide the MFA seed as text."""
        self.query_one(OperatorsTurn).toggle_seed()

    def action_walk(self, by: int) -> None:
        """Select the step ``by`` rows below. The keys of the list do this too, while it has the focus."""
        self.query_one(StepList).action_walk(by)

    def action_scroll_detail(self, way: int) -> None:
        """Scroll the details by a page: down if ``way`` is 1, up if it is -1."""
        detail = self.query_one("#detail", VerticalScroll)
        detail.scroll_relative(y=way * max(detail.size.height - 1, 1), animate=False)

    def _show(self, id: str, content: Content) -> None:
        widget = self.query_one(f"#{id}", Static)
        if widget.content != content:
            widget.update(content)
