"""EnvelopeController: asks for the path of an envelope, and shows what opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breakglass_tui.ui.shell.session_app import SessionApp

if TYPE_CHECKING:
    from breakglass_tui.ui.start.envelope_outside import EnvelopeDescription


class EnvelopeController:
    """Describes envelopes. It reads them in a thread, and opens none."""

    def __init__(self, app: SessionApp) -> None:
        self._app = app

    def ask(self) -> None:
        """Ask for the path of an envelope, then show what opens it."""
        from breakglass_tui.ui.start.envelope_path_dialog import EnvelopePathDialog

        if len(self._app.screen_stack) == 1:
            self._app.push_screen(EnvelopePathDialog(), self._read)

    def _read(self, path: str | None) -> None:
        if path:
            self._app.start_thread(lambda: self._describe(path), "envelope")

    def _describe(self, path: str) -> None:
        from breakglass_tui.ui.start.envelope_outside import outside

        connection = self._app.session.connection
        self._app.call_later(self._show, outside(path, connection.program, demo=connection.demo))

    def _show(self, described: EnvelopeDescription) -> None:
        from breakglass_tui.ui.start.envelope_dialog import EnvelopeDialog

        if len(self._app.screen_stack) == 1:
            self._app.push_screen(EnvelopeDialog(described))
