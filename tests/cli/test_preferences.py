"""The configuration files: which are read, which are trusted, and which has precedence."""

from __future__ import annotations

import os
import re

import pytest
from console import headless

from breakglass_tui.cli.default_command import open_app
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.preferences import REQUEST, Preferences
from breakglass_tui.cli.preferences_files import read_preferences, with_preferences
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.settings import config_dir, state_dir

FULL = """
theme = "breakglass-light"
profile = "ops"
region = "eu-central-1"

[request]
path = "/emergency/"
groups = ["auditors"]
seal_to = ["age1x"]
tags = { team = "sre" }
mfa = "sealed"
require_mfa = true

[keys]
quit = "ctrl+x"
retry = ["f5", "ctrl+r"]
"""


@pytest.fixture
def written():
    """Return a function that writes the file of the operator and returns its path."""

    def _written(text, mode=0o600):
        path = config_dir() / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return path

    return _written


@pytest.fixture
def system(tmp_path, monkeypatch):
    """Return a function that writes the file of the machine, in the second of two directories."""
    monkeypatch.setenv("XDG_CONFIG_DIRS", f"{tmp_path / 'first'}:relative:{tmp_path / 'second'}")

    def _written(text, place="second"):
        path = tmp_path / place / "breakglass-tui" / "config.toml"
        path.parent.mkdir(parents=True)
        path.write_text(text)
        path.chmod(0o644)
        return path

    return _written


def test_a_file_can_set_everything(written):
    written(FULL)
    said = []
    found = read_preferences(said)
    assert said == []
    assert (found.theme, found.profile, found.region) == ("breakglass-light", "ops", "eu-central-1")
    assert found.request == {
        "path": "/emergency/",
        "groups": ["auditors"],
        "seal_to": ["age1x"],
        "tags": {"team": "sre"},
        "mfa": "sealed",
        "require_mfa": True,
    }
    assert found.keys == {"quit": "ctrl+x", "retry": "f5,ctrl+r"}


def test_no_file_sets_nothing():
    assert read_preferences([]) == Preferences()


def test_the_operators_file_has_precedence_over_those_of_the_machine(written, system):
    written('region = "eu-west-2"\n[request]\npath = "/mine/"\n[keys]\nquit = "q"\n')
    system('theme = "first"\nregion = "us-east-1"\n', "first")
    system('theme = "second"\nprofile = "all"\n[request]\npath = "/ours/"\nmfa = "sealed"\n[keys]\nretry = "r"\n')
    found = read_preferences([])
    assert (found.theme, found.profile, found.region) == ("first", "all", "eu-west-2")
    assert found.request == {"path": "/mine/", "mfa": "sealed"}
    assert found.keys == {"quit": "q", "retry": "r"}


def test_options_have_precedence_over_the_environment_and_that_over_the_file(written):
    written('profile = "file"\nregion = "eu-north-1"\n')
    bare = with_preferences(Options(), {})
    assert (bare.profile, bare.region) == ("file", "eu-north-1")
    given = with_preferences(Options(profile="me", region="eu-west-1"), {})
    assert (given.profile, given.region) == ("me", "eu-west-1")
    around = with_preferences(Options(), {"AWS_PROFILE": "x", "AWS_REGION": "us-east-1"})
    assert (around.profile, around.region) == (None, None)
    keys = with_preferences(Options(), {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_DEFAULT_REGION": "us-east-1"})
    assert (keys.profile, keys.region) == (None, None)


def test_the_simulated_account_uses_only_theme_and_keys(written):
    written(FULL)
    found = with_preferences(Options(demo=True), {})
    assert (found.profile, found.region, found.preferences.request) == (None, None, {})
    assert found.preferences.theme == "breakglass-light"
    assert found.preferences.keys["quit"] == "ctrl+x"


def test_an_unknown_name_is_ignored_with_a_hint(written, command, connected):
    path = written('them = "x"\nwhatever = 1\n[request]\ngroup = ["a"]\nuser_name = "bg"\n')
    ran = command("runs")
    assert ran.code == ExitCode.DONE
    assert f"{path}: ignoring the unknown name them. Did you mean theme?" in ran.err
    assert (
        f"{path}: ignoring the unknown name whatever. Known names: theme, profile, region, request, keys, evidence."
        in ran.err
    )
    assert f"{path}: ignoring the unknown name request.group. Did you mean request.groups?" in ran.err
    assert "ignoring the unknown name request.user_name." in ran.err


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('region = "eu-west-1"\ntheme = \n', "is not TOML: Invalid value (at line 2, column 9)."),
        ('region = "Narnia"', "region: 'Narnia' is not a Region name"),
        ("theme = 3", "theme must be a string."),
        ("request = 3", "request must be a table."),
        ("[request]\ngroups = 'auditors'", "request.groups must be a list of strings."),
        ("[request]\nmfa = 'seled'", "request.mfa must be one of none, authenticator, sealed."),
        ("[request]\nrequire_mfa = 'yes'", "request.require_mfa must be true or false."),
        ("[request]\nseal_threshold = true", "request.seal_threshold must be an integer of at least 1."),
        ("[request]\ntags = { a = 1 }", "request.tags must be a table of strings."),
        ("[keys]\nquit = 1", "keys must be a table of keys"),
        ("'\x1b[2J' = 1", "is not TOML: Found invalid character '\\x1b' "),
    ],
)
def test_a_wrong_value_is_a_problem_that_names_the_file(written, command, connected, text, why):
    path = written(text)
    ran = command("runs")
    assert ran.code == ExitCode.USAGE
    assert f"{path}: {why}"[:-1] in ran.err
    assert "set XDG_CONFIG_HOME or XDG_CONFIG_DIRS to an empty directory" in ran.err
    assert "\x1b" not in ran.err


