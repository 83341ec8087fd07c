"""Part: the base class of the mixins of the App, which the code calls parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

    class Part(App[None]):
        """The App for the type checker, and an empty class at run time."""

else:

    class Part:
        """Not an App at run time: Textual needs half a millisecond for each App class, and there are twenty parts.

        So a part has neither ``BINDINGS`` nor ``@on``. Its handlers are named after their messages.
        """
