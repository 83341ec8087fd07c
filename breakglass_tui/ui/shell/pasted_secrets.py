"""Mask an access key in a paste before any widget gets it."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.app import App

from breakglass_tui.domain.access_keys import MASK, is_pasted_key

EXPOSED = (
    "This is an AWS access key, which is a secret. No field of this screen needs one. It was masked and is not kept. "
    "If others saw it, treat the key as exposed: create a new one and delete this one in IAM."
)
EXPOSED_S = 20


def mask_paste(app: App[Any], event: events.Event) -> None:
    """Mask the access key in ``event``, if it is a paste that has one, and warn the operator.

    The paste into a field that hides its text is unchanged. Textual passes a paste to the field with the focus in the
    next step, so this is called for the App's event.
    """
    if isinstance(event, events.Paste) and not event.is_forwarded and not getattr(app.focused, "password", False):
        event.text = without_access_key(app, event.text)


def without_access_key(app: App[Any], text: str) -> str:
    """Return the pasted ``text``. If it has an access key, warn the operator and return the mask instead."""
    if not is_pasted_key(text):
        return text
    warn_of_access_key(app)
    return MASK


def warn_of_access_key(app: App[Any]) -> None:
    """Show a notification that an access key was entered, and what to do."""
    app.notify(EXPOSED, severity="warning", markup=False, timeout=EXPOSED_S)