def test_a_broken_file_does_not_prevent_the_help(written, command):
    written("=")
    for arguments in (["--help"], ["undo", "--help"], ["--show-paths"], ["man"], ["completion", "bash"]):
        assert command(*arguments).code == ExitCode.DONE


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_can_write_to_is_ignored_with_the_reason(written, command, mode):
    path = written(FULL, mode)
    said = []
    assert re.search(rf"ignored +XDG_CONFIG_HOME +{path}", command("--show-paths").out)
    assert read_preferences(said) == Preferences()
    (warning,) = said
    assert warning.startswith(f"ignoring {path}: others can write to it. ")
    assert warning.endswith(f" Fix {path} with: chmod go-w {path}")


def test_a_directory_that_others_can_write_to_is_not_trusted(written):
    path = written(FULL)
    path.parent.chmod(0o777)
    said = []
    assert read_preferences(said) == Preferences()
    assert f"Fix {path.parent} with: sudo chmod o-w {path.parent}" in said[0]


def test_a_file_of_another_user_is_ignored(written, monkeypatch):
    path = written(FULL)
    found = path.stat()
    monkeypatch.setattr(os, "fstat", lambda _: os.stat_result((found.st_mode, 0, 0, 1, 4711, 0, 0, 0, 0, 0)))
    said = []
    assert read_preferences(said) == Preferences()
    assert "It belongs to another user (4711)." in said[0]


@pytest.mark.parametrize("what", ["directory", "pipe"])
def test_a_path_that_is_no_file_does_not_block(written, what):
    path = written("")
    path.unlink()
    os.mkfifo(path) if what == "pipe" else path.mkdir()
    with pytest.raises(Problem, match="cannot be read"):
        read_preferences([])


def test_the_names_of_defaults_are_those_of_a_request():
    assert set(REQUEST) == set(SetupRequest.model_fields) - {"region", "user_name"}


def test_the_paths_are_shown_with_what_moves_them(written, monkeypatch, tmp_path):
    path = written("")
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "st\u202eate")}
    ran = headless("--show-paths", env=environment)
    assert ran.returncode == ExitCode.DONE
    lines = [line.split() for line in ran.stdout.splitlines()]
    assert ["config", "found", "XDG_CONFIG_HOME", str(path)] in lines
    assert ["config", "not", "found", "XDG_CONFIG_DIRS", "/etc/xdg/breakglass-tui/config.toml"] in lines
    assert any(
        line[0] == "log" and line[-1].endswith(r"st\u202eate/breakglass-tui/breakglass-tui.log") for line in lines
    )
    assert {line[-2] for line in lines} == {"XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "XDG_STATE_HOME", "XDG_DATA_HOME"}
    assert len({line.index(" XDG_") for line in ran.stdout.splitlines()}) == 1
    assert not (tmp_path / "state").exists()


@pytest.fixture
def opened(monkeypatch):
    """Return the list of apps that would open. Nothing is drawn."""
    apps = []

    def run(app):
        apps.append(app)

    monkeypatch.setattr("breakglass_tui.cli.default_command.has_screen", lambda: True)
    monkeypatch.setattr("breakglass_tui.ui.app.BreakGlassApp.run", run)
    return apps


def test_the_form_starts_with_the_defaults_each_time(written, opened, connected, capsys):
    written(FULL.replace("require_mfa = true", "require_mfa = true\nseal_passphrase = true"))
    open_app(with_preferences(Options(), {}))
    draft = opened[0].session.draft
    assert (draft.path, draft.groups, draft.seal_to, draft.tags) == ("/emergency/", ("auditors",), "age1x", "team=sre")
    draft.path = "/else/"
    assert draft.anew().path == "/emergency/"
    assert opened[0].theme == "breakglass-light"
    assert draft.guarded
    assert "the full screen does not ask for seal_passphrase" in capsys.readouterr().err


def test_an_option_has_precedence_over_the_theme_chosen_in_the_app_and_that_over_the_file(written, opened, connected):
    written(FULL)
    kept = state_dir() / "theme"
    kept.parent.mkdir(parents=True)
    kept.write_text("nord\n")
    open_app(with_preferences(Options(), {}))
    open_app(with_preferences(Options(theme="breakglass-dark"), {}))
    kept.write_text("no-such-theme\n")
    open_app(with_preferences(Options(), {}))
    assert [app.theme for app in opened] == ["nord", "breakglass-dark", "breakglass-light"]
    assert kept.read_text() == "no-such-theme\n"


def test_an_unknown_theme_is_ignored_with_a_hint(written, opened, connected, capsys):
    written('theme = "breakglas-light"')
    open_app(with_preferences(Options(), {}))
    assert "there is no theme breakglas-light. Did you mean breakglass-light?" in capsys.readouterr().err
    assert opened[0].theme == "breakglass-dark"
