"""``open``: show what is in an envelope, on a screen or, if asked to, to a pipe."""

from __future__ import annotations

import gc
import sys
from dataclasses import replace
from pathlib import Path

from breakglass_tui.cli.failure_report import report_failure, usage
from breakglass_tui.cli.open_options import OpenOptions, unsealed
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.passphrase_input import answered
from breakglass_tui.cli.process_memory import close_memory
from breakglass_tui.cli.screen import has_screen
from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.cli.streams import data, people
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.plain.passphrase_prompt import known_passphrase
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.plain.words import NAME
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


def run_open(options: Options, path: Path, means: OpenOptions, *, reveal: bool) -> int:
    """Open ``path`` and show it; exit 3 when it does not open with what was given."""
    _require_a_place(reveal=reveal)
    close_memory()
    try:
        with Interrupts(people):
            content = _opened(options, path, means)
    except Problem as problem:
        if problem.code != DOES_NOT_OPEN:
            raise
        report_failure(problem, as_json=False)
        return ExitCode.CHECK_FAILED
    finally:
        means.wipe()
    try:
        if reveal:
            people(f"{NAME}: warning: a secret in the clear goes to stdout; see to it that nothing keeps it")
            data(content.document.reveal())
        else:
            _show(path, content)
    finally:
        content.wipe()
    return ExitCode.DONE


def _require_a_place(*, reveal: bool) -> None:
    """Where a secret may be shown: on a screen that leaves nothing behind, or to a reader that was asked for."""
    piped = sys.stdout is not None and not sys.stdout.isatty()
    if reveal and not piped:
        raise usage(
            "--reveal is for a pipe or a file: on a terminal the secret would stay in the scrollback.",
            next="Leave it out; on the screen that opens, a key shows the secret for 15 seconds.",
        )
    if not reveal and not has_screen():
        raise usage(
            "There is no screen here to show a secret on: that needs a terminal on stdin and stdout.",
            next="To hand it to another program, add --reveal; it is then written to stdout as JSON, in the clear.",
        )


def _opened(options: Options, path: Path, means: OpenOptions) -> OpenedEnvelope:
    sealed, terminal = read_sealed(path), Terminal(people)
    if sealed.flaw or sealed.kind != "passphrase" or means.passphrase is not None or not terminal.attached():
        return unsealed(options, sealed, means)
    return _asked(options, sealed, means, terminal)


def _asked(options: Options, sealed: SealedFile, means: OpenOptions, terminal: Terminal) -> OpenedEnvelope:
    for tries_left in range(TRIES - 1, -1, -1):
        passphrase = answered(lambda: known_passphrase(terminal))
        try:
            return unsealed(options, sealed, replace(means, passphrase=passphrase))
        except Problem as problem:
            if problem.code != DOES_NOT_OPEN or not tries_left:
                raise
            people(problem.what)
        finally:
            passphrase.wipe()
    raise AssertionError("the last try returns or raises")


def _show(path: Path, content: OpenedEnvelope) -> None:
    from breakglass_tui.ui.envelope_app import show_envelope

    gc.enable()
    facts = tuple((LABELS.get(name, show(name)), show(value)) for name, value in content.facts.items())
    secrets = tuple((LABELS.get(name, show(name)), secret) for name, secret in content.secrets.items())
    show_envelope(show(path.name), facts, secrets)
