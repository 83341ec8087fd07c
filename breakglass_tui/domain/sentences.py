"""Every event of a run or a validation in one sentence: the lines of a run without a screen, and of the log view."""

from __future__ import annotations

from breakglass_tui.domain import events as e
from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.text import show

AGAIN: dict[e.Purpose, str] = {
    "resume": "goes on where it was left",
    "anew": "begins anew: the simulated account it was in is gone",
    "undo": "is taken back",
}


def sentence(event: e.Event) -> tuple[str, str] | None:  # noqa: C901, PLR0911, PLR0912 - one case an event
    """Whom the event is about, and what happened; None for one that is not worth a line."""
    match event:
        case e.RunStarted(header=header):
            return ("run", f"{header.id} began, {len(event.steps)} steps") if event.steps else None
        case e.RunResumed(purpose=purpose):
            return "run", AGAIN[purpose]
        case e.StepStarted(step=step):
            return step, "began"
        case e.StepNoted(step=step, text=text):
            return step, show(text)
        case e.CallStarted(id=id, operation=operation, attempt=attempt) if attempt > 1:
            return id, f"{operation}, try {attempt}"
        case e.CallDelayed(id=id, operation=operation, reason=reason, delay_s=delay):
            return id, f"{operation}: {show(reason)}, again in {delay:.1f} s"
        case e.CallFinished(id=id, call=call):
            tries = f", {call.attempts} tries" if call.attempts > 1 else ""
            error = f", {show(call.error)}" if call.error else ""
            return id, f"{call.operation} {call.elapsed_ms} ms{tries}{error}"
        case r.CallSettled(step=step, operation=operation, found=found):
            return step, f"{operation}, whose answer was lost: {show(found)}"
        case r.UnmanagedFound(step=step, thing=thing):
            return step, f"left alone, somebody else made it: {show(thing)}"
        case e.Asked(step=step):
            return step, "waits for you"
        case e.StepFinished(step=step, status=status, elapsed_ms=elapsed_ms, detail=detail):
            took = f" in {seconds(elapsed_ms)}" if elapsed_ms else ""
            return step, f"{status.upper()}{took}{': ' if detail else ''}{show(detail)}"
        case e.UndoStarted(reason=reason, steps=steps):
            return ("undo", f"{len(steps)} steps, the last first: {show(reason)}") if steps else None
        case e.StepUndone(step=step, left=left):
            return step, f"LEFT: {left}" if left else "UNDONE, removed again"
        case e.PreflightFinished(result=result) | e.CheckFinished(result=result):
            return result.id, check_line(result)
        case e.RunFinished(status=status):
            return "run", status.upper()
        case _:
            return None


def check_line(result: CheckResult) -> str:
    """A check's verdict and what was found."""
    return f"{result.status.upper()}  {show(result.title)}: {show(result.found)}"


def seconds(milliseconds: int) -> str:
    """A duration as ``0.4 s``."""
    return f"{milliseconds / 1000:.1f} s"
