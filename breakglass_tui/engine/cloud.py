"""Cloud: the interface through which the rest of the program uses the AWS account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from breakglass_tui.domain.account import Account, AccountList, Caller, KmsKey, User
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.user_history import UserHistory
from breakglass_tui.engine.plan import Check, PermanentPassword, Plan
from breakglass_tui.secrets.envelope_files import Envelopes
from breakglass_tui.secrets.sealed_file import KmsFile
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import Vault

SimulatedSignIn = Callable[[str, Secret, Secret], None]
"""Signs a user in with its temporary password and sets the permanent one. Raises ``Problem``."""


@dataclass(frozen=True)
class Setup:
    """The input of a plan. The request has its final user name. ``resumed``: an earlier process started the run."""

    run_id: str
    request: SetupRequest
    account: Account
    envelopes: Envelopes
    vault: Vault
    resumed: bool = False


@dataclass(frozen=True)
class Subject:
    """The user to validate, and what is expected of it.

    Without ``request``, the checks expect only what every emergency user needs. ``vault`` has the access key and the
    MFA seed if this process created them or opened their envelopes. ``created_here`` means that this process created
    the user, so that IAM may not show all of it yet. ``mfa_serial`` is the device that the run enrolled, ``envelopes``
    are those that it wrote. ``signing_in`` means that the permanent password is sealed and AWS has not confirmed it
    yet. ``signed_in`` means that AWS has confirmed it. ``history`` is what this machine proved about the user before,
    and which devices its operator accepted.
    """

    user_name: str
    account: Account
    request: SetupRequest | None = None
    vault: Vault | None = None
    created_here: bool = False
    user_id: str = ""
    access_key_id: str = ""
    mfa_serial: str = ""
    envelopes: tuple[EnvelopeInfo, ...] = ()
    signing_in: bool = False
    signed_in: bool = False
    history: UserHistory = field(default_factory=UserHistory)


class Cloud(Protocol):
    """The AWS account. A method that calls AWS blocks until it answers or times out, and raises ``Problem``.

    Never call such a method on the UI thread.
    """

    @property
    def demo(self) -> bool:
        """Whether this is the simulated account."""
        ...

    @property
    def simulated_sign_in(self) -> SimulatedSignIn | None:
        """What replaces the sign-in page in a simulated account, or None for an account with a sign-in page."""
        ...

    @property
    def region(self) -> str:
        """The Region at the start of the session."""
        ...

    def identify(self) -> Caller:
        """Return the caller."""
        ...

    def clock_offset_s(self) -> float:
        """Return the number of seconds by which the clock of AWS is ahead of this machine, or 0 if it is unknown."""
        ...

    def assess(self, region: str, caller: Caller) -> Iterator[Account]:
        """Read the account part by part. Each item is what has been read so far, and the last one is complete."""
        ...

    def keys(self, region: str) -> AccountList[KmsKey]:
        """Return the KMS keys of ``region``."""
        ...

    def users(self) -> AccountList[User]:
        """Read all users of the account."""
        ...

    def plan(self, setup: Setup) -> Plan:
        """Return the steps that apply the request. Makes no call to AWS."""
        ...

    def preflight(self, setup: Setup) -> tuple[Check, ...]:
        """Return the preflight checks. They run before the first write."""
        ...

    def checks(self, subject: Subject) -> tuple[Check, ...]:
        """Return the validation checks for ``subject``. Makes no call to AWS."""
        ...

    def permanent_password(self, setup: Setup) -> PermanentPassword:
        """Return the permanent password of the setup's user. Makes no call to AWS."""
        ...

    def unseal(self, file: KmsFile) -> bytes:
        """Decrypt an envelope with KMS and return its content."""
        ...
