"""The risks of a request, accepted on the Summary by their words as an operator does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from breakglass_tui.domain.acknowledgements import Acknowledgement, acknowledgements
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.summary.accept_risk_dialog import AcceptRiskDialog


def typed(words: str) -> tuple[str, ...]:
    """Return the keys that type ``words`` and submit them."""
    return (*("space" if letter == " " else letter for letter in words), "enter")


async def ask_to_create(pilot: Any, until: Callable[..., Any]) -> None:
    """Press enter on the Summary, and type the words of each risk. Then the question whether to create is open."""
    app = pilot.app
    await pilot.press("enter")
    for risk in acknowledgements(app.session.run.setup.request):
        await risk_shown(pilot, until, risk)
        await pilot.press(*typed(risk.words))
    await until(lambda: isinstance(app.screen, ConfirmDialog), "the question whether to create")


async def risk_shown(pilot: Any, until: Callable[..., Any], risk: Acknowledgement) -> None:
    """Wait for the dialog of ``risk``, ready for keys."""
    app = pilot.app
    await until(lambda: isinstance(app.screen, AcceptRiskDialog) and app.screen.risk == risk, f"the risk {risk.words}")
    await pilot.pause()
