"""The manual page: the help of all commands, exit codes, files, configuration, environment and examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import click

from breakglass_tui import __version__
from breakglass_tui.cli.command_words import PROGRAM

WIDTH = 80
EXITS = (
    ("0", "Done. With --require ready, the verdict is READY. Without it, any verdict but NOT READY."),
    ("1", "Unexpected error, or the report was not written or not signed."),
    ("2", "Usage error or bad request. Nothing was written to AWS."),
    ("3", "A check failed, an envelope does not open, or --require ready is not met."),
    ("4", "No usable credentials."),
    ("5", "AWS refused, or a preflight check or a step failed. Nothing is left in AWS."),
    ("6", "Stopped, and AWS still has resources of the run. Continue with resume, or remove them with undo."),
    ("7", "Another run is active for this account and user."),
    ("130", "Interrupted. Nothing is left in AWS."),
)
FILES = (
    ("$XDG_CONFIG_HOME/breakglass-tui/config.toml", "The configuration of the operator. Default: ~/.config."),
    ("/etc/xdg/breakglass-tui/config.toml", "The configuration of the machine. $XDG_CONFIG_DIRS replaces /etc/xdg."),
    ("$XDG_STATE_HOME/breakglass-tui/", "Log, journals of runs, their index, and locks. Default: ~/.local/state."),
    ("$XDG_DATA_HOME/breakglass-tui/", "Reports and envelopes of commands without --out. Default: ~/.local/share."),
)
CONFIGURATION = (
    (
        "theme, profile, region",
        "Strings. Options have precedence over the environment, and the environment over the files.",
    ),
    (
        "[request]",
        (
            "Default answers of the form and of --plain. The names are those of a request file: path, access, mfa, "
            "require_mfa, groups, role_arn, kms_key_id, seal_to, seal_threshold, seal_mfa_to, seal_mfa_threshold, "
            "seal_passphrase, password_reset_required, tags. They do not change a request file."
        ),
    ),
    (
        "[evidence]",
        (
            "Signatures of reports. sign_with is the path of an SSH key (a private key, or the public key of a key in "
            "ssh-agent), or kms: and an asymmetric KMS key, such as kms:alias/evidence. verify trusts allowed_signers "
            "(a file, see ssh-keygen(1)), signer (a principal in it) and public_key (a PEM file)."
        ),
    ),
    ("[keys]", "The keys of each action, by its id. A string or a list of strings."),
)
ENVIRONMENT = (
    ("AWS_PROFILE, AWS_REGION, AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID ...", "Used as by every AWS tool."),
    ("NO_COLOR", "The full-screen app uses no colours."),
    (
        "XDG_CONFIG_HOME, XDG_CONFIG_DIRS, XDG_STATE_HOME, XDG_DATA_HOME",
        "Directories of the files above. --show-paths prints the paths.",
    ),
)
EXAMPLES = (
    ("breakglass-tui --demo", "Try the program on a simulated account. AWS is not touched."),
    ("breakglass-tui --plain", "Answer the questions line by line, for screen readers and serial lines."),
    ("breakglass-tui plan --request emergency.toml", "Show what apply would do."),
    ("breakglass-tui validate --user-name NAME --junit", "Validate the emergency user NAME in a CI job."),
    ("breakglass-tui man | man -l -", "Read this page."),
)


def help_text(cli: click.Group) -> str:
    """Return the help that ``--help`` prints on a terminal of at least 80 columns."""
    return f"{cli.get_help(_context(cli, terminal_width=WIDTH - 2))}\n"


def manual_page(cli: click.Group) -> str:
    """Return the manual page as roff with the man macros."""
    context = _context(cli)
    commands = [(name, cli.commands[name]) for name in cli.list_commands(context)]
    lines = [
        f'.TH {_macro_argument(PROGRAM.upper())} 1 "" {_macro_argument(f"{PROGRAM} {__version__}")} "User Commands"',
        ".SH NAME",
        _roff_text(f"{PROGRAM} - set up emergency (break-glass) access to AWS, and validate that it works"),
        ".SH SYNOPSIS",
        f".B {_roff_text(PROGRAM)}",
        _roff_text("[OPTIONS] [COMMAND [ARGUMENTS]]"),
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


def _context(cli: click.Group, **settings: Any) -> click.Context:
    return click.Context(cli, info_name=PROGRAM, **cli.context_settings, **settings)


def _command(name: str, command: click.Command, context: click.Context) -> Iterator[str]:
    yield f".SS {_macro_argument(' '.join((name, *command.collect_usage_pieces(context))))}"
    yield from _paragraphs(command.help or "")
    yield from _options(command, context)


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    records = (parameter.get_help_record(context) for parameter in command.get_params(context))
    yield from _terms(record for record in records if record and record[1])


def _terms(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, text in rows:
        yield from (".TP", f".B {_roff_text(term)}", _roff_text(text))


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text.strip())):
        yield from ([".PP"] if number else [])
        yield _roff_text(" ".join(paragraph.split()))


def _roff_text(text: str) -> str:
    """Return ``text`` escaped for roff: its hyphens can be copied, and no line of it is read as a request."""
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{text}" if text.startswith((".", "'")) else text


def _macro_argument(text: str) -> str:
    """Return ``text`` quoted as one argument of a roff macro."""
    return '"' + _roff_text(text).replace('"', r"\(dq") + '"'
