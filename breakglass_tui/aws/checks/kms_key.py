"""The check ``kms-key``: the key that closed the envelopes can still open them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.dates import day
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = "What KMS sealed opens only while that key lives, in its Region, by somebody whom its key policy lets decrypt."
CIRCULAR = "only KMS opens the secrets, and that takes AWS credentials that still work"
OFFLINE = "Seal to an age recipient or a passphrase as well (seal_to, seal_passphrase) in a new set-up."


@dataclass(frozen=True)
class KmsKeyCheck(UserCheck):
    """DescribeKey for each key that an envelope names, or for the key of the request."""

    id = "kms-key"
    title = "KMS key"

    def inspect(self, context: StepContext) -> CheckResult:
        """Look at the state of each key."""
        api, findings = Api(self.clients, context), Findings()
        for key_id in self._keys():
            region = key_id.split(":")[3] if key_id.startswith("arn:") else self._region
            answer = api.in_region(region).found("kms:DescribeKey", fields=("KeyMetadata",), KeyId=key_id)
            self._judge(key_id, answer["KeyMetadata"] if answer else None, findings)
        if self._alone:
            findings.warn("no envelope opens without KMS", OFFLINE, caution=CIRCULAR)
        findings.good("who may decrypt with it is for its key policy to say")
        return findings.result(self, expected="enabled, not pending deletion, with another way in beside it", why=WHY)

    @property
    def _region(self) -> str:
        return self.subject.request.region if self.subject.request else self.subject.account.region

    @property
    def _alone(self) -> bool:
        return self.subject.request is not None and self.subject.request.only_kms

    def _keys(self) -> tuple[str, ...]:
        """Those of the envelopes: an alias may by now be pointed at another key."""
        sealed = (
            name for envelope in self.subject.envelopes if "kms" in envelope.seals for name in envelope.custodians
        )
        named = tuple(dict.fromkeys(sealed))
        return named or ((self.subject.request.kms_key_id,) if self.subject.request else ())

    def _judge(self, key_id: str, key: Mapping[str, Any] | None, findings: Findings) -> None:
        # While something else opens the envelopes too, a lost key is a hazard and no end.
        bad = findings.fail if self._alone else findings.warn
        if key is None:
            bad(f"there is no key {show(key_id)}", "Set up a new emergency user with another key.")
            return
        arn, state = str(key["Arn"]), str(key.get("KeyState", ""))
        where = f"{show(arn)} in {show(arn.split(':')[3])}"
        words = f"--region {show(arn.split(':')[3])} --key-id {show(arn)}"
        if state == "Enabled":
            findings.good(f"{where} is enabled")
        elif state in ("PendingDeletion", "PendingReplicaDeletion"):
            when = f" on {day(key['DeletionDate'])}" if key.get("DeletionDate") else ""
            cancel = f"aws kms cancel-key-deletion {words}, then aws kms enable-key {words}"
            bad(f"{where} will be deleted{when}, and what it sealed with it", cancel)
        else:
            bad(f"{where} is {show(state)}", f"Enable it: aws kms enable-key {words}")
