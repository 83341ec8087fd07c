"""Phase: Configuration."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.binding import Binding
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from breakglass_tui.domain.events import Asked, Event, RunFinished, StepStarted, StepUndoing, UndoStarted
from breakglass_tui.domain.text import show
from breakglass_tui.ui import run_story
from breakglass_tui.ui.dialogs.log import LogDialog
from breakglass_tui.ui.flow import Phase, Session
from breakglass_tui.ui.next_try import GOES_ON, TRIES_AGAIN, NextTry
from breakglass_tui.ui.screens.phase_screen import PhaseScreen
from breakglass_tui.ui.widgets.configuration.operators_turn import OperatorsTurn
from breakglass_tui.ui.widgets.configuration.step_line import result_line, step_line
from breakglass_tui.ui.widgets.configuration.step_list import StepList
from breakglass_tui.ui.widgets.configuration.step_story import result_story, step_story
from breakglass_tui.ui.widgets.configuration.step_words import word

ROOMY = 20
"""Rows that hold the longest secret and the air around it."""
DRAW_S = 0.1
TICKS_A_DRAW = 5
"""A running step's time moves twice a second, events show within a tenth."""

ABOUT = """\
What it does
  Carries out the plan, independent steps side by side. Grants come last: until then the user holds no power. A step \
that asks for you waits; the others go on.

What it will change
  What the Summary has shown, and nothing else. If a step fails, everything this run made is removed again, the last \
first; what cannot be removed is listed with the command that removes it. Whatever cuts a run off, it is on record: \
the next start offers to finish or remove it.

Keys
  ↑ ↓ j k    choose a step
  PgUp PgDn  scroll its detail
  enter      send the codes, try again, or go on when all is done
  r          reveal a secret, or the code to scan
  c          copy the secret
  s          the MFA seed as text
  y          it is stored (twice)
  l          the log: every call and retry on a line
  n          a new user, when nothing is left of this one
  ctrl+r     finish or remove what this run left behind, once it has ended
  esc        stop: undo or keep
  f4         the start, once the run has ended
  ctrl+q     quit

Secrets
  A secret that nothing seals is shown on request, one at a time, for 15 seconds (a code to scan: 30), and is gone \
once you have said that it is stored. It is hidden at once when the terminal loses the focus or changes its size, and \
when another screen or a dialog comes.

  c sends it to the clipboard of your terminal, which is told to be empty 30 seconds later, when the question is over, \
and when the program ends. This way (OSC 52) only writes: whether the secret arrived, and whether it is gone again, \
cannot be known, and some terminals do not take it at all. Clipboard managers, tmux and screen may keep a copy. Over \
SSH it passes every machine on the way, so it is asked for twice. A program that is killed empties nothing."""


