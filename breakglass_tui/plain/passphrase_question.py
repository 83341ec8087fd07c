"""Whether a passphrase seals, and the passphrase itself: the one answer that is a secret."""

from __future__ import annotations

from typing import Any

from breakglass_tui.domain.seals import is_sealed
from breakglass_tui.plain.passphrase import typed_passphrase
from breakglass_tui.plain.question import NOTHING, Desk, Question, said_yes_or_no, yes_or_no

NO_SCREEN = (
    "nothing would seal the secrets, and shown here line by line they would stay in the scrollback; "
    "answer yes, or go back with < to a KMS key or to age recipients"
)


class PassphraseQuestion(Question):
    """Yes is typed twice, hidden; Enter alone keeps the one that was typed before. Without any seal it must be yes."""

    def value(self, desk: Desk) -> bool:
        """What was answered; before that, yes where nothing else seals: no brackets hold what would be refused."""
        return bool(desk.answers.get(self.field, not _sealed_otherwise(desk)))

    def answer(self, typed: str, desk: Desk) -> bool:
        """Whether it seals; puts what was typed on the desk. Raises ``ValueError``, ``InputEnded``."""
        if not typed and self.value(desk) and desk.passphrase is not None:
            return True
        meant = yes_or_no("no" if typed == NOTHING else typed or said_yes_or_no(self.value(desk), desk), desk)
        if meant:
            known = (desk.answers.get("user_name") or desk.generated_name, desk.account.caller.account_id)
            given = typed_passphrase(desk.terminal, *known)
            if given is None:
                raise ValueError("no passphrase was typed")
            if desk.passphrase is not None:
                desk.passphrase.wipe()
            desk.passphrase = given
        elif not _sealed_otherwise(desk):
            raise ValueError(NO_SCREEN)
        return meant


def _sealed_otherwise(desk: Desk) -> bool:
    return is_sealed({**desk.answers, "seal_passphrase": False})


def _said(value: Any, desk: Desk) -> str:
    return "yes, the one typed before" if value and desk.passphrase is not None else said_yes_or_no(value, desk)


PASSPHRASE_QUESTION = PassphraseQuestion(
    field="seal_passphrase",
    title="Seal with a passphrase",
    about="It opens without AWS and without a key. You type it twice, and nothing is shown while you type.",
    read=yes_or_no,
    say=_said,
    default=False,
    empty=False,
)
