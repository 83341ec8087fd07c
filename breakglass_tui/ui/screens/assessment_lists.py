"""Fill the lists of the Assessment from the account: Regions, groups, roles and KMS keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breakglass_tui.domain.account import Account
from breakglass_tui.ui.draft import Draft
from breakglass_tui.ui.flow import Session
from breakglass_tui.ui.listings import group_item, key_items, region_item, role_items

if TYPE_CHECKING:
    from breakglass_tui.ui.screens.assessment_form import AssessmentForm


def offer_lists(form: AssessmentForm, session: Session) -> None:
    """Fill each list field of ``form`` with what has been read of the account. The others show that they are waiting.

    A selected KMS key that does not exist in the current Region is deselected.
    """
    account, draft = session.account, session.draft
    form.list_field("region").choose(draft.region)
    _offer_regions(form, account)
    if account is not None:
        _offer_groups(form, account)
        _offer_roles(form, account)
    _offer_keys(form, account, draft)


def _offer_regions(form: AssessmentForm, account: Account | None) -> None:
    # The Region can be changed only after everything is read. Before that, a response for the old one may arrive.
    if account is None or account.regions is None or not account.complete:
        form.list_field("region").wait()
    else:
        form.list_field("region").offer(tuple(map(region_item, account.regions.items)), account.regions.problem)


def _offer_groups(form: AssessmentForm, account: Account) -> None:
    if account.groups is not None:
        form.list_field("groups").offer(tuple(map(group_item, account.groups.items)), account.groups.problem)


def _offer_roles(form: AssessmentForm, account: Account) -> None:
    if account.roles is not None:
        items = role_items(account.roles.items) if account.roles.verified else ()
        form.list_field("role_arn").offer(items, account.roles.problem)


def _offer_keys(form: AssessmentForm, account: Account | None, draft: Draft) -> None:
    field = form.list_field("kms_key_id")
    if account is None or account.keys is None or (draft.region and account.region != draft.region):
        field.wait()
        return
    keys = account.keys
    if keys.verified and not any(key.is_called(draft.kms_key_id) for key in keys.items):
        if draft.kms_key_id:
            field.drop(f"{draft.kms_key_id} is deselected: {account.region} has no such key")
        draft.kms_key_id = ""
    field.choose(draft.kms_key_id)
    field.offer(key_items(keys.items) if keys.verified else (), keys.problem)
