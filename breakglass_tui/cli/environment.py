"""Removal of environment variables that can record or control this program, or load code into it.

Textual, botocore, urllib3 and moto read such variables when they are imported, so this module runs before them.
"""

from __future__ import annotations

from collections.abc import MutableMapping

PREFIXES = (
    "TEXTUAL",  # records key presses, presses keys, sends to a socket, imports a driver
    "BOTOCORE_EXPERIMENTAL__",  # imports modules and gives them the client
    "BOTO_EXPERIMENTAL__",
    "AWS_CSM_",  # sends session tokens to any host
    "MOTO_",  # controls and records the simulated account
)
NAMES = frozenset(
    {
        "AWS_DATA_PATH",  # replaces the service models, endpoints included
        "OPENSSL_CONF",  # names libraries that OpenSSL loads, as the next two do (config(5), ENV of openssl(1))
        "OPENSSL_ENGINES",
        "OPENSSL_MODULES",
        "SSLKEYLOGFILE",  # writes the keys of every TLS connection to a file
        "PYTHONINSPECT",
        "PYTHONBREAKPOINT",
        "PYTHONSTARTUP",
        "TEST_SERVER_MODE",  # this one and the next two belong to moto
        "TEST_PROXY_MODE",
        "INITIAL_NO_AUTH_ACTION_COUNT",
    }
)
PRELOADED = frozenset({"LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES"})
"""Variables that have loaded code into this process already. They are removed for the processes that it starts.

The search paths of the loader stay, because a credential_process may need them.
"""

PYTHON_CODE = frozenset({"PYTHONHOME", "PYTHONPATH", "PYTHONPLATLIBDIR", "PYTHONUSERBASE", "PYTHONWARNINGS"})
"""Variables with which Python may have imported other code before this module.

They stay, because a credential_process may be a Python program that needs them.
"""


def scrub(environment: MutableMapping[str, str]) -> list[str]:
    """Remove the dangerous variables from ``environment``, and return a warning for each kind that was found."""
    controlling = sorted(name for name in environment if name.startswith(PREFIXES) or name in NAMES)
    loaded = sorted(PRELOADED & environment.keys())
    for name in (*controlling, *loaded):
        del environment[name]
    warnings = []
    if controlling:
        warnings.append(f"ignoring variables that can record or control this program: {_shown(controlling)}")
    if loaded:
        warnings.append(f"{_shown(loaded)} has loaded other code into this program. Start the program without it.")
    if python := sorted(PYTHON_CODE & environment.keys()):
        warnings.append(f"{_shown(python)} can load other code into this program. Start the program without it.")
    return warnings


def _shown(names: list[str]) -> str:
    from breakglass_tui.domain.text import show

    return ", ".join(map(show, names))
