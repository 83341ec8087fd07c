"""ProofWork: the part of the App that saves verdicts for the start screen of later processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from breakglass_tui.ui.flow import Phase
from breakglass_tui.ui.shell.past_work import PastWork

if TYPE_CHECKING:
    from breakglass_tui.engine.verdict_store import SavedVerdict
    from breakglass_tui.ui import messages as m

KEEPS = "To try again, press R on the Validation screen."


class ProofWork(PastWork):
    """App mixin that saves the verdict of every complete validation.

    If some checks have no result, the verdict saved before is unchanged.
    """

    def _on_inspecting(self, message: m.Inspecting) -> None:
        """Store the time if all checks start together. Running a single check again does not change it."""
        if len(message.checks) >= len(message.proof.titles):
            message.proof.checked_at = self.session.clock.now()

    def _on_inspected(self, message: m.Inspected) -> None:
        from breakglass_tui.engine.verdict_store import verdict_to_save

        proof = message.proof
        if message.event is not None or message.problem is not None or proof.checked_at is None:
            return
        kept = verdict_to_save(proof.record, proof.checked_at)
        if kept is not None and proof.titles and set(proof.titles) <= set(proof.record.checks):
            self._keep_proof(kept)

    @work(thread=True, group="proofs", exit_on_error=False, description="proof")
    def _keep_proof(self, kept: SavedVerdict) -> None:
        from breakglass_tui.ui.past import keep_proof

        keep_proof(self.session, kept, self.post_message)

    def _on_proof_kept(self, message: m.ProofKept) -> None:
        if message.problem is not None:
            self.tell(f"{message.problem} {KEEPS}", failed=True)
        elif self.phase is Phase.START:
            self.read_past()
