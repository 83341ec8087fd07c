"""Reads the configuration files, if only trusted users can write to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from breakglass_tui.cli.options import Options
from breakglass_tui.cli.preferences import EVIDENCE, NAMES, REQUEST, Preferences, TypeRule, merge
from breakglass_tui.cli.problem_report import usage
from breakglass_tui.cli.streams import warn
from breakglass_tui.directories import flaw_of_file
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.rules import region as region_rule
from breakglass_tui.domain.text import show
from breakglass_tui.limited_files import read_limited
from breakglass_tui.settings import CONFIG_FILE, config_dir, system_config_dirs

LIMIT_BYTES = 1 << 20
LONGEST = 4096
WITHOUT = "To run without this file once, set XDG_CONFIG_HOME or XDG_CONFIG_DIRS to an empty directory."
PROFILE_VARIABLES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID")
REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")
"""Variables that set the Region already. The environment has precedence over the files."""


def config_files() -> list[tuple[Path, str]]:
    """Return the path of each configuration file and the variable that sets its directory, in order of precedence."""
    system = [(directory / CONFIG_FILE, "XDG_CONFIG_DIRS") for directory in system_config_dirs()]
    return [(config_dir() / CONFIG_FILE, "XDG_CONFIG_HOME"), *system]


def with_preferences(options: Options, environment: Mapping[str, str]) -> Options:
    """Return ``options`` completed from the configuration files. Options and ``environment`` have precedence.

    It prints a warning about each thing that it ignores. The demo uses only theme and keys, because the simulated
    account has an identity of its own. Raises ``Problem``.
    """
    warnings: list[str] = []
    found = read_preferences(warnings)
    warn(*warnings)
    if options.demo:
        return replace(options, preferences=Preferences(theme=found.theme, keys=found.keys))
    free_profile = not any(environment.get(name) for name in PROFILE_VARIABLES)
    free_region = not any(environment.get(name) for name in REGION_VARIABLES)
    return replace(
        options,
        profile=options.profile or (found.profile if free_profile else "") or None,
        region=options.region or (found.region if free_region else "") or None,
        preferences=found,
    )


def read_preferences(warnings: list[str]) -> Preferences:
    """Return the merged settings of all configuration files. Warnings are appended to ``warnings``.

    Raises ``Problem``.
    """
    tables = [_parse(path, text, warnings) for path, text in _texts(warnings)]
    return merge(tables)


def _texts(warnings: list[str]) -> Iterable[tuple[Path, str]]:
    for path, _ in config_files():
        try:
            text = _read(path, warnings)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise _bad(path, f"cannot be read: {show(why)}") from None
        if text is not None:
            yield path, text


def _read(path: Path, warnings: list[str]) -> str | None:
    """Return the text of a configuration file, or None, with a warning, if others can write to it."""
    content, status = read_limited(path, LIMIT_BYTES)
    flaw = flaw_of_file(path, status)
    if flaw is not None:
        fix = f"Fix {flaw.path} with: {flaw.remedy} {flaw.path}"
        warnings.append(show(f"ignoring {path}: others can write to it. {flaw.why} {fix}", LONGEST))
        return None
    return content.decode("utf-8-sig")


def _parse(path: Path, text: str, warnings: list[str]) -> dict[str, Any]:
    """Return the file as a table with known names and values of the right type. Raises ``Problem``."""
    from breakglass_tui.cli.toml_text import parse_toml

    try:
        table = parse_toml(text)
    except (ValueError, RecursionError) as error:
        raise _bad(path, f"is not TOML: {show(str(error), 200)}") from None
    known = _known(path, table, NAMES, "", warnings)
    if "request" in known:
        known["request"] = _known(path, known["request"], REQUEST, "request.", warnings)
    if "evidence" in known:
        known["evidence"] = _known(path, known["evidence"], EVIDENCE, "evidence.", warnings)
    if "region" in known:
        try:
            region_rule(known["region"])
        except ValueError as error:
            raise _bad(path, f"region: {error}") from None
    return known


def _known(
    path: Path, table: dict[str, Any], names: Mapping[str, TypeRule], prefix: str, warnings: list[str]
) -> dict[str, Any]:
    """Return the entries of ``table`` that are in ``names``.

    For each other entry a warning is appended to ``warnings``. ``prefix`` precedes a name in messages. Raises
    ``Problem`` for a value of a wrong type.
    """
    known: dict[str, Any] = {}
    for name, value in table.items():
        if name not in names:
            near = get_close_matches(name, names, n=1, cutoff=0.6)
            hint = f"Did you mean {prefix}{near[0]}?" if near else f"Known names: {', '.join(names)}."
            warnings.append(show(f"{path}: ignoring the unknown name {prefix}{name}. {hint}", LONGEST))
            continue
        error = names[name](value)
        if error:
            raise _bad(path, f"{prefix}{name} {error}")
        known[name] = value
    return known


def _bad(path: Path, what: str) -> Problem:
    why = f"Every command reads the configuration file. {WITHOUT}"
    return usage(f"{show(str(path), LONGEST)}: {what}.", why=why, next="Correct the file, then run", repeat=())
