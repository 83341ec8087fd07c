"""A run as it is told line by line: every event is folded, written, and answered where it asks."""

from __future__ import annotations

from dataclasses import dataclass, field

from breakglass_tui.cli.options import Options
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.streams import people
from breakglass_tui.domain import events as e
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.run import Run
from breakglass_tui.engine.unexpected_errors import as_problem
from breakglass_tui.plain.event_printer import EventPrinter
from breakglass_tui.plain.operator_prompts import OperatorPrompts
from breakglass_tui.plain.terminal import Terminal


@dataclass(frozen=True)
class CommandContext:
    """Where a command is carried out from: how it was called, who sits there, and how it is interrupted."""

    options: Options
    terminal: Terminal
    interrupts: Interrupts
    as_json: bool


@dataclass
class EventConsumer:
    """Folds and tells every event; ``record`` holds what earlier processes did of the same run."""

    record: RunRecord = field(default_factory=RunRecord)
    printer: EventPrinter = field(default_factory=lambda: EventPrinter(people))

    def consume(self, event: e.Event) -> None:
        """One more event."""
        self.record.apply(event)
        self.printer.print(event)


def follow(run: Run, consumer: EventConsumer, command: CommandContext) -> Problem | None:
    """Take all that ``run`` tells; returns what went wrong in the telling.

    Whatever that is, the run is not left to itself: it is stopped, comes to its own end and keeps its journal.
    """
    operator = OperatorPrompts(command.terminal, run)
    command.interrupts.to(lambda: run.stop("keep"))
    trouble: Problem | None = None
    try:
        for event in run.events():
            try:
                consumer.consume(event)
                operator.follow(event)
            except Exception as error:  # noqa: BLE001 - whatever it is, the run goes on to its end
                trouble = trouble or as_problem(error)
                run.stop("keep")
    except Exception as error:  # noqa: BLE001 - the run itself broke; the journal tells how far it came
        trouble = trouble or as_problem(error)
    finally:
        operator.call_off()
    return trouble
