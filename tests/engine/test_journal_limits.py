"""A journal that is too large, or has a line that is too large, is not read, and nothing is sent with it."""

import os

import pytest

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine import journal
from breakglass_tui.engine.journal import Journal, hashes, read, read_user_events

MIB = 1024 * 1024


@pytest.fixture
def large(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.touch()
    os.truncate(path, journal.LIMIT_BYTES + 1)
    return path


@pytest.mark.parametrize("reader", [read, read_user_events, hashes])
def test_a_journal_above_the_limit_is_not_read(large, reader):
    with pytest.raises(Problem, match="cannot be used") as caught:
        list(reader(large))
    assert caught.value.why == "It is larger than the limit of 64 MiB."
    assert (caught.value.kind, caught.value.code) == (Kind.LOCAL, journal.DAMAGED)
    assert caught.value.next


def test_nothing_is_appended_to_a_journal_above_the_limit(large):
    with pytest.raises(Problem) as caught:
        Journal(large)
    assert caught.value.why == "It is larger than the limit of 64 MiB."
    assert large.stat().st_size == journal.LIMIT_BYTES + 1


@pytest.mark.parametrize("reader", [read, read_user_events, hashes])
def test_a_line_above_the_limit_is_not_parsed(tmp_path, reader):
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"[" + b"[]," * (2 * MIB) + b"[]]\n{}\n")
    with pytest.raises(Problem) as caught:
        list(reader(path))
    assert caught.value.why == "Line 1 is larger than the limit of 4 MiB."


def test_a_pipe_in_place_of_a_journal_is_named(tmp_path):
    os.mkfifo(tmp_path / "journal.jsonl")
    with pytest.raises(Problem) as caught:
        hashes(tmp_path / "journal.jsonl")
    assert caught.value.why == "It is a pipe, not a file."
