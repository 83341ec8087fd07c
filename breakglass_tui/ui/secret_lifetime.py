"""SecretLifetime: removes each secret of a run from the memory after its last use."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from textual import events

from breakglass_tui.domain.checks import Verdict
from breakglass_tui.domain.events import Event, RunFinished
from breakglass_tui.secrets.vault import SIGN_IN, VALIDATION
from breakglass_tui.ui.shell.idle_time import LONG_IDLE_S
from breakglass_tui.ui.shell.session_app import SessionApp
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.state.validation import UserValidation
from breakglass_tui.ui.validation.controller import Checked

if TYPE_CHECKING:
    from breakglass_tui.ui.first_sign_in.state import FirstSignInState

REMOVED = "The secrets of this run were removed from the memory after {minutes:.0f} minutes without a key. {where}"
SEALED = "They are in their envelopes. To open one, run: {program} open ENVELOPE"
SIMULATED = "No other process can open the KMS envelopes of a simulated account. Create another user to continue."
STORED = "They are where you stored them. This program has no copy."
RETURNED_S = 20
"""Seconds for which the notice stays after the operator has returned."""
AWAY_S = 24 * 3600


class SecretLifetime:
    """Removes secrets from the memory after their last use.

    - The access key and the MFA seed: after a validation that used them, and recorded what they proved.
    - The passwords and the passphrase: after the first sign-in, or at the end of a run that needs none.
    - All of them: after a run that did not succeed, and after a long idle time.
    """

    def __init__(self, app: SessionApp) -> None:
        self._app = app
        self._removed = ""

    @property
    def _session(self) -> Session:
        return self._app.session

    def after_run(self, event: Event) -> None:
        """Handle an event of the run. Its end is the last use of some secrets."""
        from breakglass_tui.engine.first_sign_in import awaits_first_sign_in

        if isinstance(event, RunFinished):
            if not self._session.run.done:
                self._wipe()
            elif not awaits_first_sign_in(self._session.run.record):
                self._wipe(*SIGN_IN)

    def after_checks(self, checked: Checked) -> None:
        """Handle an event of checks. Their end is the last use of some secrets."""
        validation = checked.validation
        if checked.event is None and checked.recorded and validation is self._session.run.validation:
            complete = set(validation.titles) <= set(validation.record.checks)
            if complete and validation.record.readiness.verdict is not Verdict.NOT_READY:
                self._wipe(*VALIDATION)

    def after_first_sign_in(self, state: FirstSignInState) -> None:
        """Handle a change of a first sign-in. Its end is the last use of some secrets."""
        from breakglass_tui.ui.first_sign_in.state import Stage

        if not state.over or state.setup is None:
            return
        if isinstance(state.validation, UserValidation):
            state.setup.vault.wipe()  # only this first sign-in uses it
        elif state.stage is Stage.CONFIRMED:
            self._wipe(*SIGN_IN)

    def _wipe(self, *names: str) -> None:
        if self._session.run.setup is not None:
            self._session.run.setup.vault.wipe(*names)

    def after_idle_time(self) -> None:
        """Remove all secrets of the run from the memory. Show a notice that says where they are."""
        run, connection = self._session.run, self._session.connection
        if run.engine is None or run.setup is None or not run.setup.vault.names:
            return
        self._wipe()
        gc.collect()  # clients of botocore with the user's key are in reference cycles, which are rarely collected
        request = run.setup.request
        where = SEALED.format(program=connection.program) if request.has_seal else STORED
        if connection.demo and request.only_kms:
            where = SIMULATED
        self._removed = REMOVED.format(minutes=LONG_IDLE_S / 60, where=where)
        self._notify(AWAY_S)

    def operator_acted(self, event: events.Event) -> None:
        """Let the notice disappear some time after the operator has returned."""
        if self._removed and isinstance(event, events.InputEvent):
            self._notify(RETURNED_S)
            self._removed = ""

    def _notify(self, seconds: float) -> None:
        self._app.clear_notifications()
        self._app.notify(self._removed, severity="warning", markup=False, timeout=seconds)
