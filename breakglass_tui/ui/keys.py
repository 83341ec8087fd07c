"""The table ``[keys]`` of the configuration file: find errors in it, and list its entries in help texts."""

from __future__ import annotations

import importlib
import pkgutil
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.keys import Keys

import breakglass_tui.ui
from breakglass_tui.domain.text import show

MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "hyper", "meta"})


def own_keys(node: type[DOMNode]) -> dict[str, str]:
    """Return the default keys of the bindings of ``node``, by binding id, including inherited bindings."""
    found: dict[str, str] = {}
    for each in reversed(node.__mro__):
        found |= {binding.id: binding.key for binding in _bindings(vars(each).get("BINDINGS", ())) if binding.id}
    return found


def keys_text(node: type[DOMNode], keys: Mapping[str, str]) -> str:
    """Return a help text with the binding ids of ``node`` and their default keys.

    It also lists the keys that the configuration ``keys`` changes.
    """
    ids = own_keys(node)
    other = [f"  {id:<14} {show(keys[id], 60)}" for id in ids if id in keys]
    listed = ", ".join(f"{id} ({key.replace(',', ' ')})" for id, key in ids.items())
    text = f"Changing keys\n  The table [keys] in config.toml assigns keys to actions. Their ids and keys: {listed}."
    return "\n".join([text, *(["Changed in config.toml"] if other else []), *other])


def unfit(keys: Mapping[str, str]) -> list[str]:
    """Return a sentence for each unknown binding id and each unknown key in ``keys``.

    This imports every screen, which takes time. So call it after the first paint.
    """
    known = sorted({id for node in _nodes() for id in own_keys(node)})
    found = []
    for id, wanted in keys.items():
        if id not in known:
            near = next(iter(get_close_matches(id, known, n=1, cutoff=0)))
            found.append(f"Unknown action {show(id, 60)}. Did you mean {near}?")
        found += [f"Unknown key {show(key, 60)} for {show(id, 60)}." for key in wanted.split(",") if not is_key(key)]
    return found


def taken(keys: Mapping[str, str]) -> list[str]:
    """Return a sentence for each action that loses its default key.

    This happens if ``keys`` assigns the key to another action of the same screen or widget.
    """
    found: dict[str, None] = {}
    for node in _nodes():
        own = own_keys(node)
        for id in own.keys() & keys.keys():
            for key in keys[id].split(","):
                losers = (other for other in own if other not in keys and key in own[other].split(","))
                found |= {f"{show(key, 60)} now means {id}, no longer {other}.": None for other in losers}
    return sorted(found)


def is_key(name: str) -> bool:
    """Return whether ``name`` is a key, such as ``r``, ``ctrl+r``, ``f5``, ``pagedown`` or ``question_mark``."""
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

    for module in pkgutil.walk_packages(breakglass_tui.ui.__path__, "breakglass_tui.ui."):
        for each in vars(importlib.import_module(module.name)).values():
            if isinstance(each, type) and issubclass(each, DOMNode):
                yield each
