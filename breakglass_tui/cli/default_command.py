"""The program without a command: the full-screen app, ``--plain``, or without a screen the demo as lines of text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from breakglass_tui.cli.app_ending import app_ending
from breakglass_tui.cli.command_words import REQUEST_FILE
from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.last_line import Ending, Output, removal_ending, run_ending
from breakglass_tui.cli.next_command import is_unfinished, next_command, next_lines
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.problem_report import usage
from breakglass_tui.cli.screen import has_screen
from breakglass_tui.cli.streams import to_stderr, warn
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.evidence_signer import EvidenceSigner
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import show
from breakglass_tui.settings import export_root, runs_root, state_dir

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Cloud


def open_app(options: Options) -> Ending:
    """Run the app until the operator leaves it, and return the ending.

    Without a screen, print lines of text instead.
    """
    if options.plain or not has_screen():
        return _run_without_screen(options)
    from breakglass_tui.ui.app import BreakGlassApp
    from breakglass_tui.ui.state.draft import Draft
    from breakglass_tui.ui.theme_file import FILE, saved_theme

    with Connector(options) as connect:
        demo = options.demo
        app = BreakGlassApp(connect, demo=demo, directory=export_root(demo=demo), journals=runs_root(demo=demo))
        kept = state_dir() / FILE
        app.theme = _choose_theme(options, saved_theme(kept), set(app.available_themes)) or app.theme
        app.theme_file.keep_in(kept)
        app.use_keys(options.preferences.keys)
        app.session.draft = Draft.beginning_with(options.preferences.request)
        unasked = ", ".join(sorted(options.preferences.request.keys() - app.session.draft.defaults.keys()))
        warn(*([f"the full screen does not ask for {unasked}"] if unasked else []))
        app.session.connection.program = options.command()
        app.session.connection.endpoint = options.endpoint_url or ""
        app.session.connection.choose_signer = partial(_choose_signer, options)
        app.run()
        code = app.return_code or 0
        if app.session.run.began or app.session.journals.left_open:
            return session_ending(
                options,
                code,
                app.session.run.record,
                app.session.journals.left_open,
                app.session.run.validation.exported,
            )
        return app_ending(options, code)


def _choose_signer(options: Options, cloud: Cloud, notify: Callable[[str], object]) -> EvidenceSigner | None:
    from breakglass_tui.cli.evidence_signing import choose_signer

    return choose_signer(options, cloud, notify=notify)


def _choose_theme(options: Options, kept: str, known: set[str]) -> str:
    """Return the theme of ``--theme``, else the theme last chosen in the app, else the configured one, else "".

    Raises ``Problem`` if ``--theme`` is wrong. A wrong name in a configuration file only gets a warning.
    """
    if options.theme is not None:
        if options.theme not in known:
            raise usage(f"--theme: choose one of {', '.join(sorted(known))}.")
        return options.theme
    if kept in known:
        return kept
    configured = options.preferences.theme
    if not configured or configured in known:
        return configured

    near = next(iter(get_close_matches(configured, known, n=1, cutoff=0)), "")
    warn(f"there is no theme {show(configured, 60)}. Did you mean {near}?")
    return ""


def session_ending(
    options: Options,
    code: int,
    record: RunRecord,
    left_open: Collection[str] = (),
    exported: Sequence[Path] = (),
) -> Ending:
    """Print what AWS still has of the runs of this session, and return the ending of the app.

    ``code`` is the exit code of the app. ``record`` is the last run, and ``left_open`` has the ids of others that are
    unfinished. ``exported`` are the files of the last report.
    """
    from breakglass_tui.cli.execution import REPORT
    from breakglass_tui.plain.results import kept_lines, left_lines

    earlier = []
    for id in sorted(left_open):
        earlier.append(_stored_record(options, id))
        to_stderr(*_unfinished_lines(options, id, earlier[-1]))
    record = _final_record(options, record)
    if options.demo and record.header is not None and is_unfinished(record):
        to_stderr(*_unfinished_lines(options, record.header.id, record))
    else:
        to_stderr(*left_lines(record), *kept_lines(record))
    unfinished = [found for found in earlier if found is not None and next_command(options, found)]
    open_ending = app_ending(options, code, unfinished[-1] if unfinished else None)
    if record.header is None:
        return open_ending
    report = next((path for path in exported if path.name == REPORT), None)
    if code == ExitCode.DONE and record.status is RunStatus.UNDONE:
        return removal_ending(options, record, Output())
    ending = run_ending(options, record, Output(report), validated=bool(record.checks))
    if ending.verdict:
        # The operator may have validated other users too.
        ending = replace(ending, how=f"User {_user_name(record)}: {ending.how.removeprefix('Done: ')}")
    if code == ExitCode.INCOMPLETE and ending.code != code:
        return replace(open_ending, before=(*ending.before, ending.how))
    # The app decides on the exit code, because it knows what the operator chose.
    return replace(ending, code=code)


def _stored_record(options: Options, run_id: str) -> RunRecord | None:
    """Return the record of a run from its journal. If the journal cannot be read, print why and return None."""
    from breakglass_tui.cli.stored_runs import find_run, run_store
    from breakglass_tui.plain.words import problem_lines

    try:
        return find_run(options, run_store(options), run_id).record
    except Problem as problem:
        to_stderr(*problem_lines(problem))
        return None


def _unfinished_lines(options: Options, run_id: str, record: RunRecord | None) -> list[str]:
    """Return the user name and id of an unfinished run, and the commands that remove and continue it.

    The result is empty if nothing is left to do for the run. In the demo there is no command, because the simulated
    account ends with this process. The last line says so.
    """
    if record is None or not is_unfinished(record):
        return []
    commands = [] if options.demo else next_lines(options, record)
    return [f"Unfinished: {_user_name(record)}, run {run_id}", *(f"  {line}" for line in commands)]


def _user_name(record: RunRecord) -> str:

    return show(str(record.header.request.get("user_name", "")), 64) if record.header else ""


def _final_record(options: Options, record: RunRecord) -> RunRecord:
    """Return the record of the last run. If the run ended after the app, its journal is read."""
    from breakglass_tui.cli.stored_runs import find_run, run_store

    if record.header is None or record.status is not RunStatus.RUNNING:
        return record
    try:
        return find_run(options, run_store(options), record.header.id).record
    except Problem:
        return record


def _run_without_screen(options: Options) -> Ending:
    from breakglass_tui.plain.terminal import Terminal

    terminal = Terminal(to_stderr, aloud=options.plain)
    if options.plain and terminal.attached():
        from breakglass_tui.cli.plain_mode import run_plain

        return run_plain(options, terminal)
    if not options.demo:
        raise usage(
            "There is no screen here.",
            why="The app needs a terminal on stdin and stdout, and TERM other than dumb. On a terminal, --plain asks "
            "line by line.",
            next="Create a user",
            command=options.command("apply", "--request", REQUEST_FILE),
        )
    from breakglass_tui.cli.apply import run_apply
    from breakglass_tui.demo.demo_request import demo_request
    from breakglass_tui.domain.request import parse_request

    to_stderr("No screen: running the demo request on the simulated account, line by line.")
    return run_apply(options, parse_request(demo_request()), None, yes=True, as_json=False)
