"""AdministratorAccess as AWS publishes it, and how another document differs from it.

Source: AWS Managed Policy Reference, AdministratorAccess.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakglass_tui.domain.policy_statements import describe, values
from breakglass_tui.domain.text import show

LANGUAGE_VERSION = "2012-10-17"
"""The version of the policy language. Source: IAM JSON policy elements reference, Version."""
ADMINISTRATOR_ACCESS: Mapping[str, Any] = {
    "Version": LANGUAGE_VERSION,
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
CHANGED_NEXT = (
    "Check --endpoint-url, the network and the proxy: only AWS may answer. If AWS itself changed the policy, update "
    "this program."
)
"""What the operator does about a document that differs."""
_DOCUMENT_ELEMENTS = frozenset({"Version", "Id", "Statement"})
_STATEMENT_ELEMENTS = frozenset({"Sid", "Effect", "Action", "Resource", "Condition"})


def administrator_access_flaws(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return how ``document`` differs from AdministratorAccess, one clause for each difference.

    The result is empty if the document has one statement, which allows every action on every resource without a
    condition. A value and a list of that one value are equal, and ids have no meaning.
    """
    found = document.get("Statement")
    items = list(found) if isinstance(found, (list, tuple)) else [found]
    full = sum(map(_allows_everything, items))
    flaws = [_flaw(item, changes_nothing=full > 0) for item in items if not _allows_everything(item)]
    if document.get("Version") != LANGUAGE_VERSION:
        version = show(str(document.get("Version")))
        flaws.append(f"the version of the policy language is {version}, not {LANGUAGE_VERSION}")
    flaws += [f"{show(str(key))} is no element of a policy" for key in document if key not in _DOCUMENT_ELEMENTS]
    if not full:
        flaws.append("no statement allows every action on every resource")
    elif full > 1:
        flaws.append(f"{full} statements allow everything, and AWS publishes one")
    return tuple(flaws)


def _allows_everything(statement: object) -> bool:
    if not isinstance(statement, Mapping) or statement.get("Effect") != "Allow" or statement.get("Condition"):
        return False
    everything = all(set(values(statement.get(element))) == {"*"} for element in ("Action", "Resource"))
    return everything and _STATEMENT_ELEMENTS.issuperset(statement)


def _flaw(statement: object, *, changes_nothing: bool) -> str:
    """Return why ``statement`` is not the one of AdministratorAccess.

    ``changes_nothing`` means that another statement allows everything, so that one more allow adds nothing.
    """
    if not isinstance(statement, Mapping):
        return "a statement is not a JSON object"
    shown, effect = describe(statement), statement.get("Effect")
    if effect == "Deny":
        return f"{shown} takes permissions away"
    if effect != "Allow":
        return f"{shown} has an unknown effect"
    odd = [show(str(key)) for key in statement if str(key).removeprefix("Not") not in _STATEMENT_ELEMENTS]
    if odd:
        return f"{shown} has an unknown element: {', '.join(odd)}"
    if changes_nothing:
        return f"{shown} is an additional statement, which changes nothing"
    return f"{shown} is only a part"
