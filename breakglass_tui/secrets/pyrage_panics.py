"""What pyrage does where it should refuse: its Rust code panics on some broken SSH keys."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

STDERR = 2


class Panicked(Exception):  # noqa: N818 - not an error of ours
    """pyrage could not take what it was given."""


@contextlib.contextmanager
def no_panic() -> Iterator[None]:
    """A panic becomes ``Panicked``; as it comes it is no ``Exception``, and passes every handler.

    Rust has told it on stderr by then, with a stack and places in its own code: that goes nowhere. Only for the main
    thread of a command, since nothing else is said meanwhile either.
    """
    kept = os.dup(STDERR)
    null = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.dup2(null, STDERR)
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Panicked("No matching keys") from None
    finally:
        os.dup2(kept, STDERR)
        os.close(kept)
        os.close(null)
