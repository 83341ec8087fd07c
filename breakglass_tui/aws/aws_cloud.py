"""AwsCloud: an AWS account behind the door that the rest of the product knows."""

from __future__ import annotations

from collections.abc import Iterator

from breakglass_tui.aws import assess
from breakglass_tui.aws.checks import validation_checks
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.kms_unseal import unseal
from breakglass_tui.aws.permanent_password import SealedPermanentPassword
from breakglass_tui.aws.preflight import preflight_checks
from breakglass_tui.aws.steps.plan_builder import build_plan
from breakglass_tui.domain.account import Account, AccountList, Caller, KmsKey, User
from breakglass_tui.engine.cloud import Practice, Setup, Subject
from breakglass_tui.engine.plan import Check, PermanentPassword, Plan
from breakglass_tui.secrets.sealed_file import KmsFile


class AwsCloud:
    """The account that ``clients`` reach; nothing is remembered between two calls."""

    def __init__(self, clients: Clients, *, demo: bool, practice: Practice | None = None) -> None:
        self._clients = clients
        self.demo = demo
        self.practice = practice
        self.region = clients.region

    def identify(self) -> Caller:
        """Who is asking."""
        return assess.identify(self._clients)

    def assess(self, region: str, caller: Caller) -> Iterator[Account]:
        """Read the account part by part; the last picture is complete."""
        return assess.assess(self._clients, region, caller)

    def keys(self, region: str) -> AccountList[KmsKey]:
        """The KMS keys of ``region``."""
        return assess.keys_of(self._clients, region)

    def users(self) -> AccountList[User]:
        """Every user of the account."""
        return assess.users_of(self._clients)

    def plan(self, setup: Setup) -> Plan:
        """The steps that carry the request out."""
        return build_plan(self._clients, setup)

    def preflight(self, setup: Setup) -> tuple[Check, ...]:
        """What is looked at before the first write."""
        return preflight_checks(self._clients, setup)

    def checks(self, subject: Subject) -> tuple[Check, ...]:
        """What is held against AWS afterwards."""
        return validation_checks(self._clients, subject)

    def permanent_password(self, setup: Setup) -> PermanentPassword:
        """The password for after the first sign-in of the setup's user."""
        return SealedPermanentPassword(self._clients, setup)

    def unseal(self, file: KmsFile) -> bytes:
        """The content of an envelope that KMS closed."""
        return unseal(self._clients, file, demo=self.demo)
