"""FirstSignInWork: the part of the App that runs a first sign-in and then validates the user again."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import work
from textual.app import SystemCommand
from textual.signal import Signal

from breakglass_tui.ui.flow import Phase
from breakglass_tui.ui.shell.check_work import CheckWork
from breakglass_tui.ui.shell.screen_commands import explained

if TYPE_CHECKING:
    from textual.screen import Screen

    from breakglass_tui.secrets.secret import Secret
    from breakglass_tui.ui import messages as m
    from breakglass_tui.ui.ceremony import Ceremony
    from breakglass_tui.ui.proof import Proof

SEALS_WITH_IT = "The permanent password is sealed with it. Enter the same passphrase that the run has used before."
ENDING = "The previous first sign-in is still ending. Try again in a moment."


class FirstSignInWork(CheckWork):
    """App mixin that runs first sign-ins, one at a time. It publishes ``sign_in_changed``.

    A first sign-in stops when the operator leaves its screen.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sign_in_changed: Signal[Ceremony] = Signal(self, "sign-in-changed")
        self._ceremony: Ceremony | None = None
        self._to_prove: Proof | None = None

    def on_mount(self) -> None:
        """Subscribe to the events of checks, to run them again after a first sign-in."""
        self.check_events.subscribe(self, self._checks_told)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield the entries of the palette, with the first sign-in if it is due."""
        from breakglass_tui.ui.ceremony import may_sign_in

        yield from super().get_system_commands(screen)
        proof = getattr(screen, "proof", None)
        if proof is not None and not proof.inspecting and may_sign_in(self.session, proof):
            about = explained(screen, "first_sign_in", "Replace the temporary password by a permanent one.")
            yield SystemCommand("First sign-in", about, partial(self.open_first_sign_in, proof))

    def open_first_sign_in(self, proof: Proof) -> None:
        """Start the first sign-in of the user of ``proof``, and go to its screen.

        Ask for the passphrase if one is needed.
        """
        from breakglass_tui.ui.ceremony import wants_passphrase
        from breakglass_tui.ui.dialogs.passphrase import PassphraseDialog

        if self.signs_in(proof):
            return  # a key pressed twice
        if self._ceremony is not None and not self._ceremony.over:
            self.tell(ENDING)
        elif wants_passphrase(self.session, proof):
            dialog = PassphraseDialog(f"The passphrase of {self._user_of(proof)}", SEALS_WITH_IT, new=False)
            self.push_screen(dialog, lambda given: self._begin_sign_in(proof, given) if given else None)
        else:
            self._begin_sign_in(proof)

    def signs_in(self, proof: Proof) -> bool:
        """Return whether the first sign-in of the user of ``proof`` is active and on the screen."""
        ceremony = self._ceremony
        return ceremony is not None and ceremony.proof is proof and not (ceremony.over or ceremony.left)

    def _user_of(self, proof: Proof) -> str:
        from breakglass_tui.ui.proof import Visit

        if isinstance(proof, Visit):
            return proof.user_name
        return self.session.setup.request.user_name if self.session.setup else ""

    def _begin_sign_in(self, proof: Proof, passphrase: Secret | None = None) -> None:
        from breakglass_tui.ui.ceremony import Ceremony

        self._ceremony = Ceremony(proof, self._user_of(proof), passphrase)
        self._sign_in(self._ceremony)
        self._move_to(self._ceremony)

    def close_first_sign_in(self) -> None:
        """Go back to the validation. The operator can continue the first sign-in later."""
        self._move_to(None)

    def _move_to(self, ceremony: Ceremony | None) -> None:
        from breakglass_tui.ui.messages import SignInMove

        self.post_message(SignInMove(ceremony))

    async def _on_sign_in_move(self, message: m.SignInMove) -> None:
        from breakglass_tui.ui.screens import screen_for
        from breakglass_tui.ui.screens.first_sign_in import FirstSignInScreen

        ceremony, there = message.ceremony, isinstance(self.screen, FirstSignInScreen)
        if self.phase is not Phase.VALIDATION or not (ceremony or there):
            if ceremony is not None:
                ceremony.leave()
            return
        screen = FirstSignInScreen(self.session, ceremony) if ceremony else screen_for(Phase.VALIDATION, self.session)
        await self.switch_screen(screen)

    @work(thread=True, group="sign-in", exit_on_error=False, description="first sign-in")
    def _sign_in(self, ceremony: Ceremony) -> None:
        from breakglass_tui.ui.signing_in import carry_out

        carry_out(self.session, ceremony, self.post_message)

    def _on_sign_in_begun(self, message: m.SignInBegun) -> None:
        from breakglass_tui.ui.proof import Visit

        ceremony = message.ceremony
        ceremony.setup = message.setup
        visited = isinstance(ceremony.proof, Visit)
        ceremony.record = copy.deepcopy(message.record) if visited else ceremony.proof.record
        self.sign_in_changed.publish(ceremony)

    def _on_sign_in_told(self, message: m.SignInTold) -> None:
        from breakglass_tui.domain.events import PermanentPasswordSealed
        from breakglass_tui.domain.recovery_events import FirstSignInDone

        ceremony = message.ceremony
        ceremony.apply(message.news)
        if isinstance(message.news, PermanentPasswordSealed | FirstSignInDone):
            proof = ceremony.proof
            # The report that was written before does not list the current envelopes.
            proof.outdated, proof.exported = proof.outdated or bool(proof.exported), ()
            self._now_expected(ceremony)
        self.sign_in_changed.publish(ceremony)

    def _now_expected(self, ceremony: Ceremony) -> None:
        """Update what the checks and the report of the validation know about the envelopes of the user.

        This is needed only for a user that no run of this session created.
        """
        from breakglass_tui.engine.compose import with_run_results
        from breakglass_tui.ui.proof import Visit

        proof, record = ceremony.proof, ceremony.record
        if isinstance(proof, Visit) and record is not None:
            updated = with_run_results(proof.subject, record)
            proof.subject = replace(
                proof.subject, envelopes=updated.envelopes, signing_in=updated.signing_in, signed_in=updated.signed_in
            )
            proof.record.envelopes, proof.record.signed_in_at = list(updated.envelopes), record.signed_in_at

    def _on_sign_in_ended(self, message: m.SignInEnded) -> None:
        from breakglass_tui.ui.ceremony import Stage

        ceremony = message.ceremony
        ceremony.over, ceremony.problem = True, message.problem
        if ceremony.stage is Stage.CONFIRMED:
            self._prove_again(ceremony.proof)
        self.sign_in_changed.publish(ceremony)

    def _prove_again(self, proof: Proof) -> None:
        """Run the checks of ``proof`` again, at once or after those that are running.

        Running checks may have read AWS before the password changed.
        """
        self._to_prove = None if self.start_checks(proof) else proof

    def _checks_told(self, message: m.Inspected) -> None:
        if message.event is None and message.proof is self._to_prove:
            self.call_next(self._prove_again, message.proof)

    def practise_sign_in(self, ceremony: Ceremony) -> None:
        """Sign in at the simulated sign-in page, unless this is in progress."""
        if not ceremony.practising:
            ceremony.practising = True
            self._practise(ceremony)

    @work(thread=True, group="practice", exit_on_error=False, description="practice")
    def _practise(self, ceremony: Ceremony) -> None:
        from breakglass_tui.ui.signing_in import practise

        practise(self.session, ceremony, self.post_message)

    def _on_practised(self, message: m.Practised) -> None:
        message.ceremony.practising = False
        if message.problem is not None:
            self.tell(f"{message.problem} p tries again.", failed=True)
