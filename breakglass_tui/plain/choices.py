"""What there is to choose from, as numbered lines, and what a number or a text picks."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from breakglass_tui.domain.account import Account
from breakglass_tui.domain.text import show

AT_ONCE = 40
"""Lines of a list; more would run past, and whoever listens would have to hear them all."""


@dataclass(frozen=True, slots=True)
class NumberedChoice:
    """One of a list: the value it gives, its name, a remark, and what keeps it from being taken."""

    value: str
    name: str = ""
    detail: str = ""
    obstacle: str = ""

    @property
    def label(self) -> str:
        """What it is called."""
        return self.name or self.value


def picked(typed: str, choices: Sequence[NumberedChoice]) -> str:
    """The value of the choice that ``typed`` names or numbers; else the text itself, for the rules to judge.

    A name counts before a number. Raises ``ValueError`` for a number that is none of the list's.
    """
    exact = [choice for choice in choices if typed in (choice.value, choice.label)]
    folded = typed.casefold()
    alike = [choice for choice in choices if folded in (choice.value.casefold(), choice.label.casefold())]
    for found in (exact, alike):
        if len(found) == 1:
            return found[0].value
    if choices and typed.isascii() and typed.isdecimal():
        if not 1 <= int(typed[:9]) <= len(choices):
            raise ValueError(f"there is no number {show(typed, 20)}: the list has {len(choices)}, and ? shows it")
        return choices[int(typed) - 1].value
    return typed


def nearest(typed: str, choices: Sequence[NumberedChoice]) -> str:
    """The name that was probably meant by the first part that is no choice, or nothing."""
    labels = [choice.label for choice in choices]
    for part in (part.strip() for part in typed.split(",")):
        if part not in labels:
            return next(iter(difflib.get_close_matches(part, labels, n=1, cutoff=0.5)), "")
    return ""


def listed(choices: Sequence[NumberedChoice], search: str = "") -> Iterator[str]:
    """The choices, or those that contain ``search``, each with the number that picks it."""
    wanted = search.casefold()
    found = [
        (number, choice)
        for number, choice in enumerate(choices, 1)
        if wanted in choice.label.casefold() or wanted in choice.detail.casefold()
    ]
    if search and not found:
        yield f"None of the {len(choices)} contains {show(search, 60)}."
    for number, choice in found[:AT_ONCE]:
        cannot = f"cannot be taken: {choice.obstacle}" if choice.obstacle else ""
        remarks = "; ".join(show(text) for text in (choice.detail, cannot) if text)
        yield f"{number:>3}. {show(choice.label)}{'  (' if remarks else ''}{remarks}{')' if remarks else ''}"
    if len(found) > AT_ONCE:
        yield f"... and {len(found) - AT_ONCE} more: type ? and a part of the name to list those that contain it."


def regions(account: Account) -> tuple[NumberedChoice, ...]:
    """Every Region, and whether the account may use it."""
    items = account.regions.items if account.regions else ()
    return tuple(
        NumberedChoice(one.name, detail=one.description, obstacle="" if one.enabled else f"not enabled ({one.opt_in})")
        for one in items
    )


def keys(account: Account) -> tuple[NumberedChoice, ...]:
    """The KMS keys of the Region, those that can seal first."""
    items = account.keys.items if account.keys else ()
    ordered = sorted(items, key=lambda key: (bool(key.obstacle), not key.aliases, key.label))
    return tuple(NumberedChoice(key.label, detail=key.description, obstacle=key.obstacle) for key in ordered)


def groups(account: Account) -> tuple[NumberedChoice, ...]:
    """The IAM groups by name."""
    return tuple(NumberedChoice(group.name) for group in (account.groups.items if account.groups else ()))


def roles(account: Account) -> tuple[NumberedChoice, ...]:
    """The IAM roles: named short, meant by their ARN."""
    items = sorted(account.roles.items if account.roles else (), key=lambda role: bool(role.obstacle))
    return tuple(NumberedChoice(role.arn, role.name, role.description, role.obstacle) for role in items)
