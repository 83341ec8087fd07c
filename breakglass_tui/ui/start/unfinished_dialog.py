"""UnfinishedDialog: shows the unfinished runs of this account, and prepares one to be resumed or undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.passphrase_check import existing_envelope, needs_passphrase
from breakglass_tui.engine.stored_run import StoredRun
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.dialogs.confirm import BULLET, ConfirmDialog
from breakglass_tui.ui.dialogs.dialog import Dialog
from breakglass_tui.ui.dialogs.passphrase import PassphraseDialog
from breakglass_tui.ui.start.history_reads import observed_steps, resumable_run
from breakglass_tui.ui.start.stored_run import problem_lines, run_lines, step_lines, user_of
from breakglass_tui.ui.start.unfinished_help import ABOUT
from breakglass_tui.ui.state.run_history import ResumableRun, RunHistory, UnfinishedRun
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.widgets.hints import hint
from breakglass_tui.ui.widgets.identity_bar import account_words
from breakglass_tui.ui.widgets.paragraphs import Paragraph, Paragraphs, plain
from breakglass_tui.ui.widgets.resource_lines import removal_lines
from breakglass_tui.ui.widgets.run_summary import done_steps, titles

DIGITS = 4
NEW = "The simulated account of this run ended with its program. Its resources no longer exist."
RESUMES_IN_NEW = f"{NEW} Resume creates them again in a new account. Undo removes the run from this list."
CLOSED = f"{NEW} Undo removes the run from this list."
CLOSES_GONE = f"Removes the run from the list of unfinished runs, and nothing else. {NEW}"
CLOSES_EMPTY = "Removes the run from the list of unfinished runs, and nothing else. It created nothing in AWS."
ONLY_OURS = "Resources that this run did not create stay."
OPENS_AN_ENVELOPE = (
    "This run seals with a passphrase, and this program does not store it. Type the passphrase of its envelopes. It is "
    "tested on one envelope first, which takes some seconds."
)
NO_ENVELOPE_YET = (
    "This run seals with a passphrase, and this program does not store it. The run has no envelope yet. Choose a "
    "passphrase for its envelopes, and type it twice."
)
NONE = "This account has no unfinished runs."


class UnfinishedDialog(Dialog[ResumableRun | None]):
    """A dialog that returns a run prepared to be resumed or undone, or None on close.

    ``run_id`` is the id of the run to show first. ``read_again`` reads ``history`` again, and opens the dialog at the
    run with this id.
    """

    NAMED, ABOUT = "Unfinished runs", ABOUT
    VERTICAL_BREAKPOINTS = [(0, "-short"), (28, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "resume", "Resume", id="past-resume"),
        Binding("u", "undo", "Undo", id="past-undo"),
        Binding("ctrl+r", "retry", "Retry", show=False, id="retry"),
        Binding("j,down", "walk(1)", "Next run", show=False, id="past-next"),
        Binding("k,up", "walk(-1)", "Previous run", show=False, id="past-before"),
        Binding("pagedown", "page(1)", "Scroll down", show=False, id="past-down"),
        Binding("pageup", "page(-1)", "Scroll up", show=False, id="past-up"),
        Binding("escape,enter,q", "leave", "Close", id="past-leave"),
    ]

    def __init__(self, session: Session, history: RunHistory, run_id: str, read_again: Callable[[str], object]) -> None:
        super().__init__()
        self._session, self._runs, self._elsewhere = session, history.runs, history.elsewhere
        self._read_again = read_again
        self._at = next((at for at, run in enumerate(self._runs) if run.stored.id == run_id), 0)
        self._observed_steps: dict[str, dict[str, ObservedState]] = {}
        self._preparing = False
        self._problem: Problem | None = None
        self._passphrase: Secret | None = None

    def compose(self) -> ComposeResult:
        """Compose the title, the description of one run, and the keys."""
        with Vertical(id="dialog"):
            yield Static("", id="past-title", classes="dialog-title", markup=False)
            with VerticalScroll(id="past", can_focus=False):
                yield Paragraphs(id="past-run")
            yield Static("", id="past-keys", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show the run with the given id, else the first of the list."""
        self._show()

    @property
    def _run(self) -> UnfinishedRun | None:
        return self._runs[self._at] if self._runs else None

    # Observed state

    def _show(self) -> None:
        """Draw the current run. If it is shown for the first time, read from AWS what exists of its steps."""
        run = self._run
        self._problem = None
        if run is not None and run.obstacle is None and run.stored.id not in self._observed_steps:
            self._observed_steps[run.stored.id] = {}
            self.run_worker(partial(self._look, run.stored), group="look", exit_on_error=False, thread=True)
        self._draw()

    def _look(self, run: StoredRun) -> None:
        """Read the state of the steps in AWS, in a thread."""
        for step, observed in observed_steps(self._session, run):
            self.call_later(self._observed, run.id, step, observed)

    def _observed(self, run_id: str, step: str, observed: ObservedState) -> None:
        self._observed_steps[run_id][step] = observed
        self._draw()

    def action_walk(self, by: int) -> None:
        """Show the run that is ``by`` places further in the list."""
        if self._runs and not self._preparing:
            self._at = (self._at + by) % len(self._runs)
            self._show()
            self.query_one("#past", VerticalScroll).scroll_home(animate=False)

    def action_page(self, way: int) -> None:
        """Scroll by a page: down if ``way`` is 1, up if it is -1."""
        scroll = self.query_one("#past", VerticalScroll)
        scroll.scroll_relative(y=way * max(scroll.size.height - 1, 1), animate=False)

    @property
    def _unsure(self) -> bool:
        """Whether a retry makes sense: a problem is shown, or the state of a step in AWS is unknown."""
        run = self._run
        if run is None or self._preparing:
            return False
        states = self._observed_steps.get(run.stored.id, {}).values()
        unknown = any(observed.observation is Observation.UNKNOWN for observed in states)
        return run.obstacle is not None or self._problem is not None or unknown

    def action_retry(self) -> None:
        """Close, read the journals of this machine again, and open the dialog at the same run."""
        run = self._run
        if run is not None and self._unsure and self.is_active:
            self.dismiss(None)
            self._read_again(run.stored.id)

    # Choices

    def action_resume(self) -> None:
        """Ask for confirmation and resume the run, after its passphrase if needed. If its undo has started, undo it."""
        run = self._choosable
        if run is not None and run.record.undoing:
            self.action_undo()
        elif run is not None and needs_passphrase(run.record):
            self._ask_passphrase(run)
        elif run is not None:
            self._ask_to_resume(run)

    def _ask_to_resume(self, run: StoredRun) -> None:
        self._confirm(f"Resume the run that creates {user_of(run)}?", self._resuming(run), "Resume", undo=False)

    def _ask_passphrase(self, run: StoredRun) -> None:
        new, caller = existing_envelope(run.record) is None, self._session.connection.caller
        known = (user_of(run), caller.account_id) if caller else ()
        text = NO_ENVELOPE_YET if new else OPENS_AN_ENVELOPE
        dialog = PassphraseDialog(f"Passphrase of {user_of(run)}", text, new=new, known=known)
        self.app.push_screen(dialog, partial(self._passphrase_given, run))

    def _passphrase_given(self, run: StoredRun, passphrase: Secret | None) -> None:
        self._passphrase = passphrase
        if passphrase is not None:
            self._ask_to_resume(run)

    def action_undo(self) -> None:
        """Ask for confirmation, and undo the run."""
        run = self._choosable
        if run is not None:
            self._confirm(*self._undoing(run), undo=True)

    def action_leave(self) -> None:
        """Close and return None."""
        if self.is_active:
            self.dismiss(None)

    @property
    def _choosable(self) -> StoredRun | None:
        run = self._run
        free = run is not None and run.obstacle is None and not self._preparing and self.is_active
        return run.stored if run is not None and free else None

    def _resuming(self, run: StoredRun) -> str:
        done, rest = done_steps(run.record), [step for step in run.record.steps.values() if not step.is_done]
        if self._is_gone(run):
            return f"All steps run again in {self._account()}: {titles([*done, *rest])}."
        goes = f"These steps run in {self._account()}: {titles(rest)}.\n" if rest else "All steps are done.\n"
        stays = f"These steps are done and do not run again: {titles(done)}.\n" if done else ""
        return f"{goes}{stays}Secrets that are sealed or stored stay valid. Other secrets are generated again."

    def _undoing(self, run: StoredRun) -> tuple[str, str, str]:
        """Return the title, the text and the label of the Yes button for the confirmation of an undo."""
        removed = [BULLET + line for line in removal_lines(run.record, self._observed_steps.get(run.id, {}))]
        if self._is_gone(run) or not removed:
            return f"Close the run of {user_of(run)}?", CLOSES_GONE if self._is_gone(run) else CLOSES_EMPTY, "Close"
        files = len(run.record.envelopes)
        envelopes = [f"Then deletes {files} envelope{'s' if files > 1 else ''} of this run."] if files else []
        lines = [f"Removes from {self._account()}, in this order:", *removed, *envelopes, ONLY_OURS]
        return f"Remove what the run of {user_of(run)} created?", "\n".join(lines), "Remove"

    def _is_gone(self, run: StoredRun) -> bool:
        """Return whether the simulated account of ``run`` ended with an earlier process."""
        return self._session.connection.demo and not self._session.journals.store.wrote(run.id)

    def _account(self) -> str:
        caller = self._session.connection.caller
        assert caller is not None
        return account_words(caller.account_id, caller.alias, self._session.connection.place)

    def _confirm(self, title: str, text: str, yes: str, *, undo: bool) -> None:
        caller = self._session.connection.caller
        digits = "" if self._session.connection.demo or caller is None else caller.account_id[-DIGITS:]
        prompt = "Last four digits of the account id"
        dialog = ConfirmDialog(title, text, yes=yes, must_type=digits, prompt=prompt)
        self.app.push_screen(dialog, partial(self._confirmed, undo=undo))

    def _confirmed(self, yes: bool | None, *, undo: bool) -> None:
        run, passphrase = self._run, self._passphrase
        self._passphrase = None
        if yes and run is not None:
            self._preparing, self._problem = True, None
            self._draw()
            prepare = partial(self._prepare, run.stored, None if undo else passphrase, undo=undo)
            self.run_worker(prepare, group="ready", exit_on_error=False, thread=True)

    def _prepare(self, run: StoredRun, passphrase: Secret | None, *, undo: bool) -> None:
        """Prepare the run to be resumed or undone, in a thread."""
        self.call_later(self._prepared, resumable_run(self._session, run, undo=undo, passphrase=passphrase))

    def _prepared(self, result: ResumableRun | Problem) -> None:
        self._preparing = False
        self._problem = result if isinstance(result, Problem) else None
        if isinstance(result, ResumableRun) and self.is_active:
            self.dismiss(result)
        else:
            self._draw()

    # Output

    def _draw(self) -> None:
        if not self.query("#past-run"):
            return  # the app is leaving
        count = f"   {self._at + 1} of {len(self._runs)}" if len(self._runs) > 1 else ""
        self.query_one("#past-title", Static).update(f"Unfinished run{'s' if count else ''}{count}")
        self.query_one("#past-run", Paragraphs).show([*self._lines(), *self._others()])
        self.query_one("#past-keys", Static).update(hint(self._keys()))

    def _lines(self) -> Iterator[Paragraph]:
        run = self._run
        if run is None:
            yield plain(NONE)
            return
        yield from run_lines(run.stored, self._session.clock.now())
        yield plain("")
        problem = self._problem or run.obstacle
        if problem is not None:
            yield from problem_lines(problem)
            yield plain("")
        if run.stored.problem is None:
            observed = self._observed_steps.get(run.stored.id, {})
            yield from step_lines(run.stored.record, observed, looking=run.obstacle is None)
        if self._is_gone(run.stored) and run.obstacle is None:
            yield from (plain(""), plain(CLOSED if run.stored.record.undoing else RESUMES_IN_NEW, "$secondary"))

    def _others(self) -> Iterator[Paragraph]:
        if self._elsewhere:
            accounts = ", ".join(dict.fromkeys(self._elsewhere))
            yield from (plain(""), plain(f"{len(self._elsewhere)} more in other accounts: {accounts}", "$secondary"))

    def _keys(self) -> str:
        if self._preparing:
            return "◌ Reading the account…"
        run, keys = self._run, []
        if run is not None and run.obstacle is None:
            keys = ["u continue undo"] if run.stored.record.undoing else ["r resume", "u undo"]
        keys += ["ctrl+r retry"] if self._unsure else []
        walk = ["j k other run"] if len(self._runs) > 1 else []
        return "   ".join([*keys, *walk, "esc close", "f1 help"])
