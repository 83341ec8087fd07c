"""Codes of an MFA device whose seed this process has. Each code is used once, because IAM refuses it a second time."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.kms_seal import MFA_SEED
from breakglass_tui.engine.clock import Clock
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import PERIOD_S, code_pair, seconds_left
from breakglass_tui.secrets.vault import Vault

LAST_PERIOD = "mfa-last-period"
AWS_TIME = "mfa-aws-time"


@dataclass(frozen=True)
class MfaCodeSource:
    """The TOTP codes of ``seed``.

    The vault has the last period whose code was used, and the time of AWS minus ``Clock.ticks``, so that no one can
    set the time of the codes. A period is 30 seconds, and periods are counted from the epoch.
    """

    vault: Vault
    seed: Secret

    @classmethod
    def from_vault(cls, vault: Vault | None) -> MfaCodeSource | None:
        """Return the codes of the device whose seed is in ``vault``, or None if it has no seed."""
        seed = vault.get(MFA_SEED) if vault else None
        return cls(vault, seed) if vault and seed and seed.reveal() else None

    @classmethod
    def remember(
        cls, vault: Vault, seed: Secret, clock: Clock, *, clock_offset_s: float = 0.0, unused: bool = False
    ) -> None:
        """Put the seed of a device into the vault, and mark its codes up to now as used.

        The clock of AWS is ``clock_offset_s`` ahead of ``clock``. With ``unused``, the code of now stays unused.
        """
        aws_now = clock.now().timestamp() + clock_offset_s
        vault.put(MFA_SEED, seed)
        vault.put(AWS_TIME, Secret(str(aws_now - clock.ticks())))
        _used(vault, int(aws_now) // PERIOD_S - unused)

    def next_code(self, context: StepContext, operation: str, *, ahead: bool) -> str:
        """Wait until an unused code is valid, and return it. ``operation`` is the AWS call that needs the code.

        With ``ahead``, the code of the next period can be used, to wait less. RFC 6238 recommends that a server accepts
        a code that is one period off. Raises ``Stopped`` if the run is stopped.
        """
        last, base = self.vault.get(LAST_PERIOD), self.vault.get(AWS_TIME)
        clock = context.clock
        now = float(base.reveal()) + clock.ticks() if base and base.reveal() else clock.now().timestamp()
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
