"""Part: the base class of the mixins of the App, which the code calls parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

    class Part(App[None]):
        """The App for the type checker, and an empty class at run time."""

else:

    class Part:
        """An empty class at run time, because Textual needs half a millisecond for each App class.

        So a mixin has neither ``BINDINGS`` nor ``@on``. Its message handlers are found by their names.
        """
