"""The question of the interview about the passphrase seal, which also asks for the passphrase."""

from __future__ import annotations

from typing import Any

from breakglass_tui.domain.seals import is_sealed
from breakglass_tui.plain.form_question import CLEAR, FormQuestion, InterviewState, parse_yes_or_no, yes_or_no
from breakglass_tui.plain.passphrase_prompt import new_passphrase_or_back

NO_SEAL = (
    "the secrets have no seal, and here they would stay in the scrollback. "
    "Answer yes, or type < to go back to a KMS key or to age recipients"
)
NOT_TYPED = "there is no passphrase yet. Press Enter to type or generate one"
OR_NO = f"{NOT_TYPED}, or answer no"
OR_BACK = f"{NOT_TYPED}, or type < to go back to a KMS key or to age recipients"


class PassphraseQuestion(FormQuestion):
    """The question whether a passphrase seals the secrets. After yes, it asks for the passphrase without showing it.

    Enter alone keeps a passphrase from before. If the request has no other seal, the answer must be yes.
    """

    def value(self, state: InterviewState) -> bool:
        """Return the answer. The default is yes if the request has no other seal, because no would be refused."""
        return bool(state.answers.get(self.field, not _has_other_seal(state)))

    def answer(self, typed: str, state: InterviewState) -> bool:
        """Return whether a passphrase seals, and store the passphrase in ``state``.

        Raises ``ValueError`` and ``InputEnded``.
        """
        if not typed and self.value(state) and state.passphrase is not None:
            return True
        wanted = parse_yes_or_no("no" if typed == CLEAR else typed or yes_or_no(self.value(state), state), state)
        if wanted:
            known = (state.answers.get("user_name") or state.generated_name, state.account.caller.account_id)
            given = new_passphrase_or_back(state.terminal, *known)
            if given is None:
                raise ValueError(OR_NO if _has_other_seal(state) else OR_BACK)
            if state.passphrase is not None:
                state.passphrase.wipe()
            state.passphrase = given
        elif not _has_other_seal(state):
            raise ValueError(NO_SEAL)
        return wanted


def _has_other_seal(state: InterviewState) -> bool:
    return is_sealed({**state.answers, "seal_passphrase": False})


def _display(value: Any, state: InterviewState) -> str:
    return "yes, the one from before" if value and state.passphrase is not None else yes_or_no(value, state)


PASSPHRASE_QUESTION = PassphraseQuestion(
    field="seal_passphrase",
    title="Seal with a passphrase",
    about="A passphrase opens the envelopes without AWS and without a key. Type one, or let the program generate it.",
    parse=parse_yes_or_no,
    display=_display,
    default=False,
    empty=False,
)
