"""No command: the full-screen app, or the demo as lines of text where there is no screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.screen import has_screen
from breakglass_tui.cli.streams import people
from breakglass_tui.settings import export_root, runs_root

if TYPE_CHECKING:
    from breakglass_tui.domain.record import RunRecord


def open_app(options: Options) -> int:
    """Run the app until it is closed; returns its exit code."""
    if options.plain or not has_screen():
        return _without_screen(options)
    from breakglass_tui.ui.app import BreakGlassApp

    with Connector(options) as connect:
        demo = options.demo
        app = BreakGlassApp(connect, demo=demo, directory=export_root(demo=demo), journals=runs_root(demo=demo))
        if options.theme is not None:
            if options.theme not in app.available_themes:
                from breakglass_tui.cli.exits import usage

                raise usage(f"--theme: choose one of {', '.join(sorted(app.available_themes))}.")
            app.theme = options.theme
        app.session.program = options.command()
        app.run()
        if app.session.began:
            farewell(options, app.session.record)
        return app.return_code or 0


def farewell(options: Options, record: RunRecord) -> None:
    """What must not be forgotten once the screen is gone."""
    from breakglass_tui.cli.way_on import way_on
    from breakglass_tui.plain.results import kept_lines, left_lines

    record = _to_its_end(options, record)
    people(*left_lines(record), *kept_lines(record), *way_on(options, record))


def _to_its_end(options: Options, record: RunRecord) -> RunRecord:
    """The record of a run whose end the app did not live to see, from its journal."""
    from breakglass_tui.cli.journals import journals, past_run
    from breakglass_tui.domain.events import RunStatus
    from breakglass_tui.domain.problems import Problem

    if record.header is None or record.status is not RunStatus.RUNNING:
        return record
    try:
        return past_run(options, journals(options), record.header.id).record
    except Problem:
        return record


def _without_screen(options: Options) -> int:
    if not options.demo:
        from breakglass_tui.cli.exits import usage

        raise usage(
            "There is no screen here: the app needs a terminal on stdin and stdout, and TERM other than dumb.",
            next="Without a screen, use: breakglass-tui apply --request FILE (or plan, or validate).",
        )
    from breakglass_tui.cli.apply import run_apply
    from breakglass_tui.demo.request import demo_request
    from breakglass_tui.domain.request import parse_request

    people("No screen: running the demo request on the simulated account, line by line.")
    return run_apply(options, parse_request(demo_request()), None, yes=True, as_json=False)
