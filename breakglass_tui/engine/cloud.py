"""Cloud: the interface through which the rest of the program uses the AWS account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

from breakglass_tui.domain.account import Account, AccountList, Caller, KmsKey, User
from breakglass_tui.domain.endpoints import Endpoint, Place
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.evidence_signer import EvidenceSigner
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.user_history import UserHistory
from breakglass_tui.engine.plan import Check, PermanentPassword, Plan
from breakglass_tui.secrets.envelope_files import Envelopes
from breakglass_tui.secrets.sealed_file import KmsFile
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import Vault

Phase = Literal["identify", "run"]
"""A phase of a command whose data can be loaded ahead. ``run`` includes the assessment and the preflight checks."""
SimulatedSignIn = Callable[[str, Secret, Secret], None]
"""Signs a user in to the simulated console and sets the permanent password. Raises ``Problem``.

The arguments are the user name, the temporary password and the permanent password.
"""


@dataclass(frozen=True)
class Setup:
    """The input of a plan. ``request`` has the final user name, never a blank one.

    ``resumed`` means that an earlier process started the run. ``signer`` signs the evidence, or is None.
    """

    run_id: str
    request: SetupRequest
    account: Account
    envelopes: Envelopes
    vault: Vault
    resumed: bool = False
    signer: EvidenceSigner | None = None


@dataclass(frozen=True)
class Subject:
    """The user to validate, and what the checks expect of it.

    Without ``request``, the checks expect only what every emergency user needs. ``vault`` has the access key and the
    MFA seed if this process created them or opened their envelopes. ``created_here`` means that this process created
    the user, so IAM may not show all of it yet.

    ``user_id``, ``access_key_id`` and ``mfa_serial`` are what the run recorded, or empty. ``envelopes`` are those that
    the run wrote. ``signing_in`` means that the permanent password is sealed and AWS has not confirmed it yet.
    ``signed_in`` means that AWS has confirmed it. ``history`` is what earlier validations on this machine proved, and
    which MFA devices the operator accepted.
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
    """The AWS account. A method that calls AWS blocks until AWS answers or the call times out, and raises ``Problem``.

    Never call such a method on the UI thread.
    """

    @property
    def demo(self) -> bool:
        """Whether this is the simulated account."""
        ...

    @property
    def endpoint(self) -> Endpoint | None:
        """The endpoint that the operator chose for all calls. None for AWS itself and for the simulated account."""
        ...

    @property
    def place(self) -> Place:
        """Where the calls go."""
        ...

    @property
    def simulated_sign_in(self) -> SimulatedSignIn | None:
        """The function that replaces the sign-in page in a simulated account.

        None for an account that has a sign-in page.
        """
        ...

    @property
    def region(self) -> str:
        """The Region with which the program connected. A request can name another one."""
        ...

    def load_ahead(self, phase: Phase) -> None:
        """Load the data for the calls of ``phase``. Makes no call to AWS."""
        ...

    def load_for_validation(self, setup: Setup) -> None:
        """Load the data for the validation of the user of ``setup``. Makes no call to AWS."""
        ...

    def identify(self) -> Caller:
        """Return the identity that the credentials belong to."""
        ...

    def clock_offset_s(self) -> float:
        """Return the number of seconds by which the clock of AWS is ahead of this machine, or 0 if it is unknown."""
        ...

    def assess(self, region: str, caller: Caller) -> Iterator[Account]:
        """Read the account in parallel. Yield the account as read so far, after each part. The last one is complete."""
        ...

    def keys(self, region: str) -> AccountList[KmsKey]:
        """Return the KMS keys of ``region``. If they cannot be read, the list has the problem."""
        ...

    def users(self) -> AccountList[User]:
        """Return all IAM users of the account. If they cannot be read, the list has the problem."""
        ...

    def plan(self, setup: Setup) -> Plan:
        """Return the plan that applies the request of ``setup``. Makes no call to AWS."""
        ...

    def preflight(self, setup: Setup) -> tuple[Check, ...]:
        """Return the preflight checks of ``setup``, which run before the first write. Makes no call to AWS."""
        ...

    def early_preflight(self, setup: Setup) -> tuple[Check, ...]:
        """Return those of ``preflight`` that need only the caller of the account, not what ``assess`` reads.

        They can run during the assessment. Makes no call to AWS.
        """
        ...

    def checks(self, subject: Subject) -> tuple[Check, ...]:
        """Return the validation checks for ``subject``. Makes no call to AWS."""
        ...

    def permanent_password(self, setup: Setup) -> PermanentPassword:
        """Return the object that creates and verifies the permanent password of the setup's user.

        Makes no call to AWS.
        """
        ...

    def kms_signer(self, key_id: str) -> EvidenceSigner:
        """Return what signs evidence with the asymmetric KMS key ``key_id``. Makes no call to AWS."""
        ...

    def unseal(self, file: KmsFile) -> bytes:
        """Decrypt ``file`` with KMS and return its content."""
        ...
