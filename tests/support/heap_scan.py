"""Find secrets in the live objects of this process. The scan keeps no secret in clear text itself."""

from __future__ import annotations

import gc

KEY = 0x55
TEXTS = (str, bytes, bytearray)


def masked(secret: str) -> bytes:
    """Return ``secret`` in a form that the scan does not find."""
    return bytes(byte ^ KEY for byte in secret.encode())


def live_copies(secrets: dict[str, bytes]) -> set[str]:
    """Return the names of the ``secrets`` that a live object contains. The values are ``masked``.

    Objects that wait for the garbage collector are live.
    """
    gc.unfreeze()  # else the collector does not list the objects that the program has frozen
    needles = {name: bytes(byte ^ KEY for byte in secret) for name, secret in secrets.items()}
    own = {id(needles), *map(id, needles.values())}
    waiting: list[object] = gc.get_objects()
    seen, found = own | {id(waiting)}, set[str]()
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, TEXTS):
            content = thing.encode("utf-8", "replace") if isinstance(thing, str) else bytes(thing)
            found |= {name for name, needle in needles.items() if needle in content}
        else:
            waiting.extend(gc.get_referents(thing))
    return found
