"""OfflineField: the form field for the seals that open an envelope without AWS."""

from __future__ import annotations

from typing import ClassVar

from textual import on

from breakglass_tui.ui.assessment.field import Field
from breakglass_tui.ui.assessment.offline_seals_dialog import OfflineSealsDialog
from breakglass_tui.ui.assessment.pick_button import PickButton
from breakglass_tui.ui.assessment.seal_words import offline_words
from breakglass_tui.ui.state.draft import Draft, OfflineSeals
from breakglass_tui.ui.state.session import Session


class OfflineField(Field):
    """A form field that describes the offline seals of the draft, with a button that opens their dialog."""

    COVERS: ClassVar[tuple[str, ...]] = (
        *("seal_to", "seal_threshold"),
        *("seal_mfa_to", "seal_mfa_threshold"),
        "seal_passphrase",
    )

    def __init__(self, session: Session) -> None:
        self._button = PickButton()
        super().__init__("offline", "Offline", self._button)
        self._session = session
        self._value = session.draft.offline

    @property
    def value(self) -> OfflineSeals:
        """The offline seals that the operator saved in the dialog, or those of the draft at first."""
        return self._value

    def draw(self, draft: Draft) -> None:
        """Show a description of the offline seals of ``draft``."""
        words = offline_words(draft)
        self._button.show(words or "none", "" if words else "enter adds age or passphrase")

    def open(self) -> None:
        """Open the dialog of the offline seals, unless another dialog is open."""
        if self.screen.is_active:
            dialog = OfflineSealsDialog(self._session.draft, _guessable(self._session))
            self.app.push_screen(dialog, self._taken)

    @on(PickButton.Opened)
    def _opened(self, event: PickButton.Opened) -> None:
        event.stop()
        self.open()

    def _taken(self, seals: OfflineSeals | None) -> None:
        if seals is not None:
            self._value = seals
            self.edited()


def _guessable(session: Session) -> tuple[str, ...]:
    """Return words that an attacker of this account tries first, such as the user name.

    A passphrase must not consist of them.
    """
    caller = session.connection.caller
    words = (session.draft.final_name, *((caller.account_id, caller.alias, caller.principal) if caller else ()))
    return tuple(filter(None, words))
