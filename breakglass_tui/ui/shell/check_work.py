"""CheckWork: the part of the App that runs checks and writes reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from breakglass_tui.ui.shell.leaving import Leaving

if TYPE_CHECKING:
    from breakglass_tui.ui import messages as m
    from breakglass_tui.ui.proof import Proof

ACCEPTS = "The device is not accepted. To try again, press a on the Validation screen."


class CheckWork(Leaving):
    """App mixin that runs checks, accepts MFA devices and writes reports.

    It publishes ``check_events``, ``signer_waits`` and ``exported``. Each message names its validation, so late results
    are not mixed up.
    """

    def start_checks(self, proof: Proof, only: str | None = None) -> bool:
        """Start all checks of ``proof``, or only the one with the id ``only``.

        Return False if checks of ``proof`` are running. Then nothing is started.
        """
        if proof.inspecting:
            return False
        proof.inspecting, proof.problem = True, None
        self._inspect(proof, only)
        return True

    @work(thread=True, group="checks", exit_on_error=False, description="checks")
    def _inspect(self, proof: Proof, only: str | None) -> None:
        from breakglass_tui.ui.threads import inspect

        inspect(self.session, proof, only, self.post_message)

    def _on_inspecting(self, message: m.Inspecting) -> None:
        message.proof.expect(message.checks)

    def _on_inspected(self, message: m.Inspected) -> None:
        message.proof.apply(message.event)
        message.proof.problem = message.problem
        self.check_events.publish(message)

    def _on_history_unread(self, message: m.HistoryUnread) -> None:
        self.tell(f"{message.problem} The validation continues without it.", failed=True)

    @work(thread=True, group="accept", exit_on_error=False, description="accept devices")
    def accept_devices(self, proof: Proof, user_id: str, serials: tuple[str, ...]) -> None:
        """Record in the journal of the user that the operator accepted these MFA devices.

        Then run the device check again.

        ``user_id`` is the unique id of the IAM user, and ``serials`` are the serial numbers of the devices.
        """
        from breakglass_tui.ui.user_journals import accept_devices

        accept_devices(self.session, proof, user_id, serials, self.post_message)

    def _on_devices_accepted(self, message: m.DevicesAccepted) -> None:
        from breakglass_tui.ui.unknown_devices import CHECK

        if message.problem is not None:
            self.tell(f"{message.problem} {ACCEPTS}", failed=True)
        elif not self.start_checks(message.proof, CHECK):
            self.tell("The MFA device is accepted. Run its check again when the checks are done.")

    @work(thread=True, group="export", exit_on_error=False, description="export")
    def start_export(self, proof: Proof) -> None:
        """Write and sign the report of ``proof`` in a thread, then publish ``exported``."""
        from breakglass_tui.ui.threads import export

        export(self.session, proof, self.post_message)

    def _on_signer_waits(self, message: m.SignerWaits) -> None:
        self.signer_waits.publish(message)

    def _on_exported(self, message: m.Exported) -> None:
        if message.paths:
            message.proof.exported = message.paths
        self.exported.publish(message)
