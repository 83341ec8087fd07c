"""Command lines for messages: complete, quoted for the shell, and without secrets."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

import click

PROGRAM = "breakglass-tui"
PASSPHRASE_FD = "--passphrase-fd"  # noqa: S105 - the name of an option
REQUEST_FILE, PASSPHRASE_FILE, IDENTITY_FILE = "REQUEST_FILE", "PASSPHRASE_FILE", "IDENTITY_FILE"
OUT, NEW_DIR = "--out", "NEW_DIR"
PLACEHOLDERS = (REQUEST_FILE, PASSPHRASE_FILE, IDENTITY_FILE, NEW_DIR)
"""Words in a command line that the operator must replace before the command works."""
PASSPHRASE_INPUT = f"{PASSPHRASE_FD} 3 3< {PASSPHRASE_FILE}"
LONGEST_NUMBER = 6
"""The maximum number of digits of a file descriptor. A longer number can be a passphrase."""


def shell_line(words: Sequence[str]) -> str:
    """Return ``words`` as one line that a shell splits into the same words."""
    return " ".join(map(quoted, words))


def quoted(word: str) -> str:
    """Return ``word`` quoted for bash and zsh.

    Words with control characters or undecodable bytes get the form ``$'...'``.
    """
    if word.isprintable():
        return shlex.quote(word)
    return f"$'{''.join(map(_escaped, word))}'"


def is_descriptor(number: str) -> bool:
    """Return whether ``number`` can be a file descriptor. Any other text may be a secret and must never be shown."""
    return number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER


def typed_again(arguments: Sequence[str], *added: str) -> str:
    """Return the command line of this process, with the words ``added`` at its end.

    The process does not know the redirections of the shell. So a request on stdin and a passphrase become placeholders.
    An ``--out`` in ``added`` replaces the one of this process.
    """
    words, redirections = [PROGRAM], list[str]()
    rest = iter(arguments)
    for argument in rest:
        name, joined, value = argument.partition("=")
        if name == PASSPHRASE_FD:
            number = _input_descriptor(value if joined else next(rest, ""))
            words += [PASSPHRASE_FD, number]
            redirections.append(f"{'' if number == '0' else number}< {PASSPHRASE_FILE}")
        elif name == OUT and OUT in added:
            _ = joined or next(rest, "")
        elif argument == "--request":
            file = next(rest, None)
            words += [argument, *([] if file is None else [file])]
            redirections += [f"< {REQUEST_FILE}"] if file == "-" else []
        else:
            words.append(argument)
    return " ".join([shell_line([*words, *added]), *redirections])


def with_global_options_first(arguments: Sequence[str], group: click.Group) -> str | None:
    """Return the command line with its global options moved before the command.

    The result is None if ``arguments`` have no known command.
    """
    place = _command_place(arguments, group)
    if place is None or arguments[place] not in group.commands:
        return None
    command = group.commands[arguments[place]]
    own, shared = _options(command), _options(group)
    before, after = list[list[str]](), [[arguments[place]]]
    for words in _split(arguments[:place], shared):
        _put(before, words)
    for words in _split(arguments[place + 1 :], own | shared):
        name = words[0].partition("=")[0]
        if name in shared and name not in own:
            _put(before, words)
        else:
            after.append(words)
    return typed_again([word for words in (*before, *after) for word in words])


def _split(arguments: Sequence[str], options: Mapping[str, bool]) -> Iterator[list[str]]:
    """Yield each argument, an option together with its value. ``options`` is the result of ``_options``."""
    rest = iter(arguments)
    for argument in rest:
        name, joined, _ = argument.partition("=")
        value = next(rest, None) if options.get(name) and not joined else None
        yield [argument] if value is None else [argument, value]


def _put(options: list[list[str]], words: list[str]) -> None:
    """Append an option to ``options``. It replaces the same option, because the last value counts."""
    name = words[0].partition("=")[0]
    options[:] = [each for each in options if each[0].partition("=")[0] != name]
    options.append(words)


def with_command(arguments: Sequence[str], group: click.Group, *words: str) -> str:
    """Return a command line with the global options of ``arguments`` and the command ``words``."""
    place = _command_place(arguments, group)
    return shell_line([PROGRAM, *arguments[:place], *words])


def help_line(arguments: Sequence[str], group: click.Group) -> str:
    """Return the command line that shows the help of the command in ``arguments``, or else of the program."""
    place = _command_place(arguments, group)
    known = place is not None and arguments[place] in group.commands
    return shell_line([PROGRAM, *([arguments[place]] if known and place is not None else []), "--help"])


def takes_option(arguments: Sequence[str], group: click.Group, name: str) -> bool:
    """Return whether the command in ``arguments`` has the option ``name``."""
    place = _command_place(arguments, group)
    command = None if place is None else group.commands.get(arguments[place])
    return command is not None and name in _options(command)


def _command_place(arguments: Sequence[str], group: click.Group) -> int | None:
    """Return the index of the command in ``arguments``, or None.

    The command is the first word that is neither an option nor the value of an option.
    """
    shared, place = _options(group), 0
    while place < len(arguments):
        name, joined, _ = arguments[place].partition("=")
        if not name.startswith("-"):
            return place
        place += 2 if shared.get(name) and not joined else 1
    return None


def _options(command: click.Command) -> dict[str, bool]:
    """Return a mapping from the name of each option of ``command`` to whether it takes a value."""
    options = [parameter for parameter in command.params if parameter.param_type_name == "option"]
    return {name: not getattr(option, "is_flag", False) for option in options for name in option.opts}


def _input_descriptor(number: str) -> str:
    return number if is_descriptor(number) and number not in ("1", "2") else "3"


def _escaped(character: str) -> str:
    if character in "'\\":
        return f"\\{character}"
    if character.isascii() and character.isprintable():
        return character
    undecodable = "\udc80" <= character <= "\udcff"
    encoded = character.encode("utf-8", "surrogateescape" if undecodable else "surrogatepass")
    return "".join(f"\\x{byte:02x}" for byte in encoded)
