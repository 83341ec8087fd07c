"""The fast dataclasses behave as those of the standard library."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from breakglass_tui.domain.events import StepBrief, StepFinished, StepStarted, StepUndoing
from breakglass_tui.domain.fast_dataclass import dataclass


@dataclass(frozen=True)
class Fast:
    """A class that ``dataclasses`` makes too."""

    id: str
    parts: tuple[int, ...] = ()


@dataclasses.dataclass(frozen=True)
class Standard:
    """The same class."""

    id: str
    parts: tuple[int, ...] = ()


def test_it_is_shown_compared_and_hashed_as_a_standard_one():
    fast, standard = Fast("a", (1,)), Standard("a", (1,))
    assert repr(fast).removeprefix("Fast") == repr(standard).removeprefix("Standard")
    assert hash(fast) == hash(standard)
    assert dataclasses.asdict(fast) == dataclasses.asdict(standard)
    assert fast == Fast("a", (1,)) != Fast("b", (1,))
    assert fast != standard
    assert Fast("a").parts == ()


def test_events_of_two_classes_with_the_same_values_differ():
    assert StepStarted(None, "create-user") != StepUndoing(None, "create-user")


def test_no_field_is_changed_added_or_deleted():
    brief = StepBrief("create-user", "Create the user")
    with pytest.raises(dataclasses.FrozenInstanceError):
        brief.id = "other"
    with pytest.raises(dataclasses.FrozenInstanceError):
        brief.other = "other"
    with pytest.raises(dataclasses.FrozenInstanceError):
        del brief.id
    assert brief == StepBrief("create-user", "Create the user")


def test_a_wrong_field_is_refused():
    with pytest.raises(TypeError):
        StepBrief("create-user", "Create the user", "other")


def test_it_is_copied_pickled_and_matched():
    brief = StepBrief("create-user", "Create the user")
    assert pickle.loads(pickle.dumps(brief)) == brief
    match dataclasses.replace(brief, title="Other"):
        case StepBrief(id, title=title):
            assert (id, title) == ("create-user", "Other")


def test_an_event_with_a_mapping_has_no_hash():
    with pytest.raises(TypeError):
        hash(StepFinished(None, "create-user", "done"))
