"""Handles the panics of pyrage. Its Rust code panics on some invalid SSH keys instead of raising an error."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

STDERR = 2


class Panicked(Exception):  # noqa: N818 - the word of Rust
    """pyrage panicked on its input."""


@contextlib.contextmanager
def no_panic() -> Iterator[None]:
    """Raise a panic as ``Panicked``. The original is not an ``Exception``, so no handler would catch it.

    Rust also prints the panic on stderr, with a stack and places in its own code. That output is dropped. Use this only
    in the main thread of a command, because all other output on stderr is dropped too.
    """
    stderr = os.dup(STDERR)
    null = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.dup2(null, STDERR)
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Panicked("No matching keys") from None
    finally:
        os.dup2(stderr, STDERR)
        os.close(stderr)
        os.close(null)
