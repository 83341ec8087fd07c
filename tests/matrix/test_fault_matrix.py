"""Every call of a run x every fault: the run converges, after at most one resume."""

from __future__ import annotations

from collections import Counter

import pytest
from fault_bench import Bench
from fault_cells import CALLS, Cell, Phase, came_out, cells, expected, sample

WRITING = (Phase.LOOK, Phase.CREATE, Phase.UNDO)
SAMPLE = [cell for phase in WRITING for cell in sample(phase)]
REST = [cell for phase in WRITING for cell in cells(phase) if cell not in SAMPLE]


def test_the_matrix_names_every_call_of_a_run(bench: Bench) -> None:
    bench.begin(looking=True)
    made = bench.proxy.seen.copy()
    bench.again(undo=True)
    assert made.keys() == CALLS[Phase.LOOK].keys() | CALLS[Phase.CREATE].keys()
    assert bench.proxy.seen.keys() == CALLS[Phase.UNDO].keys()
    named = Counter(CALLS[Phase.LOOK]) + Counter(CALLS[Phase.CREATE])
    assert named <= made
    assert Counter(CALLS[Phase.UNDO]) <= bench.proxy.seen


@pytest.mark.parametrize("cell", SAMPLE, ids=lambda cell: cell.id)
def test_a_run_survives_a_fault(bench: Bench, cell: Cell, add_result) -> None:
    add_result(cell, way := came_out(bench, cell, and_back=False))
    assert way in expected(cell), bench.story()


@pytest.mark.matrix
@pytest.mark.parametrize("cell", REST, ids=lambda cell: cell.id)
def test_a_run_survives_every_fault(bench: Bench, cell: Cell, add_result) -> None:
    add_result(cell, way := came_out(bench, cell, and_back=True))
    assert way in expected(cell), bench.story()
