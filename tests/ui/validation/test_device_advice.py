"""The texts about an unknown MFA device, and the advice for the first sign-in."""

from __future__ import annotations

from breakglass_tui.domain.sign_in import demo_first_sign_in_way, first_sign_in_way
from breakglass_tui.ui.validation.unknown_devices import ADVICE, here, question

USER, PHONE = "night-shift", "arn:aws:iam::123456789012:mfa/phone"
ACCEPT = "breakglass-tui validate --user-name night-shift --accept-device"


def test_the_question_shows_a_hostile_serial_as_text():
    title, text = question("[bold]x\x1b[31m", 1, 1)
    assert title == "Accept the MFA device?"
    assert text.startswith("[bold]x\\x1b[31m\n")


def test_the_advice_names_the_key_in_place_of_the_command_and_keeps_other_advice():
    accept = f"If you know who holds it, accept it: {ACCEPT} {PHONE}"
    assert here(accept) == ADVICE
    assert here(f"{accept}; {accept}2") == ADVICE
    test = "Replace DIRECTORY, then: breakglass-tui validate --user-name x --from DIRECTORY"
    assert here(f"{test}; {accept}") == f"{test}; {ADVICE}"
    assert here(f"{accept}; {test}") == f"{ADVICE} {test}"
    assert here(f"{test}; Enrol one.") == f"{test}; Enrol one."


def test_the_advice_for_the_first_sign_in_names_only_the_key_on_the_validation_screen():
    way = first_sign_in_way("breakglass-tui --profile ops", "night-shift")
    assert way == (
        "start the app with this command, press v, choose night-shift, then press f: breakglass-tui --profile ops"
    )
    assert here(f"Before an emergency, {way}") == "Before an emergency, press f."
    assert here(demo_first_sign_in_way("breakglass-tui --demo")) == "Before an emergency, press f."
    assert here(f"Require another one: aws iam x; Then {way}") == "Require another one: aws iam x; Then press f."
