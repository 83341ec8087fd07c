"""The command that continues an unfinished run, and the command that removes its resources."""

from __future__ import annotations

from typing import NamedTuple

from breakglass_tui.cli.options import Options
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.seals import is_sealed

SECRET_STEPS = ("mfa-device", "login-profile", "access-key")
"""The ids of the steps that create a secret. Without a seal, such a step shows its secret on a screen."""
DEMO_ENDED = "The simulated account of this run ended with its process."


class NextCommand(NamedTuple):
    """A command line, and the words that introduce it."""

    lead: str
    command: str

    def __str__(self) -> str:
        """Return the introduction and the command on one line."""
        return f"{self.lead}: {self.command}"


def next_command(options: Options, record: RunRecord) -> NextCommand | None:
    """Return the command that continues an unfinished run, or None if the run is finished.

    It is None in the demo too, because the simulated account ends with its process.
    """
    if record.header is None or options.demo or not is_unfinished(record):
        return None
    if record.undoing:
        return NextCommand("Continue the removal with", options.command("resume", record.header.id))
    if needs_screen(record):
        return NextCommand("Resume in the app with", options.command())
    return NextCommand("Resume with", options.command("resume", record.header.id))


def removal_line(options: Options, record: RunRecord) -> tuple[str, ...]:
    """Return the line with the command that removes the run's resources, or () if that cannot be chosen."""
    if next_command(options, record) is None or record.undoing or record.header is None:
        return ()
    return (str(NextCommand("To remove the resources instead", options.command("undo", record.header.id))),)


def next_lines(options: Options, record: RunRecord) -> list[str]:
    """Return the lines below a run in a list: the command that removes it, and last the command that continues it."""
    command = next_command(options, record)
    if command is None:
        return [DEMO_ENDED] if options.demo and is_unfinished(record) else []
    return [*removal_line(options, record), str(command)]


def is_unfinished(record: RunRecord) -> bool:
    """Return whether AWS may have resources of a run that is neither done nor removed."""
    return bool(record.may_exist) and record.status in (RunStatus.INCOMPLETE, RunStatus.RUNNING)


def needs_screen(record: RunRecord) -> bool:
    """Return whether resuming the run would show a secret, because the request has no seal."""
    header = record.header
    if header is None or is_sealed(header.request):
        return False
    return any(runs_step(record, id) for id in SECRET_STEPS)


def runs_step(record: RunRecord, id: str) -> bool:
    """Return whether resuming the run runs the step ``id``.

    In a simulated account, which is always new, each step runs.
    """
    demo = record.header is not None and record.header.demo
    return id in record.steps and (demo or not record.steps[id].is_done)
