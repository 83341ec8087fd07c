"""The screens, one file for each phase. Each is imported when it is first shown."""

from __future__ import annotations

from textual.screen import Screen

from breakglass_tui.ui.flow import Phase, Session


def screen_for(phase: Phase, session: Session) -> Screen[None]:
    """Return a new screen for ``phase``. It shows the state of ``session``."""
    match phase:
        case Phase.START:
            from breakglass_tui.ui.screens.start import StartScreen

            return StartScreen(session)
        case Phase.ASSESSMENT:
            from breakglass_tui.ui.screens.assessment import AssessmentScreen

            return AssessmentScreen(session)
        case Phase.SUMMARY:
            from breakglass_tui.ui.screens.summary import SummaryScreen

            return SummaryScreen(session)
        case Phase.CONFIGURATION:
            from breakglass_tui.ui.screens.configuration import ConfigurationScreen

            return ConfigurationScreen(session)
        case Phase.VALIDATION:
            from breakglass_tui.ui.screens.validation import ValidationScreen

            return ValidationScreen(session)
