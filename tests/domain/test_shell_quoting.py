from __future__ import annotations

import shlex

import pytest

from breakglass_tui.domain.shell_quoting import option, path_argument


@pytest.mark.parametrize("value", ["-x", "--output", "-", "a b", "$(id)", "'", "plain", ""])
def test_an_option_and_its_value_stay_together(value):
    words = shlex.split(option("user_name", value))
    assert words in (["--user-name", value], [f"--user-name={value}"])
    assert (len(words) == 1) is value.startswith("-")


@pytest.mark.parametrize("path", ["-n.password.age", "a.age", "../a.age", "/tmp/-a b.age", "./a", "~/a", "--", "$(id)"])
def test_a_path_is_one_word_and_never_an_option(path):
    (word,) = shlex.split(path_argument(path))
    assert word.startswith(("/", "./", "../"))
    assert word.removeprefix("./") == path.removeprefix("./")
