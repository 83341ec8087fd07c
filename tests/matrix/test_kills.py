"""The real program, killed at every record of its journal: the next process finishes or removes the run."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest
from killable import KILLED, Program

from breakglass_tui.domain.events import RunStatus

APPLY, UNDO = 150, 90
"""The maximum number of records of a run and of an undo without other faults."""


@dataclass(frozen=True)
class Kill:
    """The record of the kill, the side of it, and the command of the next process."""

    record: int
    before: bool
    then: str

    @property
    def id(self) -> str:
        """The id for people and for pytest."""
        return f"{'before' if self.before else 'after'}-{self.record}-then-{self.then}"


def kills(records: int, *ways_on: str) -> list[Kill]:
    """Return every kill."""
    return [Kill(n, before, then) for n in range(1, records + 1) for before in (True, False) for then in ways_on]


ALL = kills(APPLY, "resume", "undo")
ALL_UNDO = kills(UNDO, "undo", "resume")
SAMPLE = random.Random(7).sample([kill for kill in ALL if 12 < kill.record < 90], 5)
SAMPLE_UNDO = random.Random(7).sample([kill for kill in ALL_UNDO if kill.record < 60], 2)


def test_no_run_has_more_records_than_are_killed_at(program: Program) -> None:
    assert program.apply() == 0, program.said
    assert 80 < program.records() < APPLY
    before = program.records()
    assert program.run("undo", _id(program), "--yes") == 0, program.said
    assert 40 < program.records() - before < UNDO


@pytest.mark.parametrize("kill", SAMPLE, ids=lambda kill: kill.id)
def test_a_killed_run_is_finished_or_removed(program: Program, kill: Kill, outcomes) -> None:
    _kill_apply(program, kill, outcomes)


@pytest.mark.parametrize("kill", SAMPLE_UNDO, ids=lambda kill: kill.id)
def test_a_removal_that_was_killed_is_finished(program: Program, kill: Kill, outcomes) -> None:
    _kill_undo(program, kill, outcomes)


@pytest.mark.matrix
@pytest.mark.parametrize("kill", [kill for kill in ALL if kill not in SAMPLE], ids=lambda kill: kill.id)
def test_every_killed_run_is_finished_or_removed(program: Program, kill: Kill, outcomes) -> None:
    _kill_apply(program, kill, outcomes)


@pytest.mark.matrix
@pytest.mark.parametrize("kill", [kill for kill in ALL_UNDO if kill not in SAMPLE_UNDO], ids=lambda kill: kill.id)
def test_every_removal_that_was_killed_is_finished(program: Program, kill: Kill, outcomes) -> None:
    _kill_undo(program, kill, outcomes)


def _kill_apply(program: Program, kill: Kill, outcomes: list[tuple[str, object]]) -> None:
    ended = program.apply(kill.record, before=kill.before)
    assert ended in (KILLED, 0), program.said
    if program.stored_run() is None:
        assert kill.record == 1
        outcomes.append(("kill", "before the first record: nothing had started"))
        assert program.apply() == 0, program.said
    elif kill.then == "resume":
        outcomes.append(("kill", f"apply, then {_resumed(program)}"))
    else:
        outcomes.append(("kill", "apply, then removed" if ended == KILLED else "apply had ended before"))
        _removed(program)
        return
    program.watched.whole(program.name, _id(program), program.directory)
    _removed(program)


def _kill_undo(program: Program, kill: Kill, outcomes: list[tuple[str, object]]) -> None:
    assert program.apply() == 0, program.said
    ended = program.run("undo", _id(program), "--yes", record=kill.record, before=kill.before)
    assert ended in (KILLED, 0), program.said
    stored = program.stored_run()
    if stored is not None and stored.record.undoing and kill.then == "resume" and not stored.finished:
        assert program.run("resume", _id(program)) in (0, 5), program.said
        outcomes.append(("kill", "undo, then finished by resume"))
        program.watched.nothing(program.name, _id(program), program.directory)
        return
    outcomes.append(("kill", "undo, then undo again" if ended == KILLED else "undo had ended before"))
    _removed(program)


def _resumed(program: Program) -> str:
    stored = program.stored_run()
    code = program.run("resume", _id(program))
    if stored is not None and stored.record.status is RunStatus.DONE:
        assert code == 2, program.said
        return "nothing was open"
    if stored is not None and not stored.record.may_exist:
        assert code == 2, program.said
        assert program.watched.tagged(_id(program)) == []
        assert program.apply() == 0, program.said
        return "started again, because nothing had started"
    assert code == 0, program.said
    return "resumed"


def _removed(program: Program) -> None:
    assert program.run("undo", _id(program), "--yes") == 0, program.said
    program.watched.nothing(program.name, _id(program), program.directory)


def _id(program: Program) -> str:
    stored = program.stored_run()
    assert stored is not None
    return stored.id
