"""The alias of the simulated account."""

from __future__ import annotations

import re

from moto.core.responses import ActionResult

from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.overlay.iam_base import IamBase


class IamAccountAlias(IamBase):
    """The alias call, with the pattern of AWS."""

    def create_account_alias(self) -> ActionResult:
        """Create an alias of 3-63 lower-case letters, digits and single hyphens that is not an account id."""
        alias = self._get_param("AccountAlias")
        if not 3 <= len(alias) <= 63 or not re.fullmatch(r"(?!\d{12}$)[a-z0-9](?:-?[a-z0-9])+", alias):
            raise ApiRefusal(
                "ValidationError",
                f"1 validation error detected: Value '{alias}' at 'accountAlias' failed to satisfy constraint",
            )
        return super().create_account_alias()
