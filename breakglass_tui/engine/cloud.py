"""Cloud: the AWS account as the rest of the product sees it; the only door to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from breakglass_tui.domain.account import Account, AccountList, Caller, KmsKey, User
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.engine.plan import Check, PermanentPassword, Plan
from breakglass_tui.secrets.envelope_files import Envelopes
from breakglass_tui.secrets.sealed_file import KmsFile
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import Vault

SimulatedSignIn = Callable[[str, Secret, Secret], None]
"""Signs a user in with its temporary password and gives it the lasting one; raises ``Problem``."""


@dataclass(frozen=True)
class Setup:
    """All a plan is made of. The request has its final user name; ``resumed`` says that an earlier process began."""

    run_id: str
    request: SetupRequest
    account: Account
    envelopes: Envelopes
    vault: Vault
    resumed: bool = False


@dataclass(frozen=True)
class Subject:
    """The user that is validated, and what is expected of it.

    Without ``request`` only what every emergency user needs is expected. ``vault`` holds the new key when this
    very process made it; ``mfa_serial`` is the device this run enrolled, ``envelopes`` are those it wrote.
    ``signing_in`` says that the lasting password is sealed and AWS was not seen to hold it, ``signed_in`` that it was.
    """

    user_name: str
    account: Account
    request: SetupRequest | None = None
    vault: Vault | None = None
    user_id: str = ""
    access_key_id: str = ""
    mfa_serial: str = ""
    envelopes: tuple[EnvelopeInfo, ...] = ()
    signing_in: bool = False
    signed_in: bool = False


class Cloud(Protocol):
    """Every method that calls AWS blocks for at most its time-outs and raises ``Problem``; never on a UI thread."""

    @property
    def demo(self) -> bool:
        """Whether this is the simulated account."""
        ...

    @property
    def simulated_sign_in(self) -> SimulatedSignIn | None:
        """What stands in for the sign-in page of a simulated account; None where there is a page."""
        ...

    @property
    def region(self) -> str:
        """The Region the session began with."""
        ...

    def identify(self) -> Caller:
        """Who is asking."""
        ...

    def assess(self, region: str, caller: Caller) -> Iterator[Account]:
        """Read the account part by part; each item is the picture so far, the last one is complete."""
        ...

    def keys(self, region: str) -> AccountList[KmsKey]:
        """The KMS keys of another Region."""
        ...

    def users(self) -> AccountList[User]:
        """Every user of the account, as it is now."""
        ...

    def plan(self, setup: Setup) -> Plan:
        """The steps that carry the request out; no call to AWS."""
        ...

    def preflight(self, setup: Setup) -> tuple[Check, ...]:
        """What is looked at before the first write."""
        ...

    def checks(self, subject: Subject) -> tuple[Check, ...]:
        """What is held against AWS afterwards; no call to AWS."""
        ...

    def permanent_password(self, setup: Setup) -> PermanentPassword:
        """The password for after the first sign-in of the setup's user; no call to AWS."""
        ...

    def unseal(self, file: KmsFile) -> bytes:
        """The content of an envelope that KMS closed."""
        ...
