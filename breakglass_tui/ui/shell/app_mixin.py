"""AppMixin: the base of the App's mixins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App

if TYPE_CHECKING:
    AppMixin = App[None]
else:
    # Textual needs half a millisecond for each class derived from App. So a mixin is a plain class at run time: it has
    # neither ``BINDINGS`` nor ``@on``, and its message handlers are found by their names.
    AppMixin = object
