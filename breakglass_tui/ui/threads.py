"""What the App does in threads: everything that waits for AWS or for the disk.

Each function tells by posting messages and never touches a widget. Heavy modules are imported here, so that the
first screen is painted before they load.
"""

from __future__ import annotations

import gc
import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message

from breakglass_tui.ui import messages as m
from breakglass_tui.ui.flow import Session

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Setup
    from breakglass_tui.engine.run import Run

Post = Callable[[Message], object]


def connect(session: Session, post: Post) -> None:
    """Find credentials, say who they belong to, then read the account part by part."""
    from breakglass_tui.engine.compose import new_name
    from breakglass_tui.engine.unexpected import as_problem

    try:
        session.draft.generated_name = session.draft.generated_name or new_name(session.clock)
        cloud = session.connect()
        caller = cloud.identify()
        post(m.Connected(cloud, caller))
        for account in cloud.assess(session.draft.region or cloud.region, caller):
            post(m.AccountRead(account))
        load_ahead()
    except Exception as error:  # noqa: BLE001 - whatever it is, the operator must hear of it
        post(m.Troubled(as_problem(error)))


def load_ahead() -> None:
    """Import what later phases need while the operator reads, so that no move waits for a disk."""
    for name in ("screens.summary", "screens.configuration", "screens.validation", "dialogs.stop", "dialogs.help"):
        importlib.import_module(f"breakglass_tui.ui.{name}")
    # What is loaded now stays; walking it took the collector up to 200 ms, and the screen stood still.
    gc.freeze()


def read_keys(session: Session, region: str, post: Post) -> None:
    """Read the KMS keys of ``region``."""
    from breakglass_tui.domain.account import Listing
    from breakglass_tui.domain.problems import Problem

    assert session.cloud is not None
    try:
        post(m.KeysRead(region, session.cloud.keys(region)))
    except Problem as problem:
        post(m.KeysRead(region, Listing(problem=problem)))


def preflight(session: Session, setup: Setup, post: Post) -> None:
    """Hold the request against the account once more, just before the first write."""
    from breakglass_tui.engine.compose import looks
    from breakglass_tui.engine.inspection import Inspection

    assert session.cloud is not None
    try:
        for event in Inspection(looks(session.cloud, setup, session.store), session.clock).events():
            post(m.Prechecked(setup.run_id, event))
    finally:
        post(m.Prechecked(setup.run_id, None))


def new_run(session: Session) -> Run:
    """The run of the reviewed plan; it calls nothing yet."""
    from breakglass_tui.engine.compose import new_run as compose_run

    assert session.cloud is not None
    assert session.setup is not None
    return compose_run(session.cloud, session.setup, session.store, session.clock)


def run(session: Session, post: Post) -> None:
    """Carry the plan out."""
    assert session.run is not None
    for event in session.run.events():
        post(m.Progressed(event))


def inspect(session: Session, only: str | None, post: Post) -> None:
    """Run all checks or the one called ``only``."""
    from breakglass_tui.domain.events import StepBrief
    from breakglass_tui.engine.compose import subject_of
    from breakglass_tui.engine.inspection import Inspection

    assert session.cloud is not None
    assert session.setup is not None
    try:
        checks = session.cloud.checks(subject_of(session.setup, session.record))
        chosen = [check for check in checks if only in (None, check.id)]
        post(m.Inspecting(tuple(StepBrief(check.id, check.title) for check in chosen)))
        for event in Inspection(chosen, session.clock).events():
            post(m.Inspected(event))
    finally:
        post(m.Inspected(None))


def export(session: Session, post: Post) -> None:
    """Write the report beside the envelopes."""
    from breakglass_tui.engine.unexpected import as_problem
    from breakglass_tui.report.export import export as write

    assert session.setup is not None
    try:
        post(m.Exported(write(session.record, session.setup.envelopes.directory)))
    except Exception as error:  # noqa: BLE001 - a full disk must not take the app down
        post(m.Exported(problem=as_problem(error)))
