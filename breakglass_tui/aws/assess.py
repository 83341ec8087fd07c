"""Parallel reads of the account. Each part is read on a thread of its own, and a part that fails affects no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from threading import Thread
from typing import Any

from breakglass_tui.aws.account_policies import read_admin_policy, read_password_policy
from breakglass_tui.aws.api import Api, silent_context
from breakglass_tui.aws.api_problems import lost_answer_problem
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.iam_lists import read_groups, read_roles, read_users
from breakglass_tui.aws.kms_keys import read_keys
from breakglass_tui.aws.organization import manages_organization
from breakglass_tui.aws.permission_scope import PermissionScope
from breakglass_tui.aws.regions import read_regions
from breakglass_tui.domain.account import Account, AccountList, Caller, KmsKey, User
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.unexpected_errors import as_problem

LISTS = frozenset({"regions", "users", "groups", "roles", "keys"})
"""The parts that are lists. If one cannot be read, its value is an ``AccountList`` with the problem."""
ASIDE_S = 1.0
"""How many seconds to wait for the optional organization read after all other parts are read."""


def identify(clients: Clients) -> Caller:
    """Return the caller: the account and the principal of these credentials. Raises ``Problem``.

    The alias is "" if it cannot be read.
    """
    api = Api(clients, silent_context("identify"))
    alias = _read_aside(lambda: _alias(api.branch()))
    identity = api.call("sts:GetCallerIdentity")
    if not identity.get("Arn") or not identity.get("Account"):
        raise lost_answer_problem("sts:GetCallerIdentity", "the answer has no ARN or account")
    account_id, arn = str(identity["Account"]), str(identity["Arn"])
    if arn.split(":")[4] != account_id:
        raise lost_answer_problem("sts:GetCallerIdentity", "its ARN and its account differ, so AWS did not answer")
    return Caller(account_id, arn, str(identity.get("UserId", "")), str(alias.result() or ""))


def assess(clients: Clients, region: str, caller: Caller) -> Iterator[Account]:
    """Yield a snapshot of the account after each part that was read. The last snapshot has every part.

    ``management`` says whether the account manages an organization. It is None if that is not known ``ASIDE_S`` seconds
    after the other parts.
    """
    api = Api(clients, silent_context("assess"))
    parts: dict[str, Callable[[], Any]] = {
        "admin_policy": lambda: read_admin_policy(api, caller.partition),
        "password_policy": lambda: read_password_policy(api),
        "regions": lambda: read_regions(api, caller.partition),
        "users": lambda: read_users(api),
        "groups": lambda: read_groups(api),
        "roles": lambda: read_roles(api),
        "keys": lambda: read_keys(api, region),
    }
    account = Account(caller, region)
    pool = ThreadPoolExecutor(max_workers=len(parts), thread_name_prefix="breakglass-assess")
    try:
        futures = {pool.submit(_read, name, part): name for name, part in parts.items()}
        aside = _read_aside(lambda: manages_organization(api, caller.account_id))
        futures[aside] = "management"
        waiting = set(futures)
        while waiting:
            done, waiting = wait(waiting, ASIDE_S if waiting == {aside} else None, FIRST_COMPLETED)
            if not done:
                return
            for future in done:
                account = replace(account, **{futures[future]: future.result()})
                yield account
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def assessment_permissions(scope: PermissionScope) -> Iterator[Permission]:
    """Yield what the assessment needs for the request of ``scope``.

    Lists of what the request does not use are left out.
    """
    request = scope.request
    yield from scope.admin_policy("iam:GetPolicy", "iam:GetPolicyVersion")
    if request.console:
        yield from scope.account_wide("iam:GetAccountPasswordPolicy")
    lists = {"iam:ListUsers": True, "iam:ListGroups": request.groups, "iam:ListRoles": request.role_arn}
    lists |= dict.fromkeys(("kms:ListKeys", "kms:ListAliases"), request.kms_key_id)
    lists |= dict.fromkeys(("iam:ListAccountAliases", "organizations:DescribeOrganization"), True)
    yield from scope.account_wide(*(action for action, used in lists.items() if used), optional=True)
    yield from scope.regions("account:ListRegions")
    yield from scope.key("kms:DescribeKey")


def keys_of(clients: Clients, region: str) -> AccountList[KmsKey]:
    """Return the KMS keys of ``region``. If they cannot be read, ``problem`` of the list says why."""
    listing: AccountList[KmsKey] = _read("keys", lambda: read_keys(Api(clients, silent_context("keys")), region))
    return listing


def users_of(clients: Clients) -> AccountList[User]:
    """Return the IAM users of the account. If they cannot be read, ``problem`` of the list says why."""
    listing: AccountList[User] = _read("users", lambda: read_users(Api(clients, silent_context("users"))))
    return listing


def _read(name: str, part: Callable[[], Any]) -> Any:
    """Call ``part`` and return its result.

    If it fails, return the problem, as an ``AccountList`` for a name in ``LISTS``. Every exception is caught, so that
    an unexpected answer does not hide the other parts.
    """
    try:
        return part()
    except Exception as error:  # noqa: BLE001 - see above
        problem = as_problem(error)
        return AccountList(problem=problem) if name in LISTS else problem


def _read_aside(part: Callable[[], Any]) -> Future[Any]:
    """Call ``part`` on a daemon thread and return its future, whose result is None if ``part`` fails.

    A daemon thread does not delay the end of the process.
    """
    future: Future[Any] = Future()

    def read() -> None:
        try:
            future.set_result(part())
        except Exception:  # noqa: BLE001 - an optional part must not fail anything
            future.set_result(None)

    Thread(target=read, name="breakglass-aside", daemon=True).start()
    return future


def _alias(api: Api) -> str:
    try:
        aliases = api.call("iam:ListAccountAliases").get("AccountAliases") or [""]
    except Problem:
        return ""
    return str(aliases[0])
