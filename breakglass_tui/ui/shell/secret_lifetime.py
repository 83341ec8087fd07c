"""SecretLifetime: removes each secret of a run from the memory after its last use."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from textual import events

from breakglass_tui.secrets.vault import SIGN_IN, VALIDATION
from breakglass_tui.ui.shell.first_sign_in_work import FirstSignInWork
from breakglass_tui.ui.shell.idle_time import IdleTime

if TYPE_CHECKING:
    from breakglass_tui.domain.events import Event
    from breakglass_tui.ui import messages as m
    from breakglass_tui.ui.ceremony import Ceremony

REMOVED = "The secrets of this run were removed from the memory after {minutes:.0f} minutes without a key. {where}"
SEALED = "They are in their envelopes. To open one, run: {program} open ENVELOPE"
SIMULATED = "No other process can open the KMS envelopes of a simulated account. Create another user to continue."
STORED = "They are where you stored them. This program has no copy."
RETURNED_S = 20
"""Seconds for which the notice stays after the operator has returned."""
AWAY_S = 24 * 3600


class SecretLifetime(FirstSignInWork, IdleTime):
    """App mixin that removes secrets from the memory after their last use.

    - The access key and the MFA seed: after a validation that used them, and recorded what they proved.
    - The passwords and the passphrase: after the first sign-in, or at the end of a run that needs none.
    - All of them: after a run that did not succeed, and after a long idle time. Never while the program waits for an
      answer, or while a first sign-in is in progress.
    """

    _removed = ""

    def on_mount(self) -> None:
        """Subscribe to the ends of the run, of the checks and of the first sign-in."""
        self.run_events.subscribe(self, self._after_run)
        self.check_events.subscribe(self, self._after_checks)
        self.sign_in_changed.subscribe(self, self._after_sign_in)

    def _after_run(self, event: Event) -> None:
        from breakglass_tui.domain.events import RunFinished
        from breakglass_tui.engine.first_sign_in import awaits_first_sign_in

        if isinstance(event, RunFinished):
            if not self.session.done:
                self._wipe()
            elif not awaits_first_sign_in(self.session.record):
                self._wipe(*SIGN_IN)

    def _after_checks(self, message: m.Inspected) -> None:
        from breakglass_tui.domain.checks import Verdict

        proof, session = message.proof, self.session
        if message.event is None and message.recorded and proof is session.proof:
            complete = set(proof.titles) <= set(proof.record.checks)
            if complete and proof.record.readiness.verdict is not Verdict.NOT_READY:
                self._wipe(*VALIDATION)

    def _after_sign_in(self, ceremony: Ceremony) -> None:
        from breakglass_tui.ui.ceremony import Stage
        from breakglass_tui.ui.proof import Visit

        if not ceremony.over or ceremony.setup is None:
            return
        if isinstance(ceremony.proof, Visit):
            ceremony.setup.vault.wipe()  # only this first sign-in uses it
        elif ceremony.stage is Stage.CONFIRMED:
            self._wipe(*SIGN_IN)

    def _wipe(self, *names: str) -> None:
        if self.session.setup is not None:
            self.session.setup.vault.wipe(*names)

    @property
    def in_use(self) -> bool:
        """Whether a run, checks or a first sign-in are active. A run also waits for answers."""
        ceremony = self._ceremony
        signing_in = ceremony is not None and not ceremony.over
        visit = self.session.visit
        checking = self.session.inspecting or (visit is not None and visit.inspecting)
        return self.session.running or checking or signing_in

    def after_idle_time(self) -> None:
        """Remove all secrets of the run from the memory. Show a notice that says where they are."""
        session = self.session
        if session.run is None or session.setup is None or not session.setup.vault.names:
            return
        self._wipe()
        gc.collect()  # clients of botocore with the user's key are in reference cycles, which are rarely collected
        request = session.setup.request
        where = SEALED.format(program=session.program) if request.has_seal else STORED
        if session.demo and request.only_kms:
            where = SIMULATED
        self._removed = REMOVED.format(minutes=self.LONG_IDLE_S / 60, where=where)
        self._notify_removed(AWAY_S)

    async def on_event(self, event: events.Event) -> None:
        """Let the notice disappear some time after the operator has returned, then handle ``event``."""
        if self._removed and isinstance(event, events.InputEvent):
            self._notify_removed(RETURNED_S)
            self._removed = ""
        await super().on_event(event)

    def _notify_removed(self, seconds: float) -> None:
        self.clear_notifications()
        self.notify(self._removed, severity="warning", markup=False, timeout=seconds)
