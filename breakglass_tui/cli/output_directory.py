"""A with block in which the directory of ``--out`` exists and is writable."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from breakglass_tui.cli.last_line import UNUSABLE_OUTPUT
from breakglass_tui.cli.streams import warn
from breakglass_tui.domain.problems import Problem
from breakglass_tui.report.output_risks import loss_risks
from breakglass_tui.secrets.envelope_files import Envelopes


@contextlib.contextmanager
def writable(directory: Path | None, *, resumed: bool = False) -> Iterator[None]:
    """Test that files can be written to ``directory``. After the with block, remove it if it is new and empty.

    Warns if the system can delete its files. The preflight checks and ``validate`` warn of its other risks.

    With None it does nothing. Raises ``Problem`` with the code of the preflight check of the directory. ``resumed`` is
    for ``Envelopes.require_writable``.
    """
    if directory is None:
        yield
        return
    existed = directory.exists()
    try:
        Envelopes(directory, account_id="", run_id="").require_writable(resumed=resumed)
    except Problem as problem:
        problem.code = UNUSABLE_OUTPUT
        raise
    warn(*map(str, () if resumed else loss_risks(directory)))
    try:
        yield
    finally:
        if not existed:
            with contextlib.suppress(OSError):
                directory.rmdir()
