"""The manual page: what the commands say of themselves, and around it what no ``--help`` has room for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import click

from breakglass_tui import __version__
from breakglass_tui.cli.program import PROG, cli

WIDTH = 80
EXITS = (
    ("0", "Done."),
    ("1", "Unexpected error."),
    ("2", "Usage, or a bad request; nothing was written."),
    ("3", "A check of the validation failed, or an envelope does not open with what was given."),
    ("4", "No usable credentials."),
    ("5", "AWS refused or a step failed, and everything was removed again."),
    ("6", "Stopped with something left in AWS; resume or undo will finish."),
    ("7", "Another run is active for this account and user."),
    ("130", "Interrupted with nothing left behind."),
)
FILES = (
    ("$XDG_CONFIG_HOME/breakglass-tui/config.toml", "The operator's configuration (~/.config)."),
    ("/etc/xdg/breakglass-tui/config.toml", "The machine's; $XDG_CONFIG_DIRS says where else to look."),
    ("$XDG_STATE_HOME/breakglass-tui/", "Log, journals of runs, and locks (~/.local/state)."),
    ("$XDG_DATA_HOME/breakglass-tui/", "Reports and envelopes, unless --out says otherwise (~/.local/share)."),
)
CONFIGURATION = (
    ("theme, profile, region", "Texts. An option counts before the environment, and that before the files."),
    (
        "[request]",
        (
            "What the questions begin with, by the names of a request file: path, access, mfa, require_mfa, groups, "
            "role_arn, kms_key_id, seal_to, seal_threshold, seal_mfa_to, seal_mfa_threshold, seal_passphrase, "
            "password_reset_required, tags. A request file is complete in itself: nothing is added to it."
        ),
    ),
    ("[keys]", "Keys by the id of an action, as a text or a list of texts."),
)
ENVIRONMENT = (
    ("AWS_PROFILE, AWS_REGION, AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID ...", "As for every AWS tool."),
    ("NO_COLOR", "The full-screen app does without colours."),
    ("XDG_CONFIG_HOME, XDG_CONFIG_DIRS, XDG_STATE_HOME, XDG_DATA_HOME", "Where files are; see --show-paths."),
)
EXAMPLES = (
    ("breakglass-tui --demo", "Try it; AWS is not touched."),
    ("breakglass-tui --plain", "The same questions line by line, for screen readers and serial lines."),
    ("breakglass-tui plan --request emergency.toml", "What apply would do."),
    ("breakglass-tui validate --user-name NAME --junit", "Prove an emergency user in a CI job."),
    ("breakglass-tui man | man -l -", "Read this page."),
)


def help_text() -> str:
    """What ``--help`` says on a terminal of 80 columns or more."""
    return f"{cli.get_help(_context(terminal_width=WIDTH - 2))}\n"


def manual_page() -> str:
    """The page in the man macros of roff."""
    context = _context()
    commands = [(name, cli.commands[name]) for name in cli.list_commands(context)]
    lines = [
        f'.TH {_word(PROG.upper())} 1 "" {_word(f"{PROG} {__version__}")} "User Commands"',
        ".SH NAME",
        _plain(f"{PROG} - set up emergency (break-glass) access to AWS, and prove that it works"),
        ".SH SYNOPSIS",
        f".B {_plain(PROG)}",
        _plain("[OPTIONS] [COMMAND [ARGUMENTS]]"),
        ".SH DESCRIPTION",
        *_paragraphs(cli.help or ""),
        ".SH OPTIONS",
        *_options(cli, context),
        ".SH COMMANDS",
    ]
    for name, command in commands:
        lines += _command(name, command, click.Context(command, info_name=name, parent=context))
    for title, rows in (
        ("EXIT STATUS", EXITS),
        ("FILES", FILES),
        ("CONFIGURATION", CONFIGURATION),
        ("ENVIRONMENT", ENVIRONMENT),
        ("EXAMPLES", EXAMPLES),
    ):
        lines += [f".SH {title}", *_terms(rows)]
    return "\n".join(lines) + "\n"


def _context(**settings: Any) -> click.Context:
    return click.Context(cli, info_name=PROG, **cli.context_settings, **settings)


def _command(name: str, command: click.Command, context: click.Context) -> Iterator[str]:
    yield f".SS {_word(' '.join((name, *command.collect_usage_pieces(context))))}"
    yield from _paragraphs(command.help or "")
    yield from _options(command, context)


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    records = (parameter.get_help_record(context) for parameter in command.get_params(context))
    yield from _terms(record for record in records if record and record[1])


def _terms(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, text in rows:
        yield from (".TP", f".B {_plain(term)}", _plain(text))


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text.strip())):
        yield from ([".PP"] if number else [])
        yield _plain(" ".join(paragraph.split()))


def _plain(text: str) -> str:
    """``text`` as roff prints it: a hyphen that can be copied, and no line that is taken for a request."""
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{text}" if text.startswith((".", "'")) else text


def _word(text: str) -> str:
    """One argument of a macro."""
    return '"' + _plain(text).replace('"', r"\(dq") + '"'
