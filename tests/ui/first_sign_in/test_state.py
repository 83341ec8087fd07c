"""What a first sign-in may show, and how it stops when the operator leaves."""

from __future__ import annotations

from types import SimpleNamespace

from breakglass_tui.engine.first_sign_in import PasswordChecked, StoragePending
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.first_sign_in.state import FirstSignInState


def ceremony():
    found = FirstSignInState(validation=None, user_name="bg")
    left = []
    found.begin(SimpleNamespace(temporary=Secret("old"), permanent=Secret("new"), stop=lambda: left.append(True)))
    return found, left


def test_the_permanent_password_is_not_shown_before_it_is_sealed_or_must_be_stored(clock):
    found, _ = ceremony()
    assert found.permanent is None
    found.apply(StoragePending(clock.now()))
    assert found.permanent.reveal() == "new"
    sealed, _ = ceremony()
    sealed.apply(PasswordChecked(clock.now()))
    assert sealed.permanent.reveal() == "new"


def test_a_worker_that_starts_after_the_operator_left_ends_at_once():
    found = FirstSignInState(validation=None, user_name="bg")
    found.leave()
    ended = []
    found.begin(SimpleNamespace(stop=lambda: ended.append(True)))
    assert ended == [True]
