"""Earlier evidence that a later export in its directory supersedes: of a run that created nothing, or was resumed.

Nothing is deleted: its files move to a directory of their own. So report.json and the runbook in the directory are
those of the run as it ended.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.report.integrity import SUMS
from breakglass_tui.report.recorded_envelopes import NAME
from breakglass_tui.report.report_file import read_report
from breakglass_tui.report.signatures import KMS_SIGNATURE, PUBLIC_KEY, SSH_SIGNATURE
from breakglass_tui.secrets.envelope_files import make_private_directory

ENDED = (RunStatus.DONE.value, RunStatus.UNDONE.value)


def is_superseded(directory: Path, run_id: str) -> bool:
    """Return whether an export of the run ``run_id`` supersedes the evidence in ``directory``.

    It does if that evidence is of a run that started no step, or of the same run before it had ended.
    """
    try:
        document = read_report(directory / NAME).document
    except Problem:
        return False
    if not document:
        return False
    return _began_nothing(document) or (document["run"]["id"] == run_id and document["run"]["status"] not in ENDED)


def move_aside(directory: Path, target: Path, names: Iterable[str]) -> None:
    """Move the evidence with the file ``names`` and its signatures to the new directory ``target``.

    Raises ``Problem`` or ``OSError``.
    """
    make_private_directory(target)
    for name in (*names, SUMS, SSH_SIGNATURE, KMS_SIGNATURE, PUBLIC_KEY):
        if os.path.lexists(directory / name) and not os.path.lexists(target / name):
            (directory / name).rename(target / name)


def _began_nothing(document: Mapping[str, Any]) -> bool:
    """Return whether the run of a report had steps and started none. A validation has no steps."""
    steps = document["steps"]
    return bool(steps) and all(step["status"] == "skipped" and not step["calls"] for step in steps)
