"""PastedSecrets: masks an access key in a paste before any widget gets it."""

from __future__ import annotations

from textual import events

from breakglass_tui.domain.access_keys import MASK, is_pasted_key
from breakglass_tui.ui.shell.part import Part

EXPOSED = (
    "This is an AWS access key, which is a secret. No field of this screen needs one. It was masked and is not kept. "
    "If others saw it, treat the key as exposed: create a new one and delete this one in IAM."
)
EXPOSED_S = 20


class PastedSecrets(Part):
    """App mixin that replaces an access key in a paste by a mask, and shows what to do."""

    async def on_event(self, event: events.Event) -> None:
        """Mask a paste that has an access key, unless the field with the focus hides its text. Then handle the event.

        Textual passes a paste to that field in the next step.
        """
        if isinstance(event, events.Paste) and not event.is_forwarded and not getattr(self.focused, "password", False):
            event = events.Paste(self.without_access_key(event.text))
        await super().on_event(event)

    def without_access_key(self, text: str) -> str:
        """Return the pasted ``text``. If it has an access key, warn the operator and return the mask instead."""
        if not is_pasted_key(text):
            return text
        self.warn_of_access_key()
        return MASK

    def warn_of_access_key(self) -> None:
        """Show a notification that an access key was entered, and what to do."""
        self.notify(EXPOSED, severity="warning", markup=False, timeout=EXPOSED_S)
