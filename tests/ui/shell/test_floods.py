"""A flood of input costs little, and the program hears the quit key and signals meanwhile."""

from __future__ import annotations

import os
import signal

import pytest
from textual import events

from breakglass_tui.ui.shell.input_queue import LIMIT, STORM, InputQueue
from tests.support.flooding import ProgramOnTerminal

BUSY_S = 1.0
"""The budget of a flood, in seconds of processor time. Without any limit, 400 focus reports took 26 s."""
HEARD_S = 10.0
"""The time until the end, in seconds, on a machine with other load. Floods without a limit took more than 20 s."""
FLOODS = {
    "focus reports": "\x1b[O\x1b[I" * 400,
    "keys in a field": "x" * 5000,
    "changes of the field": "\t" * 2000,
    "mouse positions": "".join(f"\x1b[<35;{number % 80 + 1};{number % 24 + 1}M" for number in range(5000)),
    "wheel": "\x1b[<64;10;10M\x1b[<65;10;10M" * 1500,
}


@pytest.fixture
def program(tmp_path):
    program = ProgramOnTerminal(tmp_path)
    program.open_form()
    yield program
    program.kill()


@pytest.mark.parametrize("flood", FLOODS)
def test_the_quit_key_is_heard_after_a_flood_that_costs_little(program, flood):
    before = program.processor_s()
    program.send(FLOODS[flood] + "\x11")
    after = program.end_after(HEARD_S)
    assert after < HEARD_S
    assert program.processor_s() - before < BUSY_S


@pytest.mark.parametrize("flood", ["focus reports", "keys in a field"])
def test_a_termination_is_heard_during_a_flood(program, flood):
    program.send(FLOODS[flood] * 4)
    os.kill(program.pid, signal.SIGTERM)
    assert program.end_after(HEARD_S) < HEARD_S


@pytest.fixture
def queue():
    """A queue and the list of the events that it delivered."""
    delivered = []

    def deliver(event):
        delivered.append(event)
        return True

    return InputQueue(deliver), delivered


def drain(queue, delivered):
    """Handle each delivered event until nothing waits. Return the events in their order."""
    handled = 0
    while handled < len(delivered):
        handled += 1
        queue.handled(delivered[handled - 1])
    return delivered


def key(name):
    return events.Key(name, name if len(name) == 1 else None)


def move(x):
    at = {"x": x, "y": 0, "delta_x": 0, "delta_y": 0, "button": 0, "shift": False, "meta": False, "ctrl": False}
    return events.MouseMove(None, **at)


def test_the_next_event_waits_until_the_one_before_is_handled(queue):
    queue, delivered = queue
    first, second = key("a"), key("b")
    queue.put(first)
    queue.put(second)
    assert delivered == [first]
    queue.handled(second)
    assert delivered == [first]
    queue.handled(first)
    assert delivered == [first, second]


def test_of_focus_reports_the_last_state_stays_and_each_loss_before_a_return(queue):
    queue, delivered = queue
    queue.put(key("a"))
    for _ in range(50):
        queue.put(events.AppBlur())
        queue.put(events.AppFocus())
    assert [type(event) for event in drain(queue, delivered)[1:]] == [events.AppBlur, events.AppFocus]


def test_of_mouse_positions_without_a_key_between_them_only_the_last_stays(queue):
    queue, delivered = queue
    arrived = [key("a"), move(1), move(2), key("b"), move(3), move(4)]
    for event in arrived:
        queue.put(event)
    assert drain(queue, delivered) == [arrived[0], arrived[2], arrived[3], arrived[5]]


@pytest.mark.parametrize(("waiting", "kept"), [(STORM - 1, STORM - 1), (STORM, 0), (LIMIT * 2, 0)])
def test_the_quit_key_overtakes_only_a_storm(queue, waiting, kept):
    queue, delivered = queue
    queue.put(key("a"))
    for _ in range(waiting):
        queue.put(key("x"), {"ctrl+q"})
    queue.put(key("ctrl+q"), {"ctrl+q"})
    assert [event.key for event in drain(queue, delivered)] == ["a", *["x"] * kept, "ctrl+q"]


def test_beyond_the_limit_keys_are_dropped_and_a_change_of_the_focus_is_not(queue):
    queue, delivered = queue
    queue.put(key("a"))
    for _ in range(LIMIT * 2):
        queue.put(key("x"))
    queue.put(events.AppBlur())
    assert [type(event) for event in drain(queue, delivered)] == [events.Key] * (LIMIT + 1) + [events.AppBlur]


def test_an_event_that_the_app_refuses_does_not_block_the_queue():
    delivered = []
    queue = InputQueue(lambda event: delivered.append(event) or False)
    queue.put(key("a"))
    queue.put(key("b"))
    assert [event.key for event in delivered] == ["a", "b"]
