"""The check ``trail``."""

from __future__ import annotations

import pytest

from breakglass_tui.aws.checks.trail import TrailCheck
from breakglass_tui.domain.checks import CheckStatus

NAME = "acme-all-regions"


@pytest.fixture
def check(bench, make_user):
    return lambda **fields: bench.inspect(TrailCheck(bench.clients, make_user().subject(**fields)))


def test_a_trail_of_all_regions_that_logs_passes_with_both_reads_as_evidence(check):
    result = check()
    assert result.status is CheckStatus.PASS
    assert f"trail/{NAME} logs every Region" in result.found
    assert [call.operation for call in result.calls] == ["cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus"]


def test_it_is_found_from_another_region_too(check):
    assert check(region="us-west-2").status is CheckStatus.PASS


def test_a_stopped_trail_is_a_warning_with_the_command_that_starts_it(bench, check):
    cloudtrail = bench.boto("cloudtrail")
    cloudtrail.stop_logging(Name=NAME)
    try:
        result = check()
    finally:
        cloudtrail.start_logging(Name=NAME)
    assert result.status is CheckStatus.WARN
    assert "does not log" in result.found
    assert "start-logging --region eu-west-1" in result.remedy


@pytest.mark.parametrize("missing", ["IsMultiRegionTrail", "IncludeGlobalServiceEvents"])
def test_a_trail_of_one_region_or_without_global_services_is_not_enough(check, bend, missing):
    bend("describe_trails", lambda answer: answer["trailList"][0].update({missing: False}), service="cloudtrail")
    result = check()
    assert result.status is CheckStatus.WARN
    assert "create-trail" in result.remedy


def test_no_trail_at_all_is_reported(check, bend):
    bend("describe_trails", lambda answer: answer.update(trailList=[]), service="cloudtrail")
    assert check().found == "there is no trail"


@pytest.mark.parametrize("operation", ["describe_trails", "get_trail_status"])
def test_a_denied_read_is_a_skip(check, refuse, operation):
    refuse(operation, "AccessDeniedException", service="cloudtrail")
    assert check().status is CheckStatus.SKIP


def test_an_endpoint_without_cloudtrail_is_a_skip_with_the_reason(check, refuse):
    refuse("describe_trails", "NotImplemented", service="cloudtrail")
    assert "does not offer cloudtrail:DescribeTrails" in check().found
