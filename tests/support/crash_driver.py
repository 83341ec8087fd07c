"""The real program with a failure at one place, and a secret in its locals and in the exception. A separate process.

Arguments: the place, the secret in hex, then the program's own.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import threading

PLACE, HEX = sys.argv[1:3]
sys.argv[1:] = sys.argv[3:]


class ExplodedError(Exception):
    """A widget that draws itself, like some of Textual's."""

    def __rich__(self) -> str:
        return str(self)


def explode(*_args, **_options):
    """Raise an error in code that has a secret."""
    local = bytes.fromhex(HEX).decode()
    mapping = {"Password": local}
    kind = ExplodedError if PLACE == "drawn" else ValueError
    try:
        raise KeyError(local)
    except KeyError:
        raise kind(f"wrong value: {local}", mapping) from None


async def explode_soon():
    explode()


class Unraisable:
    def __del__(self):
        explode()


def never_awaited(app):
    """Create a task that no code awaits. asyncio reports its error when the task is collected."""

    def collect():
        app.doomed = None
        gc.collect()

    app.doomed = asyncio.get_running_loop().create_task(explode_soon())
    app.set_timer(0.1, collect)


def unraisable(app):
    Unraisable()


def in_a_thread(app):
    thread = threading.Thread(target=explode, name="doomed")
    thread.start()
    thread.join()


AT_START = {
    "handler": explode,
    "drawn": explode,
    "worker": lambda app: app.run_worker(explode, thread=True),
    "timer": lambda app: app.set_timer(0.05, explode),
    "thread": in_a_thread,
    "asyncio": never_awaited,
    "unraisable": unraisable,
}


def prepare():
    """Install the failure at its place."""
    if PLACE == "main":
        from breakglass_tui.cli import running

        running.run_and_exit = explode
    elif PLACE == "command":
        from breakglass_tui.cli import default_command

        default_command.open_app = explode
    elif PLACE == "compose":
        from breakglass_tui.ui.start.screen import StartScreen

        StartScreen.compose = explode
    elif PLACE == "engine":
        from breakglass_tui.demo.demo_account import DemoAccount

        DemoAccount.start = explode
    else:
        from breakglass_tui.ui.app import BreakGlassApp

        BreakGlassApp.on_ready = AT_START[PLACE]


if __name__ == "__main__":
    from breakglass_tui import cli

    prepare()
    cli.main()
