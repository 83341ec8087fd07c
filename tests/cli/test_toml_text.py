"""The time to parse TOML from outside is limited by its size."""

from __future__ import annotations

import time

import pytest

from breakglass_tui.cli.preferences_files import read_preferences
from breakglass_tui.cli.request_file import read_request
from breakglass_tui.cli.toml_text import MOST_DOTS, parse_toml
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.settings import config_dir

LIMIT_S = 5
"""A dotted key of 200 KB needed more than 60 seconds."""
SIZE = 100_000


@pytest.mark.parametrize("content", ["a." * SIZE + "a = 1", "[" + "a." * SIZE + "a]", '"a".' * SIZE + "a = 1"])
def test_a_request_of_one_long_dotted_key_is_refused_at_once(tmp_path, content):
    path = tmp_path / "request.toml"
    path.write_text(content)
    before = time.process_time()
    with pytest.raises(Problem, match="is neither TOML nor JSON") as caught:
        read_request(str(path))
    assert time.process_time() - before < LIMIT_S
    assert caught.value.kind is Kind.USAGE


def test_a_configuration_file_of_one_long_dotted_key_is_refused_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = config_dir() / "config.toml"
    path.parent.mkdir()
    path.write_text("a." * SIZE + "a = 1")
    before = time.process_time()
    with pytest.raises(Problem, match="is not TOML: Its keys have more than 1000 dots"):
        read_preferences([])
    assert time.process_time() - before < LIMIT_S


@pytest.mark.parametrize("text", ["'{}'", '"{}"', '"""{}\n"""', "'''\n{}'''", "1 # {}"])
def test_dots_in_texts_and_comments_count_nothing(text):
    dots = "." * (MOST_DOTS + 1)
    assert "a" in parse_toml(f"a = {text.format(dots)}")


def test_the_limit_is_the_number_of_dots_in_keys():
    keys = "\n".join(f"a.b{number} = 1" for number in range(MOST_DOTS))
    assert len(parse_toml(keys)["a"]) == MOST_DOTS
    with pytest.raises(ValueError, match="dots"):
        parse_toml(keys + "\na.c = 1")
