"""Part: what every part of an App derives from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

    class Part(App[None]):
        """An App, as far as a part of one knows."""

else:

    class Part:
        """No App by itself: each class of Apps takes Textual half a millisecond, and there are twenty parts.

        So a part has neither ``BINDINGS`` nor ``@on``: its handlers are named after their messages.
        """
