"""Whether a passphrase seals, and the passphrase itself: the one answer that is a secret."""

from __future__ import annotations

from typing import Any

from breakglass_tui.domain.seals import is_sealed
from breakglass_tui.plain.form_question import NOTHING, FormQuestion, InterviewState, said_yes_or_no, yes_or_no
from breakglass_tui.plain.passphrase_prompt import typed_passphrase

NO_SCREEN = (
    "nothing would seal the secrets, and shown here line by line they would stay in the scrollback; "
    "answer yes, or go back with < to a KMS key or to age recipients"
)


class PassphraseQuestion(FormQuestion):
    """Yes is typed twice, hidden; Enter alone keeps the one that was typed before. Without any seal it must be yes."""

    def value(self, state: InterviewState) -> bool:
        """What was answered; before that, yes where nothing else seals: no brackets hold what would be refused."""
        return bool(state.answers.get(self.field, not _sealed_otherwise(state)))

    def answer(self, typed: str, state: InterviewState) -> bool:
        """Whether it seals; puts what was typed on the desk. Raises ``ValueError``, ``InputEnded``."""
        if not typed and self.value(state) and state.passphrase is not None:
            return True
        meant = yes_or_no("no" if typed == NOTHING else typed or said_yes_or_no(self.value(state), state), state)
        if meant:
            known = (state.answers.get("user_name") or state.generated_name, state.account.caller.account_id)
            given = typed_passphrase(state.terminal, *known)
            if given is None:
                raise ValueError("no passphrase was typed")
            if state.passphrase is not None:
                state.passphrase.wipe()
            state.passphrase = given
        elif not _sealed_otherwise(state):
            raise ValueError(NO_SCREEN)
        return meant


def _sealed_otherwise(state: InterviewState) -> bool:
    return is_sealed({**state.answers, "seal_passphrase": False})


def _said(value: Any, state: InterviewState) -> str:
    return "yes, the one typed before" if value and state.passphrase is not None else said_yes_or_no(value, state)


PASSPHRASE_QUESTION = PassphraseQuestion(
    field="seal_passphrase",
    title="Seal with a passphrase",
    about="It opens without AWS and without a key. You type it twice, and nothing is shown while you type.",
    read=yes_or_no,
    say=_said,
    default=False,
    empty=False,
)
