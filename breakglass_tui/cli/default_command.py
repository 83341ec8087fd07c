"""No command: the full-screen app, or the demo as lines of text where there is no screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.screen import has_screen
from breakglass_tui.cli.streams import people
from breakglass_tui.settings import export_root, runs_root, state_dir

if TYPE_CHECKING:
    from collections.abc import Collection

    from breakglass_tui.domain.record import RunRecord


def open_app(options: Options) -> int:
    """Run the app until it is closed; returns its exit code."""
    if options.plain or not has_screen():
        return _without_screen(options)
    from breakglass_tui.ui.app import BreakGlassApp
    from breakglass_tui.ui.draft import Draft
    from breakglass_tui.ui.shell.kept_theme import FILE, kept_theme

    with Connector(options) as connect:
        demo = options.demo
        app = BreakGlassApp(connect, demo=demo, directory=export_root(demo=demo), journals=runs_root(demo=demo))
        kept = state_dir() / FILE
        app.theme = _theme(options, kept_theme(kept), set(app.available_themes)) or app.theme
        app.keep_theme_in(kept)
        app.use_keys(options.preferences.keys)
        app.session.draft = Draft.beginning_with(options.preferences.request)
        unasked = ", ".join(sorted(options.preferences.request.keys() - app.session.draft.defaults.keys()))
        people(*([f"breakglass-tui: warning: the full screen does not ask for {unasked}"] if unasked else []))
        app.session.program = options.command()
        app.run()
        if app.session.began or app.session.left_open:
            farewell(options, app.session.record, app.session.left_open)
        return app.return_code or 0


def _theme(options: Options, kept: str, known: set[str]) -> str:
    """The theme that is asked for, else the one chosen last in the app, else that of the configuration, or nothing.

    Raises ``Problem`` for a wrong option; a wrong file is told only.
    """
    if options.theme is not None:
        if options.theme not in known:
            from breakglass_tui.cli.failure_report import usage

            raise usage(f"--theme: choose one of {', '.join(sorted(known))}.")
        return options.theme
    if kept in known:
        return kept
    wanted = options.preferences.theme
    if not wanted or wanted in known:
        return wanted
    from difflib import get_close_matches

    from breakglass_tui.domain.text import show

    near = next(iter(get_close_matches(wanted, known, n=1, cutoff=0)), "")
    people(f"breakglass-tui: warning: there is no theme {show(wanted, 60)}; did you mean {near}?")
    return ""


def farewell(options: Options, record: RunRecord, left_open: Collection[str] = ()) -> None:
    """What must not be forgotten once the screen is gone: of the last run, and of those ``left_open`` before it."""
    from breakglass_tui.cli.next_command import next_command
    from breakglass_tui.plain.results import kept_lines, left_lines

    for id in sorted(left_open):
        _remind(options, id)
    record = _to_its_end(options, record)
    people(*left_lines(record), *kept_lines(record), *next_command(options, record))


def _remind(options: Options, run_id: str) -> None:
    """Name a run that was left open, with the command that goes on and the one that removes."""
    from breakglass_tui.cli.next_command import next_command
    from breakglass_tui.cli.stored_runs import journals, stored_run
    from breakglass_tui.domain.problems import Problem
    from breakglass_tui.domain.text import show
    from breakglass_tui.plain.words import problem_lines

    try:
        record = stored_run(options, journals(options), run_id).record
    except Problem as problem:
        people(*problem_lines(problem))
        return
    name = show(str(record.header.request.get("user_name", "")), 64) if record.header else ""
    on = next_command(options, record)
    people(*([f"Left unfinished: {name}, run {run_id}", *(f"  {line}" for line in on)] if on else []))


def _to_its_end(options: Options, record: RunRecord) -> RunRecord:
    """The record of a run whose end the app did not live to see, from its journal."""
    from breakglass_tui.cli.stored_runs import journals, stored_run
    from breakglass_tui.domain.events import RunStatus
    from breakglass_tui.domain.problems import Problem

    if record.header is None or record.status is not RunStatus.RUNNING:
        return record
    try:
        return stored_run(options, journals(options), record.header.id).record
    except Problem:
        return record


def _without_screen(options: Options) -> int:
    from breakglass_tui.plain.terminal import Terminal

    terminal = Terminal(people, aloud=options.plain)
    if options.plain and terminal.attached():
        from breakglass_tui.cli.plain_mode import run_plain

        return run_plain(options, terminal)
    if not options.demo:
        from breakglass_tui.cli.failure_report import usage

        raise usage(
            "There is no screen here: the app needs a terminal on stdin and stdout, and TERM other than dumb.",
            next="Without a screen, use: breakglass-tui apply --request FILE (or plan, or validate); "
            "on a terminal, --plain asks line by line.",
        )
    from breakglass_tui.cli.apply import run_apply
    from breakglass_tui.demo.demo_request import demo_request
    from breakglass_tui.domain.request import parse_request

    people("No screen: running the demo request on the simulated account, line by line.")
    return run_apply(options, parse_request(demo_request()), None, yes=True, as_json=False)
