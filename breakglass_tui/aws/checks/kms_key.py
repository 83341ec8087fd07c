"""The check ``kms-key``: the KMS key that encrypted the envelopes can still decrypt them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.dates import date_text
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import scope_of
from breakglass_tui.aws.checks.remedy_commands import aws_command
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = "KMS decrypts an envelope only while the key exists, in the key's Region, and for callers that its policy allows."
ONLY_KMS = "KMS alone can lock you out: it needs AWS credentials that work"
ADD_OFFLINE_SEAL = "Create the user again with an age recipient or a passphrase as well (seal_to, seal_passphrase)."


@dataclass(frozen=True)
class KmsKeyCheck(UserCheck):
    """The check of the state (DescribeKey) of each KMS key that an envelope names, or of the key of the request."""

    id = "kms-key"
    title = "KMS key"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return tuple(scope_of(self.subject).key("kms:DescribeKey"))

    def inspect(self, context: StepContext) -> CheckResult:
        """Read the state of each key."""
        api, findings = Api(self.clients, context), Findings()
        for key_id in self._keys():
            region = key_id.split(":")[3] if key_id.startswith("arn:") else self._region
            answer = api.in_region(region).find("kms:DescribeKey", fields=("KeyMetadata",), KeyId=key_id)
            self._evaluate(key_id, answer["KeyMetadata"] if answer else None, findings)
        if self._alone:
            findings.warn("no envelope can be opened without KMS", ADD_OFFLINE_SEAL, caution=ONLY_KMS)
        findings.good("the key policy decides who may decrypt")
        expected = "an enabled key that is not pending deletion, and another way to open each envelope"
        return findings.result(self, expected=expected, why=WHY)

    @property
    def _region(self) -> str:
        return self.subject.request.region if self.subject.request else self.subject.account.region

    @property
    def _alone(self) -> bool:
        return self.subject.request is not None and self.subject.request.only_kms

    def _keys(self) -> tuple[str, ...]:
        """Return the keys that the envelopes name, or else the key of the request.

        The envelopes come first, because an alias in the request can point to another key by now.
        """
        sealed = (
            name for envelope in self.subject.envelopes if "kms" in envelope.seals for name in envelope.custodians
        )
        named = tuple(dict.fromkeys(sealed))
        return named or ((self.subject.request.kms_key_id,) if self.subject.request else ())

    def _evaluate(self, key_id: str, key: Mapping[str, Any] | None, findings: Findings) -> None:
        # A lost key is a risk, not a failure, while there is another way to open the envelopes.
        report = findings.fail if self._alone else findings.warn
        if key is None:
            report(f"key {show(key_id)} does not exist", "Create a new emergency user with another key.")
            return
        arn, state = str(key["Arn"]), str(key.get("KeyState", ""))
        name = f"{show(arn)} in {show(arn.split(':')[3])}"
        options = f"--region {show(arn.split(':')[3])} --key-id {show(arn)}"
        enable = aws_command(self.clients, f"kms enable-key {options}")
        if state == "Enabled":
            findings.good(f"{name} is enabled")
        elif state in ("PendingDeletion", "PendingReplicaDeletion"):
            when = f" on {date_text(key['DeletionDate'])}" if key.get("DeletionDate") else ""
            keep = aws_command(self.clients, f"kms cancel-key-deletion {options}")
            text = f"{name} will be deleted{when}, and what it encrypted can then not be decrypted"
            report(text, f"Cancel the deletion: {keep} && {enable}")
        elif state == "Disabled":
            report(f"{name} is {show(state)}", f"Enable it: {enable}")
        else:
            report(f"{name} is {show(state)}", _make_usable(state))


def _make_usable(state: str) -> str:
    """Return the remedy for a key in ``state``, in which KMS refuses EnableKey (KMS Developer Guide, Key states)."""
    if state == "PendingImport":
        return "Import its key material again."
    if state == "Unavailable":
        return "Connect its custom key store."
    return "Wait until its state is Enabled, then run the validation again."
