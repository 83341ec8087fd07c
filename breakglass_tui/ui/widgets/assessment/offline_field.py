"""OfflineField: the offline seals on one row, and the way to their dialog."""

from __future__ import annotations

from typing import ClassVar

from textual import on

from breakglass_tui.ui.draft import Draft
from breakglass_tui.ui.flow import Session
from breakglass_tui.ui.offline_seals import OfflineSeals
from breakglass_tui.ui.seal_words import offline_words
from breakglass_tui.ui.widgets.assessment.field import Field
from breakglass_tui.ui.widgets.assessment.pick_button import PickButton


class OfflineField(Field):
    """Says in words what the draft has of them."""

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
        """What was taken."""
        return self._value

    def draw(self, draft: Draft) -> None:
        """Say what ``draft`` has."""
        self._button.tell(offline_words(draft) or "none", "" if offline_words(draft) else "enter: age, passphrase")

    def open(self) -> None:
        """Open the dialog."""
        from breakglass_tui.ui.dialogs.offline_seals import OfflineSealsDialog

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
    """Words of this very account that an attacker tries first."""
    caller = session.caller
    words = (session.draft.final_name, *((caller.account_id, caller.alias, caller.principal) if caller else ()))
    return tuple(filter(None, words))
