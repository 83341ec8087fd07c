"""Names of keys and of actions, as the table ``[keys]`` of a configuration file has them."""

from __future__ import annotations

import importlib
import pkgutil
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.keys import Keys

from breakglass_tui.domain.text import show

MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "hyper", "meta"})


def own_keys(node: type[DOMNode]) -> dict[str, str]:
    """The ids of a class's bindings and the keys they have of themselves, what it inherits included."""
    found: dict[str, str] = {}
    for each in reversed(node.__mro__):
        found |= {binding.id: binding.key for binding in _bindings(vars(each).get("BINDINGS", ())) if binding.id}
    return found


def keys_text(node: type[DOMNode], keys: Mapping[str, str]) -> str:
    """What a help says of the actions' ids, and of those that have been given other keys."""
    ids = own_keys(node)
    other = [f"  {id:<14} {show(keys[id], 60)}" for id in ids if id in keys]
    listed = ", ".join(f"{id} ({key.replace(',', ' ')})" for id, key in ids.items())
    text = f"Other keys\n  A table [keys] in config.toml gives an action other keys, by its id: {listed}."
    return "\n".join([text, *(["Changed there"] if other else []), *other])


def unfit(keys: Mapping[str, str]) -> list[str]:
    """What of the table can have no effect, in a sentence each. Imports every screen: not before the first paint."""
    known = sorted({id for node in _nodes() for id in own_keys(node)})
    said = []
    for id, wanted in keys.items():
        if id not in known:
            near = next(iter(get_close_matches(id, known, n=1, cutoff=0)))
            said.append(f"There is no action {show(id, 60)}; did you mean {near}?")
        said += [f"There is no key {show(key, 60)} for {show(id, 60)}." for key in wanted.split(",") if not is_key(key)]
    return said


def taken(keys: Mapping[str, str]) -> list[str]:
    """Which actions lose a key to another one of the same place, in a sentence each."""
    said: dict[str, None] = {}
    for node in _nodes():
        own = own_keys(node)
        for id in own.keys() & keys.keys():
            for key in keys[id].split(","):
                losers = (other for other in own if other not in keys and key in own[other].split(","))
                said |= {f"{show(key, 60)} is {id} now, and no longer {other}.": None for other in losers}
    return sorted(said)


def is_key(name: str) -> bool:
    """Whether a key can have that name: ``r``, ``ctrl+r``, ``f5``, ``pagedown``, ``question_mark``."""
    *modifiers, key = name.strip().split("+")
    if not MODIFIERS.issuperset(modifiers):
        return False
    return len(key) == 1 or key in {each.value for each in Keys} or _is_character(key)


def _is_character(name: str) -> bool:
    try:
        unicodedata.lookup(name.replace("_", " ").upper())
    except KeyError:
        return False
    return True


def _bindings(given: Iterable[BindingType]) -> Iterable[Binding]:
    return (each for each in given if isinstance(each, Binding))


def _nodes() -> Iterable[type[DOMNode]]:
    import breakglass_tui.ui

    for module in pkgutil.walk_packages(breakglass_tui.ui.__path__, "breakglass_tui.ui."):
        for each in vars(importlib.import_module(module.name)).values():
            if isinstance(each, type) and issubclass(each, DOMNode):
                yield each
