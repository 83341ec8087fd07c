"""An opened envelope in a separate process. Arguments: seconds until the clipboard is emptied, then the secrets."""

from __future__ import annotations

import sys

from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.envelope_app import show_envelope
from breakglass_tui.ui.shell import clipboard

clipboard.CLIPBOARD_S = float(sys.argv[1])
SECRETS = tuple((f"Secret {number}", Secret(text)) for number, text in enumerate(sys.argv[2:], 1))
show_envelope("bg-alice.password.age", (("User", "bg-alice"),), SECRETS)
