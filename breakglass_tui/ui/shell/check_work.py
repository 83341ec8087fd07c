"""The App's work on the proof: running checks, writing the report."""

from __future__ import annotations

from textual import on, work

from breakglass_tui.ui import messages as m
from breakglass_tui.ui import threads
from breakglass_tui.ui.shell.base import SessionApp


class CheckWork(SessionApp):
    """Tells through ``check_events`` and ``exported``."""

    def start_checks(self, only: str | None = None) -> bool:
        """Run every check, or one; False while checks are running."""
        if self.session.inspecting:
            return False
        self.session.inspecting = True
        self._inspect(only)
        return True

    @work(thread=True, group="checks", exit_on_error=False, description="checks")
    def _inspect(self, only: str | None) -> None:
        threads.inspect(self.session, only, self.post_message)

    @on(m.Inspecting)
    def _inspecting(self, message: m.Inspecting) -> None:
        self.session.expect_checks(message.checks)

    @on(m.Inspected)
    def _inspected(self, message: m.Inspected) -> None:
        self.session.apply_check(message.event)
        self.check_events.publish(message.event)

    @work(thread=True, group="export", exit_on_error=False, description="export")
    def start_export(self) -> None:
        """Write the report; told through ``exported``."""
        threads.export(self.session, self.post_message)

    @on(m.Exported)
    def _exported(self, message: m.Exported) -> None:
        if message.problem is None:
            self.session.exported = message.paths
        self.exported.publish(message.problem)
