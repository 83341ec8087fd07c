"""Events as JSON: every kind survives a round trip, and no secret is stored."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import get_args

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.questions import MfaCodes, SignIn, StoreSecret
from breakglass_tui.engine.codec import decode, encode
from breakglass_tui.secrets.secret import Secret

CANARY = "canary-4f1c-Sesame/+=="


def again(event):
    return decode(json.loads(json.dumps(encode(event))))


def comparable(value):
    """Return ``value`` in a form that can be compared. Problems are equal if all their texts are."""
    if isinstance(value, Problem):
        return (value.what, value.why, value.next, value.kind, value.code)
    if hasattr(value, "__dataclass_fields__"):
        return {name: comparable(getattr(value, name)) for name in value.__dataclass_fields__}
    return value


def test_the_tests_cover_every_kind_of_event(events):
    assert {type(event) for event in events} == set(get_args(e.Event))


def test_every_event_except_a_question_survives_a_round_trip(events):
    for event in events:
        if not isinstance(event, e.Asked):
            back = again(event)
            assert type(back) is type(event)
            assert comparable(back) == comparable(event)


def test_a_question_is_stored_as_the_fact_that_it_was_asked(events):
    asked = next(event for event in events if isinstance(event, e.Asked))
    assert again(asked) == e.StepNoted(asked.at, "access-key", "asked for StoreSecret")


@pytest.mark.parametrize(
    "question",
    [
        StoreSecret(CANARY, Secret(CANARY), ((CANARY, CANARY),)),
        MfaCodes(CANARY, Secret(CANARY), Secret(CANARY), CANARY),
        SignIn(CANARY, CANARY, CANARY),
    ],
)
def test_no_content_of_a_question_is_stored(events, question):
    asked = next(event for event in events if isinstance(event, e.Asked))
    assert CANARY not in json.dumps(encode(replace(asked, question=question)))


def test_a_secret_in_any_field_of_any_event_is_masked_or_refused(events):
    """By design, no field contains a ``Secret``. If one ever did, its text would still not reach the disk."""
    for event in events:
        for name in event.__dataclass_fields__:
            if name == "question":
                continue
            try:
                text = json.dumps(encode(replace(event, **{name: Secret(CANARY)})))
            except TypeError:
                continue
            assert CANARY not in text


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"event": "Nothing"},
        {"event": None},
        {"event": ["RunStarted"]},
        {"event": "StepStarted"},
        {"event": "StepStarted", "at": 5, "step": "x"},
        {"event": "StepStarted", "at": "yesterday", "step": "x"},
        {"event": "CallStarted", "at": "2026-11-22T09:00:00+00:00", "source": "else", "id": "", "operation": "o"},
        {"event": "RunStarted", "at": "2026-11-22T09:00:00+00:00", "header": 7, "steps": []},
        {"event": "RunStarted", "at": "2026-11-22T09:00:00+00:00", "header": {}, "steps": 7},
        {"event": "StepUndone", "at": "2026-11-22T09:00:00+00:00", "step": "x", "left": {"what": "w"}},
        {"event": "StepUndone", "at": "2026-11-22T09:00:00+00:00", "step": "x", "left": {"kind": "odd", "what": "w"}},
        {"event": "StepUndone", "at": "2026-11-22T09:00:00+00:00", "step": "x", "left": 7},
    ],
)
def test_unknown_data_is_a_value_error_and_nothing_else(data):
    with pytest.raises(ValueError, match=r".") as caught:
        decode(data)
    assert type(caught.value) is ValueError


def test_a_field_of_a_newer_version_is_ignored(events):
    started = next(event for event in events if isinstance(event, e.StepStarted))
    assert decode({**encode(started), "mood": "good"}) == started
