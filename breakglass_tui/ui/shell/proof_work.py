"""The App's work on verdicts: what a validation proved is kept for the start screen of later processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from breakglass_tui.ui.flow import Phase
from breakglass_tui.ui.shell.past_work import PastWork

if TYPE_CHECKING:
    from breakglass_tui.engine.verdict_store import SavedVerdict
    from breakglass_tui.ui import messages as m

KEEPS = "At the validation R checks again, and keeps it."


class ProofWork(PastWork):
    """A validation that did not get to its end proves nothing, and leaves the proof before it as it is."""

    def _on_inspecting(self, message: m.Inspecting) -> None:
        """A check that is run again by itself does not make the others younger."""
        if len(message.checks) >= len(message.proof.titles):
            message.proof.checked_at = self.session.clock.now()

    def _on_inspected(self, message: m.Inspected) -> None:
        from breakglass_tui.engine.verdict_store import saved_verdict

        proof = message.proof
        if message.event is not None or message.problem is not None or proof.checked_at is None:
            return
        kept = saved_verdict(proof.record, proof.checked_at)
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
