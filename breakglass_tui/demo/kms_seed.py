"""The KMS keys of the simulated account, one for each state that a key picker must show."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.demo.world import World


@dataclass(frozen=True)
class KeySeed:
    """The initial state of a KMS key. A key with an RSA ``spec`` can be described, but not used to encrypt."""

    alias: str
    description: str = ""
    state: str = "Enabled"
    usage: str = "ENCRYPT_DECRYPT"
    spec: str = "SYMMETRIC_DEFAULT"
    manager: str = "CUSTOMER"


HOSTILE = "vendor [/bold] [red]data\x1b]0;x\x07 \u202ekey"
"""A description with markup and control characters, which KMS accepts. The program must show it as plain text."""

KEYS = (
    KeySeed("alias/break-glass", "Encrypts emergency credentials"),
    KeySeed("alias/vendor-data", HOSTILE),
    KeySeed("alias/old-backups", "Backups until 2023", state="Disabled"),
    KeySeed("alias/retired-2024", "Replaced by break-glass", state="PendingDeletion"),
    KeySeed("alias/code-signing", "Signs releases", usage="SIGN_VERIFY", spec="RSA_2048"),
    KeySeed("alias/partner-exchange", "Partners encrypt with this key", spec="RSA_2048"),
    KeySeed("alias/aws/ebs", "Default key that protects my EBS volumes", manager="AWS"),
)
REGIONS = ("eu-west-1", "us-east-1")
DELETION_WINDOW_DAYS = 14


def add_keys(world: World) -> None:
    """Create the keys of ``KEYS`` in each Region of ``REGIONS``."""
    for region in REGIONS:
        for seed in KEYS:
            _add(world, region, seed)


def _add(world: World, region: str, seed: KeySeed) -> None:
    kms = world.kms(region)
    # For a spec other than ECC, also for a symmetric key, moto generates an RSA pair, which takes 0.1 s.
    key = kms.create_key(None, seed.usage, "ECC_NIST_P256", seed.description, None)
    key.key_spec, key.key_manager = seed.spec, seed.manager
    kms.create_alias(key.id, seed.alias)
    if seed.state == "Disabled":
        kms.disable_key(key.id)
    elif seed.state == "PendingDeletion":
        kms.schedule_key_deletion(key.id, DELETION_WINDOW_DAYS)
