"""Reads of the KMS keys of one Region, with the properties that decide whether a key can seal."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.domain.account import AccountList, KmsKey
from breakglass_tui.domain.problems import Kind, Problem

WORKERS = 8
UNREADABLE = "not readable with your permissions"
"""The state of a key for which kms:DescribeKey failed. The app shows the key with it, and the key cannot be chosen."""


def read_keys(api: Api, region: str) -> AccountList[KmsKey]:
    """Return all KMS keys of ``region`` with their aliases. If they cannot be read, ``problem`` of the list says why.

    Customer managed keys come first, then those with an alias, then the order is by name.
    """
    in_region = api.in_region(region)
    try:
        with ThreadPoolExecutor(1, "breakglass-aliases") as pool:
            listed = pool.submit(_aliases, in_region)
            ids = [str(item["KeyId"]) for item in in_region.paginate("kms:ListKeys", "Keys", Limit=1000)]
        aliases = listed.result()
    except Problem as problem:
        return AccountList(problem=_in_region(problem, region))
    with ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="breakglass-keys") as pool:
        keys = pool.map(lambda key_id: _key(in_region, key_id, aliases[key_id]), ids)
        found = [key for key in keys if key is not None]
    return AccountList(tuple(sorted(found, key=lambda key: (key.manager != "CUSTOMER", not key.aliases, key.label))))


def _aliases(api: Api) -> defaultdict[str, tuple[str, ...]]:
    found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for item in api.paginate("kms:ListAliases", "Aliases", Limit=100):
        if item.get("TargetKeyId"):
            found[str(item["TargetKeyId"])] += (str(item["AliasName"]),)
    return found


def _key(api: Api, key_id: str, aliases: tuple[str, ...]) -> KmsKey | None:
    try:
        answer = api.find("kms:DescribeKey", KeyId=key_id)
    except Problem:
        manager = "AWS" if any(alias.startswith("alias/aws/") for alias in aliases) else "CUSTOMER"
        return KmsKey(key_id, "", aliases, state=UNREADABLE, manager=manager)
    return _described(answer["KeyMetadata"], aliases) if answer else None


def _described(metadata: dict[str, Any], aliases: tuple[str, ...]) -> KmsKey:
    return KmsKey(
        key_id=str(metadata["KeyId"]),
        arn=str(metadata["Arn"]),
        aliases=aliases,
        state=str(metadata.get("KeyState", "Enabled")),
        usage=str(metadata.get("KeyUsage", "ENCRYPT_DECRYPT")),
        spec=str(metadata.get("KeySpec") or metadata.get("CustomerMasterKeySpec") or "SYMMETRIC_DEFAULT"),
        manager=str(metadata.get("KeyManager", "CUSTOMER")),
        description=str(metadata.get("Description", "")),
    )


def _in_region(problem: Problem, region: str) -> Problem:
    """Return ``problem``, but for refused credentials a problem that names the Region.

    A Region that is not enabled refuses credentials that work elsewhere.
    """
    if problem.kind is not Kind.CREDENTIALS:
        return problem
    return Problem(
        f"KMS in {region} does not accept these credentials.",
        why="The Region may not be enabled for this account.",
        next="Choose an enabled Region, or type the key.",
        code=problem.code,
    )
