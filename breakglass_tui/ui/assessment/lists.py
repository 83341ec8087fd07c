"""Fill the lists of the Assessment from the account: Regions, groups, roles and KMS keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from breakglass_tui.domain.account import Account
from breakglass_tui.ui.assessment.list_field import ListField
from breakglass_tui.ui.assessment.listings import group_item, key_items, region_item, role_items
from breakglass_tui.ui.state.draft import Draft
from breakglass_tui.ui.state.session import Session

if TYPE_CHECKING:
    FieldOf = Callable[[str], ListField]


def offer_lists(field: FieldOf, session: Session) -> None:
    """Fill each list of the form with what has been read of the account. The others show that they are waiting.

    ``field`` returns the list field with a name.

    A selected KMS key that does not exist in the current Region is deselected.
    """
    account, draft = session.connection.account, session.draft
    field("region").choose(draft.region)
    _offer_regions(field, account)
    if account is not None:
        _offer_groups(field, account)
        _offer_roles(field, account)
    _offer_keys(field, account, draft)


def _offer_regions(field: FieldOf, account: Account | None) -> None:
    # The Region can be changed only after everything is read. Before that, a response for the old one may arrive.
    if account is None or account.regions is None or not account.complete:
        field("region").wait()
    else:
        field("region").offer(tuple(map(region_item, account.regions.items)), account.regions.problem)


def _offer_groups(field: FieldOf, account: Account) -> None:
    if account.groups is not None:
        field("groups").offer(tuple(map(group_item, account.groups.items)), account.groups.problem)


def _offer_roles(field: FieldOf, account: Account) -> None:
    if account.roles is not None:
        items = role_items(account.roles.items) if account.roles.verified else ()
        field("role_arn").offer(items, account.roles.problem)


def _offer_keys(field: FieldOf, account: Account | None, draft: Draft) -> None:
    shown = field("kms_key_id")
    if account is None or account.keys is None or (draft.region and account.region != draft.region):
        shown.wait()
        return
    keys = account.keys
    if keys.verified and not any(key.is_called(draft.kms_key_id) for key in keys.items):
        if draft.kms_key_id:
            shown.drop(f"{draft.kms_key_id} is deselected: {account.region} has no such key")
        draft.kms_key_id = ""
    shown.choose(draft.kms_key_id)
    shown.offer(key_items(keys.items) if keys.verified else (), keys.problem)
