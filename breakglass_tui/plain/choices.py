"""The choices of a question as numbered lines, and the value that a typed number or name selects."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from breakglass_tui.domain.account import Account
from breakglass_tui.domain.text import show

MAX_LINES = 40
"""The maximum number of lines of a list. A longer list would scroll away, and a screen reader would read all of it."""


@dataclass(frozen=True, slots=True)
class NumberedChoice:
    """A choice in a numbered list. ``obstacle`` is why it cannot be used, or ""."""

    value: str
    name: str = ""
    detail: str = ""
    obstacle: str = ""

    @property
    def label(self) -> str:
        """The name of the choice, or its value if it has no name."""
        return self.name or self.value


def pick(typed: str, choices: Sequence[NumberedChoice]) -> str:
    """Return the value of the choice that ``typed`` names or numbers. A name has precedence over a number.

    Text that matches no choice is returned as typed, because the rules of the request check it later. Raises
    ``ValueError`` for a number that is not in the list.
    """
    exact = [choice for choice in choices if typed in (choice.value, choice.label)]
    folded = typed.casefold()
    similar = [choice for choice in choices if folded in (choice.value.casefold(), choice.label.casefold())]
    for found in (exact, similar):
        if len(found) == 1:
            return found[0].value
    if choices and typed.isascii() and typed.isdecimal():
        if not 1 <= int(typed[:9]) <= len(choices):
            raise ValueError(f"there is no number {show(typed, 20)}. The list has {len(choices)}, and ? shows it")
        return choices[int(typed) - 1].value
    return typed


def closest_name(typed: str, choices: Sequence[NumberedChoice]) -> str:
    """Return the choice that is most similar to the first wrong name in ``typed``, or "".

    ``typed`` can have several names, separated by commas.
    """
    labels = [choice.label for choice in choices]
    for part in (part.strip() for part in typed.split(",")):
        if part not in labels:
            return next(iter(difflib.get_close_matches(part, labels, n=1, cutoff=0.5)), "")
    return ""


def numbered_lines(choices: Sequence[NumberedChoice], search: str = "") -> Iterator[str]:
    """Yield a line for each choice that contains ``search``, with the number that selects it."""
    wanted = search.casefold()
    found = [
        (number, choice)
        for number, choice in enumerate(choices, 1)
        if wanted in choice.label.casefold() or wanted in choice.detail.casefold()
    ]
    if search and not found:
        yield f"None of the {len(choices)} contains {show(search, 60)}."
    for number, choice in found[:MAX_LINES]:
        obstacle = f"not available: {choice.obstacle}" if choice.obstacle else ""
        remarks = ", ".join(show(text) for text in (choice.detail, obstacle) if text)
        yield f"{number:>3}. {show(choice.label)}{'  (' if remarks else ''}{remarks}{')' if remarks else ''}"
    if len(found) > MAX_LINES:
        yield f"... and {len(found) - MAX_LINES} more. Type ? and a part of the name to search."


def regions(account: Account) -> tuple[NumberedChoice, ...]:
    """Return every Region as a choice. The account cannot use a Region that has an obstacle."""
    items = account.regions.items if account.regions else ()
    return tuple(
        NumberedChoice(one.name, detail=one.description, obstacle="" if one.enabled else f"not enabled ({one.opt_in})")
        for one in items
    )


def keys(account: Account) -> tuple[NumberedChoice, ...]:
    """Return the KMS keys of the Region as choices. The keys that can seal come first."""
    items = account.keys.items if account.keys else ()
    ordered = sorted(items, key=lambda key: (bool(key.obstacle), not key.aliases, key.label))
    return tuple(NumberedChoice(key.label, detail=key.description, obstacle=key.obstacle) for key in ordered)


def groups(account: Account) -> tuple[NumberedChoice, ...]:
    """Return the IAM groups as choices."""
    return tuple(NumberedChoice(group.name) for group in (account.groups.items if account.groups else ()))


def roles(account: Account) -> tuple[NumberedChoice, ...]:
    """Return the IAM roles as choices with the ARN as value. The roles that only AWS can change come last."""
    items = sorted(account.roles.items if account.roles else (), key=lambda role: bool(role.obstacle))
    return tuple(NumberedChoice(role.arn, role.name, role.description, role.obstacle) for role in items)
