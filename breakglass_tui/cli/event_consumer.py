"""The loop that consumes the events of a run without a screen: it updates the record, prints, and asks the operator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from breakglass_tui.cli.options import Options
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.streams import to_stderr
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
    """The context of one command: global options, terminal, signals, and whether stdout gets JSON."""

    options: Options
    terminal: Terminal
    interrupts: Interrupts
    as_json: bool


@dataclass
class EventConsumer:
    """Applies each event to ``record`` and prints it. For a resumed run, ``record`` begins with the earlier events.

    ``meanwhile`` is called once, while the first call is on its way to AWS.
    """

    record: RunRecord = field(default_factory=RunRecord)
    printer: EventPrinter = field(default_factory=lambda: EventPrinter(to_stderr))
    meanwhile: Callable[[], None] | None = None

    def consume(self, event: e.Event) -> None:
        """Apply ``event`` to the record and print it."""
        self.record.apply(event)
        self.printer.print(event)
        if self.meanwhile is not None and isinstance(event, e.CallStarted):
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()


def consume_events(run: Run, consumer: EventConsumer, context: CommandContext) -> Problem | None:
    """Consume all events of ``run``, and return the first error of this process, or None.

    After an error the run is stopped: it ends in an orderly way, and keeps its resources in AWS and its journal.
    """
    prompts = OperatorPrompts(context.terminal, run)
    context.interrupts.on_signal(lambda: run.stop("keep"))
    problem: Problem | None = None
    try:
        for event in run.events():
            try:
                consumer.consume(event)
                prompts.handle(event)
            except Exception as error:  # noqa: BLE001 - the run must reach its end after any error
                problem = problem or as_problem(error)
                run.stop("keep")
    except Exception as error:  # noqa: BLE001 - an error of the run itself, whose journal has all that it did
        problem = problem or as_problem(error)
    finally:
        prompts.withdraw()
    return problem
