"""The real app on a real terminal, from a new user to the end of the idle time. It searches its memory at each stage.

Called with the endpoint and the user's name. The file ``live.json`` gets the secrets in live objects by stage.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from canary_screen import Walk
from heap_scan import live_copies, masked

from breakglass_tui.aws.connect import connect
from breakglass_tui.domain.questions import MfaCodes
from breakglass_tui.settings import export_root, runs_root
from breakglass_tui.ui.app import BreakGlassApp
from breakglass_tui.ui.shell.idle_time import LONG_IDLE_S


class Stages(Walk):
    """Create a user without seals, validate it, and leave the program idle."""

    def __init__(self, app: BreakGlassApp, name: str) -> None:
        super().__init__(app, name, "done")
        self.secrets: dict[str, bytes] = {}
        self.live: dict[str, list[str]] = {}

    async def _answer(self, pilot: Any, number: int, asked: Any) -> None:
        secret = asked.question.seed if isinstance(asked.question, MfaCodes) else asked.question.secret
        self.secrets[asked.step] = masked(secret.reveal())
        self._search(f"asked {asked.step}")
        await super()._answer(pilot, number, asked)

    async def _export(self, pilot: Any) -> None:
        """Let the idle time pass instead of writing the report."""
        app, vault = self.app, self.app.session.run.setup.vault
        assert vault.names == {"password"}
        app.idle_timer._used_at -= LONG_IDLE_S
        await self._until(lambda: not vault.names)
        await pilot.pause()
        self._search("idle")

    def _search(self, stage: str) -> None:
        self.live[stage] = sorted(live_copies(self.secrets))


def main() -> None:
    """Run the app."""
    endpoint, name = sys.argv[1:]
    keys = (os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])

    def connection() -> Any:
        return connect(region="eu-west-1", endpoint_url=endpoint, credentials=keys, demo=True)

    app = BreakGlassApp(connection, demo=True, directory=export_root(demo=True), journals=runs_root(demo=True))
    stages = Stages(app, name)
    app.run(auto_pilot=stages)
    Path("live.json").write_text(json.dumps(stages.live))
    sys.exit(app.return_code or 0)


if __name__ == "__main__":
    main()
