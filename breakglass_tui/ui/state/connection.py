"""Connection: the account, as far as it has been reached and read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from breakglass_tui.domain.account import Account, AccountList, Caller, KmsKey, User
from breakglass_tui.domain.endpoints import Endpoint, Place, place_of
from breakglass_tui.domain.evidence_signer import EvidenceSigner
from breakglass_tui.domain.problems import Problem

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Cloud


@dataclass(eq=False, repr=False)
class Connection:
    """The connection to the account, and what has been read of it.

    ``connect`` returns the ``Cloud`` of the account. It is called in a thread and may raise ``Problem``. ``program`` is
    the command line that connects to the same account again. ``endpoint`` is the endpoint URL that the operator gave,
    or empty. ``choose_signer`` returns what signs the evidence, or None. It gets a function that shows a sentence.

    ``cloud``, ``caller`` and ``account`` are None until they are known. ``trouble`` is why the account could not be
    reached.
    """

    connect: Callable[[], Cloud]
    demo: bool
    program: str = "breakglass-tui"
    endpoint: str = ""
    choose_signer: Callable[[Cloud, Callable[[str], object]], EvidenceSigner | None] = lambda *_: None
    cloud: Cloud | None = None
    caller: Caller | None = None
    account: Account | None = None
    trouble: Problem | None = None

    @property
    def place(self) -> Place:
        """What answers the calls: AWS, the simulated account, an emulator or another endpoint.

        Until the app has connected, an endpoint given by the operator counts as an emulator.
        """
        if self.cloud is not None:
            return self.cloud.place
        return place_of(Endpoint(self.endpoint) if self.endpoint else None, demo=self.demo)

    @property
    def is_read(self) -> bool:
        """Whether the whole account has been read."""
        return self.account is not None and self.account.complete

    def signer(self, notify: Callable[[str], object] = lambda _: None) -> EvidenceSigner | None:
        """Return what signs the evidence, or None if it is not signed or the account is not connected.

        It calls ``notify`` with a sentence if the key waits for the operator.
        """
        return None if self.cloud is None else self.choose_signer(self.cloud, notify)

    def unread(self) -> Connection:
        """Return the same connection without the account, which is read again for the next user."""
        return replace(self, account=None, trouble=None)

    def take_keys(self, region: str, keys: AccountList[KmsKey]) -> None:
        """Use ``keys``, which are the KMS keys of ``region``, if the account is known."""
        if self.account is not None:
            self.account = replace(self.account, region=region, keys=keys)

    def take_users(self, users: AccountList[User]) -> None:
        """Use ``users`` as the users of the account, if the account is known."""
        if self.account is not None:
            self.account = replace(self.account, users=users)
