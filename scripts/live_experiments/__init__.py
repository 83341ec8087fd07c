"""Experiments in a real AWS account. Each yields facts about AWS that no emulator can show."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from live_experiments.browser_sign_in import browser_sign_in
from live_experiments.device_deletion import device_deletion
from live_experiments.facts import Fact
from live_experiments.fips_hosts import fips_hosts
from live_experiments.guardrail import guardrail
from live_experiments.lab import Lab
from live_experiments.late_mfa_codes import late_mfa_codes
from live_experiments.mfa_codes_ahead import mfa_codes_ahead
from live_experiments.password_date import password_date
from live_experiments.simulator_context import simulator_context
from live_experiments.simulator_rate import simulator_rate
from live_experiments.young_principal import young_principal

Experiment = Callable[[Lab], Iterator[Fact]]
EXPERIMENTS: tuple[Experiment, ...] = (
    young_principal,
    mfa_codes_ahead,
    late_mfa_codes,
    guardrail,
    password_date,
    device_deletion,
    simulator_context,
    simulator_rate,
    fips_hosts,
    browser_sign_in,
)
"""The experiments in the order in which they run. The last one needs a person with a browser."""
