"""The titles of the checks: "Failed: TITLE" and "Passed: TITLE" must both be true sentences."""

from __future__ import annotations

import re

import pytest

from breakglass_tui.aws.checks import validation_checks
from breakglass_tui.aws.preflight import preflight_checks
from breakglass_tui.aws.preflight.certificates import CertificatesPreflight
from breakglass_tui.engine.journal_preflight import JournalPreflight

ROLE = "arn:aws:iam::123456789012:role/service/CiDeploy"
STATEMENT = re.compile(
    r"\b(?:is|are|can|no|not|works?|exists?|matches|locks|logs|enforced|readable|writable|available|sufficient|verified"
    r"|unchanged|free)\b",
    re.IGNORECASE,
)
"""Words that make a statement of a title: with them, the title of a failed check says that the check passed."""


@pytest.fixture
def titles(bench, make_user, tmp_path):
    subject = make_user().subject(groups=["emergency"], role_arn=ROLE, mfa="sealed", kms_key_id="alias/break-glass")
    setup = bench.setup(
        tmp_path, groups=["emergency"], role_arn=ROLE, kms_key_id="alias/break-glass", mfa="sealed", require_mfa=True
    )
    checks = (*validation_checks(bench.clients, subject), *preflight_checks(bench.clients, setup))
    return {check.id: check.title for check in (*checks, CertificatesPreflight, JournalPreflight)}


def test_no_title_states_a_result(titles):
    assert len(titles) >= 25
    assert {id: title for id, title in titles.items() if STATEMENT.search(title)} == {}


def test_each_title_names_one_check(titles):
    assert len(set(titles.values())) == len(titles)
