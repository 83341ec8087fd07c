from __future__ import annotations

from breakglass_tui.traces import outline


def fail(secret):
    local = secret + "!"
    raise KeyError(local)


def wrapped(secret):
    try:
        fail(secret)
    except KeyError as error:
        raise ValueError(f"bad {secret}") from error


def caught(work, *arguments):
    try:
        work(*arguments)
    except (KeyError, ValueError) as error:
        return error
    raise AssertionError("nothing was raised")


def test_type_and_places_are_told_with_the_cause_and_no_word_of_what_it_was_about():
    lines = outline(caught(wrapped, "hunter2"))
    assert [line for line in lines if not line.startswith("  at ")] == ["ValueError", "caused by KeyError"]
    assert any(line.startswith("  at ") and "test_traces.py:" in line and line.endswith(" in fail") for line in lines)
    assert "hunter2" not in "\n".join(lines)


def test_a_circle_of_causes_comes_to_an_end():
    error = caught(fail, "x")
    other = ValueError("hunter2")
    error.__cause__, other.__cause__ = other, error
    assert [line for line in outline(error) if "  at" not in line] == ["KeyError", "caused by ValueError"]


def test_a_context_that_was_put_aside_stays_aside():
    error = caught(fail, "x")
    error.__context__ = ValueError("hunter2")
    error.__suppress_context__ = True
    assert [line for line in outline(error) if "  at" not in line] == ["KeyError"]
