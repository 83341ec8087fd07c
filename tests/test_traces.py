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


def test_an_outline_has_types_and_places_with_the_cause_and_no_text():
    lines = outline(caught(wrapped, "hunter2"))
    assert [line for line in lines if not line.startswith("  at ")] == ["ValueError", "caused by KeyError"]
    assert any(line.startswith("  at ") and "test_traces.py:" in line and line.endswith(" in fail") for line in lines)
    assert "hunter2" not in "\n".join(lines)


def test_a_cycle_of_causes_ends():
    error = caught(fail, "x")
    other = ValueError("hunter2")
    error.__cause__, other.__cause__ = other, error
    assert [line for line in outline(error) if "  at" not in line] == ["KeyError", "caused by ValueError"]


def test_a_suppressed_context_is_left_out():
    error = caught(fail, "x")
    error.__context__ = ValueError("hunter2")
    error.__suppress_context__ = True
    assert [line for line in outline(error) if "  at" not in line] == ["KeyError"]
