"""The connection from the command line to the account."""

from __future__ import annotations

import gc


def test_the_garbage_collector_is_enabled_again_once_connected(command, connected, request_file):
    gc.disable()
    try:
        command("plan", "--request", request_file)
        assert connected
        assert gc.isenabled()
    finally:
        gc.enable()
