"""A first sign-in whose processes are killed: an envelope always has the password of AWS, the next one continues."""

from __future__ import annotations

import json
from pathlib import Path

import pyrage
import pytest
from killable import KILLED, Program
from sign_in_once import COMMAND

from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.first_sign_in import awaits_first_sign_in
from breakglass_tui.secrets.secret import Secret

SEALING, CONFIRMING = 12, 2
"""The maximum number of records of the process that seals, and of the one in which AWS confirms."""
SAMPLE = [("PermanentPasswordSealed", False, "FirstSignInDone", False)]
ALL = [
    *((record, before, 0, False) for record in range(1, SEALING + 1) for before in (True, False)),
    *((0, False, record, before) for record in range(1, CONFIRMING + 1) for before in (True, False)),
]


@pytest.fixture
def made(program: Program) -> Program:
    """Return a user with a temporary password in two envelopes."""
    request = {
        "region": "eu-west-1",
        "user_name": program.name,
        "access": "console",
        "mfa": "none",
        "kms_key_id": "alias/break-glass",
        "seal_to": [str(program.watched.custodian.to_public())],
    }
    file = program.root / "request.json"
    file.write_text(json.dumps(request))
    assert program.run("apply", "--yes", "--request", str(file), "--out", str(program.directory)) == 0, program.said
    return program


@pytest.mark.matrix
def test_no_process_of_it_has_more_records_than_are_killed_at(made: Program) -> None:
    before = made.records()
    assert _process(made) == 0, made.said
    sealed = made.records()
    _operator(made)
    assert _process(made) == 0, made.said
    assert 3 <= sealed - before <= SEALING
    assert 1 <= made.records() - sealed <= CONFIRMING


@pytest.mark.parametrize(("record", "before", "then", "before_then"), SAMPLE)
def test_killed_after_the_seal_and_after_the_confirmation_it_leaves_one_password_and_its_envelope(
    made: Program, outcomes, record, before, then, before_then
) -> None:
    _killed(made, outcomes, record, then, before=before, before_then=before_then)


@pytest.mark.matrix
@pytest.mark.parametrize(("record", "before", "then", "before_then"), ALL)
def test_killed_anywhere_it_leaves_one_password_and_its_envelope(
    made: Program, outcomes, record, before, then, before_then
) -> None:
    _killed(made, outcomes, record, then, before=before, before_then=before_then)


def _killed(
    made: Program,
    outcomes: list[tuple[str, object]],
    record: int | str,
    then: int | str,
    *,
    before: bool,
    before_then: bool,
) -> None:
    """Kill one process at ``record``, and one after the sign-in of the operator at ``then``. The last one finishes."""
    ends = [_process(made, record, before=before)]
    if _record(made).permanent is None:
        assert _process(made) == 0, made.said
    _operator(made)
    ends.append(_process(made, then, before=before_then))
    assert set(ends) <= {0, KILLED}, made.said
    if isinstance(record, str):
        assert ends == [KILLED, KILLED], made.said
    outcomes.append(("kill", f"first sign-in: {ends.count(KILLED)} of its processes, then finished"))
    if awaits_first_sign_in(_record(made)):
        assert _process(made) == 0, made.said
    _finished(made)


def _finished(made: Program) -> None:
    found = _record(made)
    assert not awaits_first_sign_in(found)
    sealed = [Path(envelope.path) for envelope in found.envelopes]
    assert [path.name for path in sealed] == [f"{made.name}.password.lasting.{kind}" for kind in ("age", "kms.json")]
    assert _opened(made, sealed[0]) == _held_by_aws(made)
    assert made.run("undo", _id(made), "--yes") == 0, made.said
    made.watched.nothing(made.name, _id(made), made.directory)


def _process(made: Program, record: int | str = 0, *, before: bool = False) -> int:
    """Run one process of the sign-in. At its end, an envelope in the journal has the password of AWS."""
    ended = made.run(COMMAND, made.name, record=record, before=before)
    known = [Path(envelope.path) for envelope in _record(made).envelopes]
    assert _held_by_aws(made) in [_opened(made, path) for path in known if path.suffix == ".age"]
    return ended


def _operator(made: Program) -> None:
    """Sign in with the passwords of the envelopes, while no process runs."""
    permanent = _record(made).permanent
    assert permanent
    new = _opened(made, next(Path(envelope.path) for envelope in permanent if envelope.path.endswith(".age")))
    old = _opened(made, made.directory / f"{made.name}.password.age")
    made.watched.demo.sign_in(made.name, Secret(old), Secret(new))
    assert _held_by_aws(made) == new != old


def _record(made: Program) -> RunRecord:
    stored = made.stored_run()
    assert stored is not None
    assert stored.problem is None
    return stored.record


def _id(made: Program) -> str:
    stored = made.stored_run()
    assert stored is not None
    return stored.id


def _opened(made: Program, path: Path) -> str:
    """Return the password in an age envelope."""
    return str(json.loads(pyrage.decrypt(path.read_bytes(), [made.watched.custodian]))["secret"]["password"])


def _held_by_aws(made: Program) -> str:
    return str(made.watched.demo._server.run_locked(lambda world: world.iam.get_user(made.name).password))
