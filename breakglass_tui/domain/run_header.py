"""RunHeader: what identifies a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakglass_tui.domain.endpoints import Endpoint, Place, place_of
from breakglass_tui.domain.fast_dataclass import dataclass


@dataclass(frozen=True)
class RunHeader:
    """The identity of a run.

    ``demo`` means that it runs in the simulated account. ``request`` is the request as the published JSON object.
    ``directory`` is the directory of its envelopes. ``endpoint`` is the URL that the operator chose, or empty for AWS.
    It is None in a journal of an earlier version. ``emulator`` means that the endpoint is not known to belong to AWS.
    """

    id: str
    account_id: str
    caller_arn: str
    region: str
    demo: bool
    request: Mapping[str, Any]
    directory: str = ""
    endpoint: str | None = None
    emulator: bool = False

    @property
    def place(self) -> Place:
        """Where the calls of the run went."""
        named = Endpoint(self.endpoint, emulator=self.emulator) if self.endpoint else None
        return place_of(named, demo=self.demo)

    def belongs_to(self, account_id: str, place: Place) -> bool:
        """Return whether the run used the account ``account_id`` at ``place``.

        An emulator can claim to be any account, so it never counts as the account of AWS with the same id. A journal of
        an earlier version does not record the endpoint. In that case, only the account id is compared.
        """
        same_place = self.endpoint is None or self.emulator == (place is Place.EMULATOR)
        return same_place and self.account_id == account_id
