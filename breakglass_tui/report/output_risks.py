"""Describes why a directory is a bad place for evidence and envelopes, although only this user can write to it."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import NamedTuple

from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.report.child_program import run_program

SYNCHRONISED = re.compile(
    r"(Dropbox|OneDrive|Google ?Drive|iCloud ?Drive|Nextcloud|ownCloud|Box Sync|pCloud ?Drive|MEGAsync)([ (-].*)?"
    r"|Mobile Documents|CloudStorage",
    re.IGNORECASE,
)
"""The names of folders whose content a program copies to a cloud service.

``~/Library/Mobile Documents`` is iCloud Drive, and ``~/Library/CloudStorage`` has the folders of other services (Apple,
File Provider). A business account adds the name of its organization, such as ``OneDrive - Example`` (OneDrive Help).
"""


class OutputRisk(NamedTuple):
    """A risk of a directory: what it is, as a clause without its period, and the remedy, as a sentence."""

    text: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.text}. {self.remedy}"


def copy_risks(directory: Path) -> tuple[OutputRisk, ...]:
    """Return each way in which the files in ``directory``, which exists, can reach other machines."""
    path = directory.resolve()
    return tuple(risk for risk in (_synchronised(path), _in_git(path)) if risk is not None)


def loss_risks(directory: Path) -> tuple[OutputRisk, ...]:
    """Return the risk that ``directory`` is below a temporary directory, to which every user may write.

    Raises ``OSError``.
    """
    path = directory.resolve()
    shared = next((parent for parent in path.parents if parent.stat().st_mode & stat.S_IWOTH), None)
    if shared is None:
        return ()
    text = f"{_shown(path)} is below the temporary directory {_shown(shared)}, whose files the system can delete"
    return (OutputRisk(text, "Copy the files to another directory."),)


def _synchronised(path: Path) -> OutputRisk | None:
    service = next((name for name in path.parts if SYNCHRONISED.fullmatch(name)), None)
    if service is None:
        return None
    text = f"{_shown(path)} is in the folder {show(service)}, which is copied to a cloud service"
    return OutputRisk(text, "Choose a directory outside of it.")


def _in_git(path: Path) -> OutputRisk | None:
    """Return the risk that the files are committed. A directory that git ignores has none (git-check-ignore)."""
    tree = next((parent for parent in (path, *path.parents) if os.path.lexists(parent / ".git")), None)
    if tree is None:
        return None
    command = ("git", "-c", "core.fsmonitor=false", "-C", str(tree), "check-ignore", "-q", "--no-index", "--")
    try:
        ignored = run_program((*command, f"{path}/")).ok
    except Problem:  # without git, nothing is known about ignored files
        ignored = False
    if ignored:
        return None
    text = f"{_shown(path)} is in the git work tree {_shown(tree)}, which does not ignore it"
    return OutputRisk(text, "Add it to .gitignore, so that it is not committed.")


def _shown(path: Path) -> str:
    return show(str(path), 4096)
