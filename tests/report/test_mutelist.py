"""The mutelist, parsed and matched like in Prowler."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import yaml

from breakglass_tui.domain import events as e
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.report.mutelist import mutelist
from breakglass_tui.report.report_document import report_document

ACCOUNT = "123456789012"
TAGS = "breakglass-tui:run-id=00aa11bb22cc33dd | breakglass-tui:managed=true"
INLINE = "iam_inline_policy_no_administrative_privileges"
DIRECT = "iam_policy_attached_only_to_group_or_roles"
UNUSED = "iam_user_console_access_unused"


def muted(document, check, resource, tags="", account=ACCOUNT):
    """Return whether Prowler would mute the finding: all patterns must match, anywhere in the text."""
    checks = yaml.safe_load(mutelist(document))["Mutelist"]["Accounts"].get(account, {}).get("Checks", {})
    rule = checks.get(check)
    if rule is None:
        return False
    assert set(rule) <= {"Regions", "Resources", "Tags", "Description"}
    assert rule["Regions"] == ["*"]
    tagged = all(re.search(tag, tags) for tag in rule.get("Tags", []))
    return tagged and any(re.search(pattern, resource) for pattern in rule["Resources"])


@pytest.fixture
def document(finished):
    unused = CheckResult("last-use", "Last use", CheckStatus.WARN, "", "never used")
    finished.apply(e.CheckFinished(finished.started_at, unused))
    return report_document(finished)


@pytest.mark.parametrize("endpoint", [None, "http://127.0.0.1:4566"])
def test_the_mutelist_of_an_emulator_says_so(document, endpoint):
    document["run"] |= {"endpoint": endpoint, "emulator": endpoint is not None}
    text = mutelist(document)
    assert ("# EMULATOR: all calls went to http://127.0.0.1:4566." in text) is (endpoint is not None)
    assert yaml.safe_load(text)


def test_an_expected_exception_is_muted_for_this_user(document):
    assert muted(document, INLINE, "bg-alice/BreakGlassAdministratorAccess")
    assert muted(document, DIRECT, "bg-alice/BreakGlassAdministratorAccess", TAGS)
    assert muted(document, UNUSED, "bg-alice", TAGS)
    assert muted(document, "iam_user_accesskey_unused", "bg-alice/AccessKey1", TAGS)


@pytest.mark.parametrize(
    ("check", "resource", "tags", "account"),
    [
        (INLINE, "bg-alice2/BreakGlassAdministratorAccess", TAGS, ACCOUNT),
        (INLINE, "xbg-alice/BreakGlassAdministratorAccess", TAGS, ACCOUNT),
        (INLINE, "bg-alice/Another", TAGS, ACCOUNT),
        (INLINE, "bg-alice/BreakGlassAdministratorAccess", TAGS, "999999999999"),
        (DIRECT, "bg-alice/BreakGlassAdministratorAccess", "team=ops", ACCOUNT),
        (UNUSED, "bg-alice", "", ACCOUNT),
        ("iam_user_mfa_enabled_console_access", "bg-alice", TAGS, ACCOUNT),
    ],
)
def test_nothing_else_is_muted(document, check, resource, tags, account):
    assert not muted(document, check, resource, tags, account)


def test_a_name_is_not_a_pattern(finished):
    finished.header.request["user_name"] = "bg.a+b=,@x"
    document = report_document(finished)
    assert muted(document, INLINE, "bg.a+b=,@x/BreakGlassAdministratorAccess")
    assert not muted(document, INLINE, "bgxaab=,@x/BreakGlassAdministratorAccess")


def test_a_failed_check_is_not_muted(finished):
    wrong = replace(finished.checks["inline-policy"], status=CheckStatus.FAIL, found="differs")
    finished.apply(e.CheckFinished(finished.started_at, wrong))
    assert not muted(report_document(finished), INLINE, "bg-alice/BreakGlassAdministratorAccess")


@pytest.mark.parametrize("record", [RunRecord()])
def test_without_an_exception_the_mutelist_is_empty_but_valid(interrupted, record):
    for one in (record, interrupted):
        assert yaml.safe_load(mutelist(report_document(one))) == {"Mutelist": {"Accounts": {}}}


def test_external_text_stays_in_its_scalar(finished, nasty):
    document = report_document(finished)
    for one in document["compliance"]:
        one["text"] = nasty
    document["run"]["account_id"] = f'1"\n  x: {nasty}'
    rules = yaml.safe_load(mutelist(document))["Mutelist"]["Accounts"]
    (checks,) = [account["Checks"] for account in rules.values()]
    assert set(checks) == {INLINE, DIRECT}
    assert all("<script>" in rule["Description"] for rule in checks.values())
