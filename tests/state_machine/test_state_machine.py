"""Runs, kills, faults, another admin, resume and undo in any order: the run converges, nothing of others changes."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from model_admin import EDITS
from model_fates import FAULTS, READS, REMOVALS, WRITES, Fate, Fault
from model_world import IDENTITY, World

from breakglass_tui.domain.events import RunStatus

CREATE_KEY, CREATE_PROFILE = "iam:CreateAccessKey", "iam:CreateLoginProfile"
LINES = 90
"""The maximum length of most journals in these runs."""

requests = st.fixed_dictionaries(
    {
        "access": st.sampled_from(["console", "programmatic", "both"]),
        "mfa": st.sampled_from(["none", "sealed"]),
        "seal_to": st.just([str(IDENTITY.to_public())]),
        "grants": st.booleans(),
    }
) | st.fixed_dictionaries(
    {"access": st.sampled_from(["console", "programmatic", "both"]), "mfa": st.just("none"), "grants": st.booleans()}
)
faults = st.builds(
    Fault,
    operation=st.sampled_from(WRITES + REMOVALS + READS),
    how=st.sampled_from(FAULTS),
    skip=st.sampled_from([0, 0, 0, 1]),
    times=st.sampled_from([1, 1, 2, 7]),
)
lines = st.integers(1, LINES)
kills = st.builds(Fate, kill_at=lines, written=st.booleans())
fates = st.one_of(
    kills,
    kills,
    st.builds(Fate, fault=faults),
    st.builds(Fate, fault=faults, kill_at=lines, written=st.booleans()),
    st.builds(Fate, edit_at=lines, edit=st.sampled_from(EDITS)),
    st.builds(Fate, stop_at=lines, stop=st.sampled_from(["keep", "undo"])),
)


class Machine(RuleBasedStateMachine):
    """One user name. ``make`` returns the world of an example.

    No rule has a precondition: a rule that cannot act returns. With preconditions, which values Hypothesis draws would
    depend on the threads of the run, and Hypothesis refuses values that differ when it repeats an example.
    """

    make: Callable[[], World]

    def __init__(self) -> None:
        super().__init__()
        self.world = type(self).make()
        self.may_exist = False

    @initialize(request=requests, fate=fates)
    def begin(self, request: dict[str, object], fate: Fate) -> None:
        """Put most events into the first process."""
        self._ended(fate, self.world.begin(dict(request), fate))

    @rule(fate=fates)
    def resume(self, fate: Fate) -> None:
        if not self._open():
            return
        undoing = self.world.stored_run().record.undoing
        self._ended(fate, self.world.again(fate, undo=False), undo=undoing)

    @rule(fate=fates)
    def undo(self, fate: Fate) -> None:
        if self._removable():
            self._ended(fate, self.world.again(fate, undo=True), undo=True)

    @rule(edit=st.sampled_from(EDITS))
    def another_admin_comes(self, edit: str) -> None:
        if not self._recorded():
            return
        recovery = self.world.stored_run().record.recovery
        taken = {"key": CREATE_KEY, "login profile": CREATE_PROFILE}.get(edit, "")
        # While the result of our own request is unknown, it is unknown who created the resource.
        if not recovery.unanswered[taken] and not self._may_land(taken):
            self.world.admin.edit(edit)

    @rule()
    def time_passes(self) -> None:
        self.world.clock.waited += 3600
        self.world.network.deliver()

    @invariant()
    def what_must_hold_at_any_time(self) -> None:
        self.world.holds()

    def teardown(self) -> None:
        """After any events: a resume finishes the run, and an undo removes only what the run created."""
        try:
            if self._open():
                self.resume_quietly()
            if self._removable():
                record = self.world.again(Fate(), undo=True)
                self.world.holds()
                assert record is not None
                if not self.world.admin.busy:
                    assert record.status is RunStatus.UNDONE, [left.what for left in record.not_removed]
                if record.status is RunStatus.UNDONE:
                    self.world.nothing()
        finally:
            self.world.clear()

    def resume_quietly(self) -> None:
        undoing = self.world.stored_run().record.undoing
        self._ended(Fate(), self.world.again(Fate(), undo=False), undo=undoing)
        self.world.holds()

    def _ended(self, fate: Fate, record: object, *, undo: bool = False) -> None:
        if record is None:
            return
        status = self.world.stored_run().record.status
        if status is RunStatus.DONE:
            self.world.whole()
        if status is RunStatus.UNDONE:
            self.world.nothing()
        if fate.quiet and not self.world.admin.busy:
            assert status is (RunStatus.UNDONE if undo else RunStatus.DONE), self.world.stored_run().record.problem

    def _recorded(self) -> bool:
        store = self.world._store()
        return any(run.id == self.world.run_id and store.load(run.id).length for run in store.runs())

    def _open(self) -> bool:
        return self._recorded() and not self.world.stored_run().finished

    def _removable(self) -> bool:
        return self._recorded() and bool(self.world.stored_run().record.may_exist)

    def _may_land(self, operation: str) -> bool:
        return bool(operation) and self.world.network.waits_for(operation)


def play(world: Callable[[], World], examples: int, steps: int, number: int, *phases: Phase) -> None:
    """Return settings whose examples are the same in every process for the same ``number``."""
    machine = seed(number)(type("Played", (Machine,), {"make": staticmethod(world)}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            print_blob=True,
            phases=[Phase.generate, *phases],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(400)
@pytest.mark.parametrize("number", range(2))
def test_after_any_events_a_run_converges_and_keeps_what_others_own(world: Callable[[], World], number: int) -> None:
    play(world, int(os.environ.get("BREAKGLASS_EXAMPLES", "5")), 2, number)


@pytest.mark.matrix
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("number", range(100, 120))
def test_the_same_holds_for_a_long_time(world: Callable[[], World], number: int) -> None:
    play(world, int(os.environ.get("BREAKGLASS_EXAMPLES", "25")), 8, number, Phase.shrink)
