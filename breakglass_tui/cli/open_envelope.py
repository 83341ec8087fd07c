"""``open``: show the content of an envelope on a screen, or with ``--reveal`` write it to a pipe."""

from __future__ import annotations

import gc
import sys
from dataclasses import replace
from pathlib import Path

from breakglass_tui.cli.last_line import Ending
from breakglass_tui.cli.open_options import OpenOptions, open_sealed
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.passphrase_input import interrupt_at_end_of_input
from breakglass_tui.cli.problem_report import report_problem, usage
from breakglass_tui.cli.screen import has_screen
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.streams import to_stderr, to_stdout, warn
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.plain.passphrase_prompt import known_passphrase
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.report.envelope_binding import contradictions
from breakglass_tui.report.recorded_envelopes import look_up
from breakglass_tui.secrets.envelope_reader import DOES_NOT_OPEN, OpenedEnvelope
from breakglass_tui.secrets.sealed_file import SealedFile, read_sealed

TRIES = 3
LABELS = {
    "contents": "Contents",
    "user": "User",
    "account": "Account",
    "run": "Run",
    "access_key_id": "Access key id",
    "serial_number": "MFA device",
    "password": "Password",
    "secret_access_key": "Secret access key",
    "seed": "MFA seed",
}


def run_open(options: Options, path: Path, given: OpenOptions, *, reveal: bool) -> Ending:
    """Open the envelope at ``path`` and show its content. The exit code is 3 if ``given`` does not open it."""
    try:
        with Interrupts(to_stderr):
            sealed = read_sealed(path)
            refusal = _output_problem(reveal=reveal)
            if refusal is not None:
                _test(options, sealed, given)
                raise refusal
            content = _open(options, sealed, given)
    except Problem as problem:
        if problem.code != DOES_NOT_OPEN:
            raise
        report_problem(problem, as_json=False)
        return Ending(
            ExitCode.CHECK_FAILED,
            "The envelope does not open with what was given.",
            "See who can open it with",
            options.command("verify", str(path)),
        )
    finally:
        given.wipe()
    try:
        warn(*(f"this may be another envelope: {each}" for each in _contradictions(sealed, content)))
        if reveal:
            warn("stdout gets a secret in clear text. Make sure that nothing stores it.")
            to_stdout(content.document.reveal())
            return Ending(ExitCode.DONE, "Done: the secret was written to stdout.")
        _show(path, content)
        return Ending(ExitCode.DONE, f"Done: {show(path.name)} was opened.")
    finally:
        content.wipe()


def _contradictions(sealed: SealedFile, content: OpenedEnvelope) -> tuple[str, ...]:
    """Return what contradicts the content: the file name, the KMS context, or the report beside the file.

    In an emergency a renamed envelope is still the way in, so it is opened.
    """
    return contradictions(sealed, look_up(sealed, None).recorded, content.facts)


def _output_problem(*, reveal: bool) -> Problem | None:
    """Return why the secret cannot be shown, or None. It needs a full screen, or with ``reveal`` a pipe or a file."""
    piped = sys.stdout is not None and not sys.stdout.isatty()
    if reveal and not piped:
        return usage(
            "--reveal needs a pipe or a file.",
            why="On a terminal the secret would stay in the scrollback.",
            next="Leave out --reveal. On the screen that opens, a key shows the secret for 15 seconds.",
        )
    if not reveal and not has_screen():
        return usage(
            "There is no screen here to show a secret on.",
            why="It needs a terminal on stdin and stdout. --reveal writes the secret to stdout as JSON, in clear text.",
            next="To write the secret to stdout, run",
            repeat=("--reveal",),
        )
    return None


def _test(options: Options, sealed: SealedFile, given: OpenOptions) -> None:
    """Raise ``Problem`` if ``given`` does not open ``sealed``. KMS is not called, and no passphrase is asked for."""
    if sealed.kms is None and not _asks_for_passphrase(sealed, given, Terminal(to_stderr)):
        open_sealed(options, sealed, given).wipe()


def _open(options: Options, sealed: SealedFile, given: OpenOptions) -> OpenedEnvelope:
    terminal = Terminal(to_stderr)
    if _asks_for_passphrase(sealed, given, terminal):
        return _open_with_typed_passphrase(options, sealed, given, terminal)
    return open_sealed(options, sealed, given)


def _asks_for_passphrase(sealed: SealedFile, given: OpenOptions, terminal: Terminal) -> bool:
    needed = sealed.kind == "passphrase" and not sealed.flaw and given.passphrase is None
    return needed and terminal.attached()


def _open_with_typed_passphrase(
    options: Options, sealed: SealedFile, given: OpenOptions, terminal: Terminal
) -> OpenedEnvelope:
    for tries_left in range(TRIES - 1, -1, -1):
        passphrase = interrupt_at_end_of_input(lambda: known_passphrase(terminal))
        try:
            return open_sealed(options, sealed, replace(given, passphrase=passphrase))
        except Problem as problem:
            if problem.code != DOES_NOT_OPEN or not tries_left:
                raise
            to_stderr(problem.what)
        finally:
            passphrase.wipe()
    raise AssertionError("the last try returns or raises")


def _show(path: Path, content: OpenedEnvelope) -> None:
    from breakglass_tui.ui.envelope_app import show_envelope

    gc.enable()
    facts = tuple((LABELS.get(name, show(name)), show(value)) for name, value in content.facts.items())
    secrets = tuple((LABELS.get(name, show(name)), secret) for name, secret in content.secrets.items())
    show_envelope(show(path.name), facts, secrets)
