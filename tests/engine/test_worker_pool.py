from __future__ import annotations

import signal
import sys
import threading

from breakglass_tui.engine.worker_pool import WorkerPool, WorkFinished


def waits_in_next(thread_id):
    frame = sys._current_frames().get(thread_id)
    return frame is not None and frame.f_code.co_name == "next"


def test_a_signal_that_does_not_end_the_wait_is_handled():
    heard, waiting = threading.Event(), threading.get_ident()

    def signalled():
        while not waits_in_next(waiting):
            pass
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
        return heard.wait(10)

    before = signal.signal(signal.SIGTERM, lambda _number, _frame: heard.set())
    try:
        with WorkerPool[bool]() as workers:
            workers.start("work", signalled)
            assert workers.next() == WorkFinished("work", result=True, error=None)
    finally:
        signal.signal(signal.SIGTERM, before)
