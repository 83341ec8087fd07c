"""The roles that a question of plain mode offers, and that a picker of the screens offers."""

from __future__ import annotations

from dataclasses import replace

from fake_account import ROLES, FakeCloud

from breakglass_tui.domain.account import AccountList, Role
from breakglass_tui.plain.choices import numbered_lines, roles
from breakglass_tui.ui.assessment.listings import role_items

PROTECTED = Role(
    "AWSServiceRoleForSupport",
    "arn:aws:iam::123456789012:role/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport",
)


def test_a_question_says_why_a_protected_role_is_not_available():
    account = replace(FakeCloud().account, roles=AccountList((PROTECTED, *ROLES)))
    lines = list(numbered_lines(roles(account)))
    assert [line.split()[1] for line in lines] == [*(role.name for role in ROLES), PROTECTED.name]
    assert "not available: " in lines[-1]
    assert "only AWS can change" in lines[-1]


def test_a_picker_shows_protected_roles_last_and_they_cannot_be_selected():
    none, *items = role_items((PROTECTED, *ROLES))
    assert not none.obstacle
    assert [item.name for item in items] == [*(role.name for role in ROLES), PROTECTED.name]
    assert [bool(item.obstacle) for item in items] == [False] * len(ROLES) + [True]
