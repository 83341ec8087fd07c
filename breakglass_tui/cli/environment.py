"""The environment: what could record or steer this program, or load code into it, is dropped before it can.

Textual, botocore, urllib3 and moto read these variables when they are imported, so this is done first of all.
"""

from __future__ import annotations

from collections.abc import MutableMapping

PREFIXES = (
    "TEXTUAL",  # records key presses, presses keys, sends to a socket, imports a driver
    "BOTOCORE_EXPERIMENTAL__",  # imports modules and hands them the client
    "BOTO_EXPERIMENTAL__",
    "AWS_CSM_",  # sends session tokens to any host
    "MOTO_",  # steers and records the simulated account
)
NAMES = frozenset(
    {
        "AWS_DATA_PATH",  # replaces the service models, endpoints included
        "SSLKEYLOGFILE",  # writes down the keys of every TLS connection
        "PYTHONINSPECT",
        "PYTHONBREAKPOINT",
        "PYTHONSTARTUP",
        "TEST_SERVER_MODE",  # these three are moto's
        "TEST_PROXY_MODE",
        "INITIAL_NO_AUTH_ACTION_COUNT",
    }
)
PRELOADED = frozenset({"LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES"})
"""Had its effect on this process already; dropped for those it starts.

The loader's search paths stay: a credential_process may need them, and what this program starts itself has an
environment of its own.
"""


def scrub(environment: MutableMapping[str, str]) -> list[str]:
    """Drop them from ``environment``; returns what is to be said about it, nothing if there was none."""
    dropped = sorted(name for name in environment if name.startswith(PREFIXES) or name in NAMES)
    loaded = sorted(PRELOADED & environment.keys())
    for name in (*dropped, *loaded):
        del environment[name]
    said = []
    if dropped:
        said.append(f"not obeyed, as it could record or steer this program: {_shown(dropped)}")
    if loaded:
        said.append(f"{_shown(loaded)} has loaded foreign code into this program; start it without")
    return said


def _shown(names: list[str]) -> str:
    from breakglass_tui.domain.text import show

    return ", ".join(map(show, names))
