"""Converts events to the JSON objects of the journal and back. The JSON never contains a secret."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from breakglass_tui.domain import events as e
from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain import user_history as u
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.questions import MfaCodes, SignIn, StoreSecret

STORED_NAMES: dict[type, str] = {
    e.RunStarted: "RunStarted",
    e.RunResumed: "RunResumed",
    e.RunFinished: "RunFinished",
    e.StepStarted: "StepStarted",
    e.StepNoted: "StepNoted",
    e.StepFinished: "StepFinished",
    e.CallStarted: "CallStarted",
    e.CallDelayed: "CallDelayed",
    e.CallFinished: "CallFinished",
    e.Asked: "Asked",
    e.Answered: "Answered",
    e.UndoStarted: "UndoStarted",
    e.StepUndoing: "StepUndoing",
    e.StepUndone: "StepUndone",
    e.PreflightFinished: "PreflightFinished",
    e.CheckStarted: "CheckStarted",
    e.CheckFinished: "CheckFinished",
    e.PermanentPasswordSealed: "LastingSealed",
    r.CallSettled: "CallSettled",
    r.FactLearned: "FactLearned",
    r.UnmanagedFound: "ForeignFound",
    r.EnvelopeStarted: "EnvelopeStarted",
    r.SecretStored: "SecretStored",
    r.FirstSignInDone: "FirstSignedIn",
    u.CheckProven: "CheckProven",
    u.CheckDisproven: "CheckDisproven",
    u.DeviceAccepted: "DeviceAccepted",
    u.ValidationFinished: "ValidationFinished",
}
"""The name of each event class in a journal. The names are published: they stay the same if a class is renamed."""
_EVENTS = {name: kind for kind, name in STORED_NAMES.items()}
_QUESTIONS: dict[type, str] = {MfaCodes: "MfaCodes", StoreSecret: "StoreSecret", SignIn: "SignIn"}


def encode(event: e.Event | u.UserEvent) -> dict[str, Any]:
    """Return ``event`` as a JSON object. The key ``event`` has its stored name, the other keys are its fields.

    A question carries a secret, so ``Asked`` becomes a ``StepNoted`` that says what was asked.
    """
    if isinstance(event, e.Asked):
        event = e.StepNoted(event.at, event.step, f"asked for {_QUESTIONS[type(event.question)]}")
    return {"event": STORED_NAMES[type(event)], **_fields(event)}


def decode(data: Mapping[str, Any]) -> e.Event | u.UserEvent:
    """Return the event in the JSON object ``data``.

    Raises ``ValueError`` if this version does not know its name or fields.
    """
    kind = _EVENTS.get(str(data.get("event")))
    if kind is None:
        raise ValueError(f"unknown event {data.get('event')!r}")
    try:
        event: e.Event | u.UserEvent = _instance(kind, data)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"unknown form of {data.get('event')}") from error
    return event


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}


def _plain(value: Any) -> Any:
    if isinstance(value, Problem):
        return {"what": value.what, "why": value.why, "next": value.next, "kind": value.kind.value, "code": value.code}
    if dataclasses.is_dataclass(value):
        return _fields(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _instance(kind: type, data: Mapping[str, Any]) -> Any:
    return kind(**{name: _typed(hint, data[name]) for name, hint in _hints(kind).items() if name in data})


def _typed(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return None if value is None else _typed(next(arm for arm in get_args(hint) if arm is not type(None)), value)
    if origin is tuple:
        return tuple(_typed(get_args(hint)[0], item) for item in value)
    return _built(hint, value) if isinstance(hint, type) else value


def _built(kind: type, value: Any) -> Any:
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is Problem:
        return Problem(**{**value, "kind": Kind(value["kind"])})
    if dataclasses.is_dataclass(kind):
        return _instance(kind, value)
    return kind(value) if issubclass(kind, Enum) else value
