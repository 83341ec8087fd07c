"""Codes of the MFA device that this process enrolled. Each is used once (IAM accepts no code a second time)."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.kms_seal import MFA_SEED
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import PERIOD_S, code_pair, seconds_left
from breakglass_tui.secrets.vault import Vault

LAST_PERIOD = "mfa-last-period"
CLOCK_OFFSET = "mfa-clock-offset"


@dataclass(frozen=True)
class MfaCodeSource:
    """The codes of a seed.

    The vault holds the last period (of 30 s, since the epoch) whose code was used, and how many seconds the clock of
    AWS is ahead of this machine's.
    """

    vault: Vault
    seed: Secret

    @classmethod
    def from_vault(cls, vault: Vault | None) -> MfaCodeSource | None:
        """Return the codes of the device in ``vault``, or None if this process did not enrol one itself."""
        seed = vault.get(MFA_SEED) if vault else None
        return cls(vault, seed) if vault and seed and seed.reveal() else None

    @classmethod
    def remember(cls, vault: Vault, seed: Secret, now: float, *, clock_offset_s: float = 0.0) -> None:
        """Put the seed of a device into the vault. Its codes up to ``now`` (seconds since the epoch) count as used.

        ``now`` is the time of this machine, and AWS's clock is ``clock_offset_s`` ahead of it.
        """
        vault.put(MFA_SEED, seed)
        vault.put(CLOCK_OFFSET, Secret(str(clock_offset_s)))
        _used(vault, int(now + clock_offset_s) // PERIOD_S)

    def next_code(self, context: StepContext, operation: str, *, ahead: bool) -> str:
        """Return an unused code for ``operation``, after a wait for its period.

        With ``ahead``, the code of the next period is allowed, so that there is less to wait for: a server that follows
        RFC 6238 accepts a code that is one period off.
        """
        last, offset = self.vault.get(LAST_PERIOD), self.vault.get(CLOCK_OFFSET)
        now = context.clock.now().timestamp() + (float(offset.reveal() or 0) if offset else 0.0)
        period = max(int(now) // PERIOD_S, int(last.reveal() or 0) + 1 if last else 0)
        earliest = period - 1 if ahead else period
        if earliest > int(now) // PERIOD_S:
            delay_s = seconds_left(now) + (earliest - int(now) // PERIOD_S - 1) * PERIOD_S
            context.call_delayed(operation, "waiting for an unused MFA code", delay_s)
            context.wait(delay_s)
        _used(self.vault, period)
        return code_pair(self.seed, period * PERIOD_S)[1]


def _used(vault: Vault, period: int) -> None:
    vault.put(LAST_PERIOD, Secret(str(period)))
