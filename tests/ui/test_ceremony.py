"""What a first sign-in may show, and that nobody is looked after once it was left."""

from __future__ import annotations

from types import SimpleNamespace

from breakglass_tui.engine.first_sign_in import PasswordChecked, Storing
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.ceremony import Ceremony


def ceremony():
    found = Ceremony(proof=None, user_name="bg")
    left = []
    found.begin(SimpleNamespace(temporary=Secret("old"), permanent=Secret("new"), leave=lambda: left.append(True)))
    return found, left


def test_the_lasting_password_is_not_shown_before_it_is_sealed_or_to_be_stored(clock):
    found, _ = ceremony()
    assert found.permanent is None
    found.apply(Storing(clock.now()))
    assert found.permanent.reveal() == "new"
    sealed, _ = ceremony()
    sealed.apply(PasswordChecked(clock.now()))
    assert sealed.permanent.reveal() == "new"


def test_work_that_begins_after_it_was_left_ends_at_once():
    found = Ceremony(proof=None, user_name="bg")
    found.leave()
    ended = []
    found.begin(SimpleNamespace(leave=lambda: ended.append(True)))
    assert ended == [True]
