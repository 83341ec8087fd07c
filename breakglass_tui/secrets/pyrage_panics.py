"""Converts panics of pyrage to exceptions. Its Rust code panics on some invalid SSH keys."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

STDERR = 2


class Panicked(Exception):  # noqa: N818 - the word of Rust
    """pyrage panicked on its input. The message is the one that pyrage has for keys that do not match."""


@contextlib.contextmanager
def no_panic() -> Iterator[None]:
    """Convert a Rust panic inside the context to ``Panicked``.

    A panic is not an ``Exception``, so handlers would miss it.

    Rust also prints the panic on stderr, with places in its own code. So all output on stderr is dropped during the
    context. Use it only in the main thread of a command, where no other thread writes to stderr.
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
