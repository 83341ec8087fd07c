"""The step of a key is done only when its secret is sealed or stored: the process can be killed at that line."""

from __future__ import annotations

from collections.abc import Callable

from model_fates import Fate
from model_world import IDENTITY, World

from breakglass_tui.domain import events as e
from breakglass_tui.engine.journal import read

REQUEST = {"access": "programmatic", "mfa": "none", "seal_to": [str(IDENTITY.to_public())], "grants": False}


def line_at_which_the_key_is_done(world: World) -> int:
    events = list(read(world.root / "state" / "runs" / world.run_id / "journal.jsonl"))
    done = [number for number, event in enumerate(events, start=1) if isinstance(event, e.StepFinished)]
    return next(number for number in done if events[number - 1].step == "access-key")


def test_a_key_is_sealed_before_its_step_is_done(world: Callable[[], World]) -> None:
    whole, killed = world(), world()
    whole.begin(dict(REQUEST), Fate())
    assert killed.begin(dict(REQUEST), Fate(kill_at=line_at_which_the_key_is_done(whole))) is None
    assert killed.keys() == {killed.kept_key()}
    killed.again(Fate(), undo=False)
    killed.whole()
    for played in (whole, killed):
        played.clear()


def test_a_key_whose_secret_died_with_its_process_is_replaced_not_joined(world: Callable[[], World]) -> None:
    killed = world()
    at = 0
    while not (killed.admin.exists() and killed.keys()):  # the first line at which AWS has a key
        if at:
            killed.clear()
            killed = world()
        at = at + 1 if at else 20
        killed.begin(dict(REQUEST), Fate(kill_at=at))
    orphan = killed.keys()
    assert killed.kept_key() not in orphan
    killed.again(Fate(), undo=False)
    killed.whole()
    assert killed.keys().isdisjoint(orphan)
    killed.clear()
