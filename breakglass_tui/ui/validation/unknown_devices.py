"""MFA devices that no run enrolled: find them in the results of the checks, and ask the operator about them."""

from __future__ import annotations

from breakglass_tui.domain.checks import UNKNOWN_DEVICES
from breakglass_tui.domain.remedy_parts import RemedyPart, remedy_parts
from breakglass_tui.domain.sign_in import DEMO_FIRST_SIGN_IN_WAY, FIRST_SIGN_IN_WAY
from breakglass_tui.domain.text import show
from breakglass_tui.ui.state.validation import Validation

CHECK = "mfa-devices"
OPTION = "--accept-device"
"""The option of the command ``validate`` that accepts a device, as the key a does on the screen."""
ADVICE = "If you know who holds it, press a to accept it. If not, the check MFA devices shows how to remove it."


def unknown_devices(validation: Validation) -> tuple[str, tuple[str, ...]]:
    """Return the unique id of the user, and the serial numbers of its unknown MFA devices.

    If there is none, return an empty string and an empty tuple.
    """
    result = validation.record.checks.get(CHECK)
    serials = tuple(result.facts.get(UNKNOWN_DEVICES, "").split()) if result is not None else ()
    return (result.facts["user_id"] if result is not None and serials else "", serials)


def question(serial: str, number: int, count: int) -> tuple[str, str]:
    """Return the title and the text of the question whether to accept the device ``serial``.

    ``number`` is the place of the device among ``count`` devices, starting at 1.
    """
    title = f"Accept the MFA device{f' ({number} of {count})' if count > 1 else ''}?"
    text = (
        f"{show(serial)}\n\n"
        "No run on this machine enrolled it. Accept it only if you know who holds it: the holder has the second factor "
        "of this administrator.\n\n"
        "This machine records the acceptance in the journal of the user, and runs the check again. Nothing changes in "
        "AWS."
    )
    return title, text


def here(step: str) -> str:
    """Return the advice ``step`` of a check for the Validation screen: it names keys instead of commands.

    Commands for which the screen has no key stay.
    """
    if not any(each in step for each in (OPTION, FIRST_SIGN_IN_WAY, DEMO_FIRST_SIGN_IN_WAY)):
        return step
    return " ".join(dict.fromkeys(map(_here, remedy_parts(step)))).removesuffix(";")


def _here(part: RemedyPart) -> str:
    if OPTION in part.command:
        return ADVICE
    if DEMO_FIRST_SIGN_IN_WAY in part.text:
        return "Before an emergency, press f."
    before, way, _ = part.text.partition(FIRST_SIGN_IN_WAY)
    if way:
        return f"{before}press f."
    return f"{part.text} {part.command};".lstrip() if part.command else part.text
