"""Codes of the device that this process enrolled, each handed in only once (IAM takes no code a second time)."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.kms_seal import MFA_SEED
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import PERIOD_S, code_pair, seconds_left
from breakglass_tui.secrets.vault import Vault

LAST_PERIOD = "mfa-last-period"


@dataclass(frozen=True)
class Codes:
    """The codes of a seed; the vault remembers the last period (of 30 s since the epoch) whose code was handed in."""

    vault: Vault
    seed: Secret

    @classmethod
    def of(cls, vault: Vault | None) -> Codes | None:
        """The codes that a run kept in ``vault``, if it enrolled a device by itself in this very process."""
        seed = vault.get(MFA_SEED) if vault else None
        return cls(vault, seed) if vault and seed and seed.reveal() else None

    @classmethod
    def keep(cls, vault: Vault, seed: Secret, now: float) -> None:
        """Remember a device that has been enrolled with codes of ``now`` (seconds since the epoch) or before."""
        vault.put(MFA_SEED, seed)
        _used(vault, int(now) // PERIOD_S)

    def fresh(self, context: StepContext, operation: str, *, ahead: bool) -> str:
        """A code for ``operation`` that was never handed in; waits for its time, or takes the next one ``ahead`` of it.

        A server that follows RFC 6238 takes a code one period off, so that nothing need be waited for.
        """
        last = self.vault.get(LAST_PERIOD)
        now = context.clock.now().timestamp()
        period = max(int(now) // PERIOD_S, int(last.reveal() or 0) + 1 if last else 0)
        begins = period - 1 if ahead else period
        if begins > int(now) // PERIOD_S:
            delay_s = seconds_left(now) + (begins - int(now) // PERIOD_S - 1) * PERIOD_S
            context.call_delayed(operation, "waiting for a code that was never handed in", delay_s)
            context.wait(delay_s)
        _used(self.vault, period)
        return code_pair(self.seed, period * PERIOD_S)[1]


def _used(vault: Vault, period: int) -> None:
    vault.put(LAST_PERIOD, Secret(str(period)))
