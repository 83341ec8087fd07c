"""CreateAccountAlias of the simulated IAM."""

from __future__ import annotations

import re

from moto.core.responses import ActionResult

from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.overlay.iam_base import IamBase


class IamAccountAlias(IamBase):
    """CreateAccountAlias with the pattern that AWS requires of an alias."""

    def create_account_alias(self) -> ActionResult:
        """Create the alias, which has 3-63 lower-case letters, digits and single hyphens, and is not an account id."""
        alias = self._get_param("AccountAlias")
        if not 3 <= len(alias) <= 63 or not re.fullmatch(r"(?!\d{12}$)[a-z0-9](?:-?[a-z0-9])+", alias):
            raise ApiRefusal(
                "ValidationError",
                f"1 validation error detected: Value '{alias}' at 'accountAlias' failed to satisfy constraint",
            )
        return super().create_account_alias()