class ConfigurationScreen(PhaseScreen):
    """The run as it goes: steps, what is happening now, the operator's turns, and the end."""

    PHASE = Phase.CONFIGURATION
    ABOUT = ABOUT
    BINDINGS = [
        Binding("escape", "stop", "Stop…", id="stop"),
        Binding("enter", "validate", "Prove it", id="proceed"),
        Binding("enter", "try_again", "Try again", id="proceed"),
        Binding("n", "start_over", "New user", id="start-over"),
        Binding("ctrl+r", "take_up", "Finish or remove", id="retry"),
        Binding("ctrl+r", "retry", "Try again", show=False, id="retry"),
        Binding("f4", "start", "Start", id="start"),
        Binding("l", "log", "Log", id="log"),
        # While a secret asks for the footer's room, it is there without a place in it.
        Binding("l", "log_aside", "Log", id="log", show=False),
        # Before the inputs of the codes, which take digits alone.
        Binding("r", "reveal", "Reveal", id="reveal", priority=True),
        Binding("y", "stored", "Stored", id="stored"),
        Binding("s", "seed", "Seed", id="seed", priority=True),
        Binding("c", "copy", "Copy", id="copy", priority=True),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._following = True
        self._dirty = False
        self._ticks = 0

    def compose_body(self) -> Iterable[Widget]:
        """Looks before the first write, steps, detail or the operator's turn, and the run on one line."""
        yield Static("", id="looked", markup=False)
        detail = VerticalScroll(Static("", id="story", markup=False), id="detail", can_focus=False)
        yield Container(StepList("steps"), detail, id="work")
        yield OperatorsTurn(self.session.clock, "turn")
        yield Static("", id="headline", markup=False)

    def on_mount(self) -> None:
        """Draw what is known, then follow."""
        super().on_mount()
        if not self.query(OperatorsTurn):
            return  # the app was told to end while this screen was being made
        self.breakglass.run_events.subscribe(self, self._follow)
        self.set_interval(DRAW_S, self._tick)
        self.query_one(StepList).focus()
        self._draw()
        if self.session.record.finished_at is not None:
            self._put_cursor(len(self.session.record.steps))

    def on_resize(self) -> None:
        """Draw for the new size; ``-low`` leaves out what a secret may need the room of."""
        self.set_class(self.size.height < ROOMY, "-low")
        self._dirty = True

    # Following the run

    def _follow(self, event: Event) -> None:
        self._dirty = True
        steps = list(self.session.record.steps)
        match event:
            case RunFinished():
                self._draw()
                self._put_cursor(len(steps))
                self.refresh_bindings()
                self.app.bell()
            case Asked():
                self._draw()  # the cursor goes with the question that is put, which may be an older one
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
        if self._dirty or (self.session.running and self._ticks >= TICKS_A_DRAW):
            self._draw()

    def _draw(self) -> None:
        self._dirty, self._ticks = False, 0
        session, record = self.session, self.session.record
        now = session.clock.now()
        lines = [step_line(step, now, undoing=record.undoing) for step in record.steps.values()]
        if record.finished_at is not None:
            lines.append(result_line(session))
        self.query_one(StepList).tell(lines)
        self._tell("looked", Content(run_story.looked(record)))
        self._tell("headline", Content(run_story.headline(session)))
        self._draw_story()
        self._draw_turn()
        self._tell("mfa-progress", self._meanwhile())

    @on(StepList.Walked)
    def _walked(self) -> None:
        self._following = False
        self._draw_story()
        self.query_one("#detail").scroll_home(animate=False)

    def _draw_story(self) -> None:
        steps = list(self.session.record.steps.values())
        cursor = self.query_one(StepList).cursor
        if cursor < len(steps):
            self._tell("story", step_story(steps[cursor], undoing=self.session.record.undoing))
        elif self.session.record.finished_at is not None:
            width = self.query_one("#story").size.width or self.size.width
            self._tell("story", result_story(self.session, width))

    def _meanwhile(self) -> Content:
        """What stays visible of the rest while the codes are asked for."""
        asking = self.query_one(OperatorsTurn).step
        others = [step for step in run_story.at_work(self.session.record) if step.id != asking]
        states = [Content.assemble(word(step.status), f"  {show(step.title)}") for step in others[:2]]
        return Content("\n").join([Content(run_story.progress(self.session)), *states])

    def _draw_turn(self) -> None:
        context = self.query_one(OperatorsTurn)
        # What a step asked is withdrawn when the run ends; only its undo may ask again.
        over = not self.session.running or (self.session.ending and not self.session.record.undoing)
        if context.tell(self.session.record, over=over):
            self.set_class(context.codes_wanted, "-mfa")
            self.set_class(context.storing_wanted, "-secret")
            self.set_class(context.sign_in_wanted, "-sign-in")
            if not context.codes_wanted:
                self.query_one(StepList).focus()
            if context.step and self._following:
                self._put_cursor(list(self.session.record.steps).index(context.step))
            self.refresh_bindings()

    @on(OperatorsTurn.Answered)
    def _answered(self, message: OperatorsTurn.Answered) -> None:
        self.breakglass.answer(message.number, message.answer)
        self._draw()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what makes sense now is offered."""
        context, ended = self.query_one(OperatorsTurn), self.session.record.finished_at is not None
        offered = {
            "stop": self.session.running and not self.session.removing,
            # Where the proof comes next, f4 needs no place in the footer.
            "start": ended and not self.session.done,
            "take_up": bool(run_story.left_behind(self.session)),
            "retry": context.sign_in_wanted,
            "validate": self.session.done,
            "start_over": self.session.may_start_over,
            "try_again": context.sign_in_wanted,
            "reveal": context.storing_wanted or context.codes_wanted,
            "copy": context.storing_wanted or context.codes_wanted,
            "stored": context.storing_wanted,
            "seed": context.codes_wanted,
            "log": not (context.storing_wanted or context.codes_wanted),
            "log_aside": context.storing_wanted or context.codes_wanted,
        }
        return offered[action] if action in offered else super().check_action(action, parameters)

    def action_log(self) -> None:
        """Open what has happened, line by line."""
        self.put_over(LogDialog(self.session.proof.log))

    def action_log_aside(self) -> None:
        """The same, while a secret is asked about."""
        self.action_log()

    def action_stop(self) -> None:
        """Ask what shall become of the run."""
        self.breakglass.ask_to_stop()

    def action_validate(self) -> None:
        """Go on to the proof."""
        self.move(Phase.VALIDATION)

    def action_reveal(self) -> None:
        """Show the secret or the code to scan for a short time."""
        self.query_one(OperatorsTurn).reveal()

    def action_copy(self) -> None:
        """Send the secret to the clipboard for a short time."""
        self.query_one(OperatorsTurn).copy()

    def action_stored(self) -> None:
        """The operator says that the secret is stored."""
        self.query_one(OperatorsTurn).stored()

    def action_try_again(self) -> None:
        """The operator has signed in."""
        self.query_one(OperatorsTurn).try_again()

    def next_try(self) -> NextTry | None:
        """What has expired is asked for again; what the run left behind is finished or removed."""
        if self.query_one(OperatorsTurn).sign_in_wanted:
            return NextTry(TRIES_AGAIN, self.action_try_again)
        return NextTry(GOES_ON, self.action_take_up) if run_story.left_behind(self.session) else None

    def action_take_up(self) -> None:
        """Show what this run left behind, to finish or remove it."""
        self.breakglass.show_unfinished(run_story.left_behind(self.session))

    def action_start(self) -> None:
        """Go to the start, where another user can be begun."""
        self.breakglass.action_start()

    def action_start_over(self) -> None:
        """Leave this run behind, for another user."""
        self.breakglass.start_over()

    def action_seed(self) -> None:
        """Show the seed for a short time."""
        self.query_one(OperatorsTurn).toggle_seed()

    def action_scroll_detail(self, way: int) -> None:
        """Scroll the detail by a page."""
        detail = self.query_one("#detail", VerticalScroll)
        detail.scroll_relative(y=way * max(detail.size.height - 1, 1), animate=False)

    def _tell(self, id: str, content: Content) -> None:
        widget = self.query_one(f"#{id}", Static)
        if widget.content != content:
            widget.update(content)
