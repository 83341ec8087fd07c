"""``AwsCloud``: the ``Cloud`` of a real or simulated AWS account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from breakglass_tui.aws import assess
from breakglass_tui.aws.api import Api, silent_context
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.custom_endpoint import endpoint_of
from breakglass_tui.aws.kms_signer import KmsSigner
from breakglass_tui.domain.account import Account, AccountList, Caller, KmsKey, User
from breakglass_tui.domain.endpoints import place_of
from breakglass_tui.engine.cloud import Phase, Setup, SimulatedSignIn, Subject
from breakglass_tui.engine.plan import Check, PermanentPassword, Plan
from breakglass_tui.secrets.sealed_file import KmsFile

LATER: dict[Phase, tuple[tuple[str, bool], ...]] = {
    "identify": (("sts", False), ("iam", False)),
    "run": (("kms", False), ("account", False), ("organizations", False), ("iam", True)),
}
"""The clients to load before a phase: the service, and whether the client writes."""
VALIDATION = ("cloudtrail", "events", "ec2")
"""The services that only a validation calls. EC2 has the most data, so it is the last."""


class AwsCloud:
    """The AWS account that ``clients`` reach. It keeps no state between calls.

    Its methods import what they need, so that the first call to AWS does not wait for the other modules.

    ``simulated_sign_in`` replaces the sign-in page in the simulated account. It is None for a real account.
    """

    def __init__(self, clients: Clients, *, demo: bool, simulated_sign_in: SimulatedSignIn | None = None) -> None:
        self._clients = clients
        self.demo = demo
        self.simulated_sign_in = simulated_sign_in
        self.region = clients.region
        self.endpoint = None if demo else endpoint_of(clients)
        self.place = place_of(self.endpoint, demo=demo)

    def load_ahead(self, phase: Phase) -> None:
        """Load the data for the calls of ``phase``. Makes no AWS call."""
        for service, writes in LATER[phase]:
            self._clients.load(service, writes=writes)

    def load_for_validation(self, setup: Setup) -> None:
        """Load the data for the validation of the user of ``setup``. Makes no AWS call."""
        from breakglass_tui.aws.checks.sign_in_alert import alert_regions

        for service in VALIDATION:
            self._clients.load(service, writes=False)
        for region in alert_regions(setup.account, setup.request.region) if setup.request.console else ():
            self._clients.get("events", region=region, writes=False)

    def identify(self) -> Caller:
        """Return the caller: the account and the principal of these credentials. Raises ``Problem``."""
        return assess.identify(self._clients)

    def clock_offset_s(self) -> float:
        """Return the number of seconds by which the clock of AWS is ahead of this machine. Raises ``Problem``."""
        api = Api(self._clients, silent_context("clock"))
        api.call("sts:GetCallerIdentity")
        return api.clock_offset_s

    def assess(self, region: str, caller: Caller) -> Iterator[Account]:
        """Yield a snapshot of the account after each part that was read. The last snapshot has every part."""
        return assess.assess(self._clients, region, caller)

    def keys(self, region: str) -> AccountList[KmsKey]:
        """Return the KMS keys of ``region``. If they cannot be read, ``problem`` of the list says why."""
        return assess.keys_of(self._clients, region)

    def users(self) -> AccountList[User]:
        """Return the IAM users of the account. If they cannot be read, ``problem`` of the list says why."""
        return assess.users_of(self._clients)

    def plan(self, setup: Setup) -> Plan:
        """Return the plan with the steps of the request. Makes no AWS call."""
        from breakglass_tui.aws.operator_permissions import operator_permissions
        from breakglass_tui.aws.steps.plan_builder import build_plan

        plan = build_plan(self._clients, setup)
        permissions = operator_permissions(self._clients, setup, plan)
        return replace(plan, endpoint=self._clients.endpoint_url, place=self.place, permissions=permissions)

    def preflight(self, setup: Setup) -> tuple[Check, ...]:
        """Return the preflight checks for ``setup``. Makes no AWS call."""
        from breakglass_tui.aws.preflight import preflight_checks

        return preflight_checks(self._clients, setup)

    def early_preflight(self, setup: Setup) -> tuple[Check, ...]:
        """Return the preflight checks that need only the caller of the account. Makes no AWS call."""
        from breakglass_tui.aws.preflight import early_checks

        return early_checks(self._clients, setup)

    def checks(self, subject: Subject) -> tuple[Check, ...]:
        """Return the validation checks for ``subject``. Makes no AWS call."""
        from breakglass_tui.aws.checks import validation_checks

        return validation_checks(self._clients, subject)

    def permanent_password(self, setup: Setup) -> PermanentPassword:
        """Return the permanent password of the setup's user, for its first sign-in. Makes no AWS call."""
        from breakglass_tui.aws.permanent_password import SealedPermanentPassword

        return SealedPermanentPassword(self._clients, setup)

    def kms_signer(self, key_id: str) -> KmsSigner:
        """Return what signs evidence with the asymmetric KMS key ``key_id``. Makes no AWS call."""
        return KmsSigner(self._clients, key_id)

    def unseal(self, file: KmsFile) -> bytes:
        """Decrypt a KMS envelope and return its content. Raises ``Problem``."""
        from breakglass_tui.aws.kms_unseal import unseal

        return unseal(self._clients, file, demo=self.demo)
