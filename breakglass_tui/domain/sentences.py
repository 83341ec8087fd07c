"""One sentence for each event of a run or a validation, for the lines of plain mode and for the log view."""

from __future__ import annotations

from breakglass_tui.domain import events as e
from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.text import show

LONGEST = 8192
"""The most characters of a line. A remedy can be a command with a complete policy, which must not be cut."""
RESUMED: dict[e.Purpose, str] = {
    "resume": "resumed",
    "anew": "started again: its simulated account no longer exists",
    "undo": "undo started",
}


def event_line(elapsed_s: float, subject: str, text: str) -> str:
    """Return the line of an event: the seconds since the first event, the subject, and the text. It is safe to show."""
    return show(f"{elapsed_s:6.1f} s  {subject:<17} {text}".rstrip(), LONGEST)


def sentence(event: e.Event) -> tuple[str, str] | None:  # noqa: C901, PLR0911, PLR0912 - one case an event
    """Return the subject and the sentence of ``event``, or None for an event that is not shown.

    The subject is the id of a step or check, ``run`` or ``undo``.
    """
    match event:
        case e.RunStarted(header=header):
            return ("run", f"{header.id} started, {len(event.steps)} steps") if event.steps else None
        case e.RunResumed(purpose=purpose):
            return "run", RESUMED[purpose]
        case e.StepStarted(step=step):
            return step, "started"
        case e.StepNoted(step=step, text=text):
            return step, show(text)
        case e.CallStarted(id=id, operation=operation, attempt=attempt) if attempt > 1:
            return id, f"{operation}, attempt {attempt}"
        case e.CallDelayed(id=id, operation=operation, reason=reason, delay_s=delay):
            return id, f"{operation}: {show(reason)}, retry in {delay:.1f} s"
        case e.CallFinished(id=id, call=call):
            attempts = f", {call.attempts} attempts" if call.attempts > 1 else ""
            error = f", {show(call.error)}" if call.error else ""
            return id, f"{call.operation} {call.elapsed_ms} ms{attempts}{error}"
        case r.CallSettled(step=step, operation=operation, found=found):
            return step, f"{operation}, answer lost: {show(found)}"
        case r.UnmanagedFound(step=step, thing=thing):
            return step, f"not changed, because this run did not create it: {show(thing)}"
        case e.Asked(step=step):
            return step, "waits for you"
        case e.StepFinished(step=step, status=status, elapsed_ms=elapsed_ms, detail=detail):
            took = f" in {seconds(elapsed_ms)}" if elapsed_ms else ""
            return step, f"{status.upper()}{took}{': ' if detail else ''}{show(detail)}"
        case e.UndoStarted(reason=reason, steps=steps):
            count = f"{len(steps)} step{'s' if len(steps) > 1 else ''} in reverse order"
            return ("undo", f"{count}: {show(reason)}") if steps else None
        case e.StepUndone(step=step, left=left):
            return step, f"NOT REMOVED: {left}" if left else "UNDONE: removed"
        case e.PreflightFinished(result=result) | e.CheckFinished(result=result):
            return result.id, check_line(result)
        case e.RunFinished(status=status):
            return "run", status.upper()
        case _:
            return None


def check_line(result: CheckResult) -> str:
    """Return one line for a result: status, title of the check, and what it found."""
    return f"{result.status.upper()}  {show(result.title)}: {show(result.found)}"


def seconds(milliseconds: int) -> str:
    """Return a number of milliseconds as text in seconds, such as ``0.4 s``."""
    return f"{milliseconds / 1000:.1f} s"
