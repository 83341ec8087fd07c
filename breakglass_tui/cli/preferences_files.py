"""Finds, trusts and reads the configuration files, and lets them have their say after options and environment."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from breakglass_tui.cli.failure_report import usage
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.preferences import NAMES, REQUEST, Check, Preferences, put_together
from breakglass_tui.cli.streams import people
from breakglass_tui.directories import flaw_of_file
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.plain.words import NAME
from breakglass_tui.settings import CONFIG_FILE, config_dir, system_config_dirs

LIMIT_BYTES = 1 << 20
LONGEST = 4096
WITHOUT = "To do without this file once, set XDG_CONFIG_HOME or XDG_CONFIG_DIRS to an empty directory."
ANOTHER_PROFILE = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID")
ANOTHER_REGION = ("AWS_REGION", "AWS_DEFAULT_REGION")
"""Variables that say it already; the environment counts before the files."""


def config_files() -> list[tuple[Path, str]]:
    """Every file that is looked for, the most important first, and the variable that moves it."""
    system = [(directory / CONFIG_FILE, "XDG_CONFIG_DIRS") for directory in system_config_dirs()]
    return [(config_dir() / CONFIG_FILE, "XDG_CONFIG_HOME"), *system]


def settled(options: Options, environment: Mapping[str, str]) -> Options:
    """The options, and for what they and ``environment`` leave open the configuration files; says what it ignores.

    The simulated account has an identity of its own: there only the looks and the keys count. Raises ``Problem``.
    """
    said: list[str] = []
    found = preferences(said)
    people(*(f"{NAME}: warning: {text}" for text in said))
    if options.demo:
        return replace(options, preferences=Preferences(theme=found.theme, keys=found.keys))
    unsaid_profile = not any(environment.get(name) for name in ANOTHER_PROFILE)
    unsaid_region = not any(environment.get(name) for name in ANOTHER_REGION)
    return replace(
        options,
        profile=options.profile or (found.profile if unsaid_profile else "") or None,
        region=options.region or (found.region if unsaid_region else "") or None,
        preferences=found,
    )


def preferences(said: list[str]) -> Preferences:
    """What all the files say together; ``said`` takes what people should know. Raises ``Problem``."""
    tables = [_right(path, text, said) for path, text in _texts(said)]
    return put_together(tables)


def _texts(said: list[str]) -> Iterable[tuple[Path, str]]:
    for path, _ in config_files():
        try:
            text = _read(path, said)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise _bad(path, f"cannot be read: {show(why)}") from None
        if text is not None:
            yield path, text


def _read(path: Path, said: list[str]) -> str | None:
    """The text of a file that only its owner can write to; None, and why, for any other."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("it is no file")
        flaw = flaw_of_file(path, status)
        if flaw is not None:
            mend = f"Mend {flaw.path} with: {flaw.remedy} {flaw.path}"
            said.append(show(f"{path} is not obeyed, as others could have written it. {flaw.why} {mend}", LONGEST))
            return None
        content = file.read(LIMIT_BYTES + 1)
    if len(content) > LIMIT_BYTES:
        raise ValueError("it is larger than 1 MiB")
    return content.decode("utf-8-sig")


def _right(path: Path, text: str, said: list[str]) -> dict[str, Any]:
    """The file as a table in which every name is known and every value has its form. Raises ``Problem``."""
    import tomllib

    from breakglass_tui.domain.rules import region as region_rule

    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _bad(path, f"is not TOML: {show(str(error), 200)}") from None
    known = _known(path, table, NAMES, "", said)
    if "request" in known:
        known["request"] = _known(path, known["request"], REQUEST, "request.", said)
    if "region" in known:
        try:
            region_rule(known["region"])
        except ValueError as error:
            raise _bad(path, f"region: {error}") from None
    return known


def _known(
    path: Path, table: dict[str, Any], names: Mapping[str, Check], under: str, said: list[str]
) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for name, value in table.items():
        if name not in names:
            from difflib import get_close_matches

            near = get_close_matches(name, names, n=1, cutoff=0.6)
            hint = f"did you mean {under}{near[0]}?" if near else f"known are {', '.join(names)}"
            said.append(show(f"{path}: {under}{name} is unknown and ignored; {hint}", LONGEST))
            continue
        wrong = names[name](value)
        if wrong:
            raise _bad(path, f"{under}{name} {wrong}")
        known[name] = value
    return known


def _bad(path: Path, what: str) -> Problem:
    return usage(f"{show(str(path), LONGEST)}: {what}.", next=f"Correct it. {WITHOUT}")
