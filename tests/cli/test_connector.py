"""The way from the command line to the account."""

from __future__ import annotations

import gc


def test_the_collector_that_rests_at_the_start_works_again_once_connected(command, connected, request_file):
    gc.disable()
    try:
        command("plan", "--request", request_file)
        assert connected
        assert gc.isenabled()
    finally:
        gc.enable()
