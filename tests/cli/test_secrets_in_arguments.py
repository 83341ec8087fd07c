"""What every user of the machine can see of a process, its command line, never holds a secret."""

from __future__ import annotations

import click
import pytest

from breakglass_tui.cli.program import cli

SECRET_WORDS = ("pass", "secret", "token", "seed", "pin", "credential", "key", "identity", "code")
HARMLESS = {
    "--passphrase-fd": "N",  # the number of an open file
    "--identity": "FILE",
    "--public-key": "FILE",
}
"""Options with such a word in their name, and what they take instead of a secret."""


def every_parameter():
    """Each parameter of each command, as ``command --option``."""
    context = click.Context(cli)
    commands = {"": cli, **{name: cli.get_command(context, name) for name in cli.list_commands(context)}}
    for name, command in commands.items():
        for parameter in command.params:
            yield pytest.param(parameter, id=f"{name} {parameter.opts[0]}".strip())


@pytest.mark.parametrize("parameter", list(every_parameter()))
def test_no_parameter_takes_a_secret(parameter):
    name = max(parameter.opts, key=len)
    words = name.lstrip("-").replace("_", "-").split("-")
    if getattr(parameter, "is_flag", False) or not any(word.startswith(SECRET_WORDS) for word in words):
        assert not getattr(parameter, "hide_input", False)
        assert not getattr(parameter, "prompt", None)
        assert parameter.envvar is None
        return
    assert parameter.metavar == HARMLESS.get(name)


def test_no_option_is_read_from_the_environment():
    assert cli.context_settings.get("auto_envvar_prefix") is None


def test_the_audit_sees_an_option_that_takes_a_secret():
    option = click.Option(["--passphrase"], metavar="TEXT")
    with pytest.raises(AssertionError):
        test_no_parameter_takes_a_secret(option)
