"""The check ``trail``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from breakglass_tui.aws.checks.trail import TrailCheck
from breakglass_tui.aws.checks.trail_remedies import TrailRemedies
from breakglass_tui.aws.checks.trail_state import Trail
from breakglass_tui.demo.notification_world import SimulatedTrail
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.compliance import ControlStatus, control_results

NAME = "acme-all-regions"
ALL = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}
BUCKET = {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::acme-payroll/"]}
CATEGORY = {"Field": "eventCategory", "Equals": ["Management"]}
DATA = {
    "Name": "Payroll",
    "FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
    ],
}


def basic(**fields):
    return {"EventSelectors": [{**ALL, **fields}]}


def advanced(*fields):
    return {"AdvancedEventSelectors": [{"FieldSelectors": [CATEGORY, *fields]}]}


@pytest.fixture
def check(bench, make_user):
    return lambda **fields: bench.inspect(TrailCheck(bench.clients, make_user().subject(**fields)))


@pytest.fixture
def record(bench):
    """Return a function that sets event selectors. After the test, the trail records all management events again."""
    cloudtrail = bench.boto("cloudtrail")
    yield lambda selectors: cloudtrail.put_event_selectors(TrailName=NAME, **selectors)
    cloudtrail.put_event_selectors(TrailName=NAME, EventSelectors=[{**ALL, "ExcludeManagementEventSources": []}])


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


def test_the_selectors_of_a_trail_with_default_selectors_are_not_read(check):
    assert "cloudtrail:GetEventSelectors" not in [call.operation for call in check().calls]


@pytest.mark.parametrize(
    ("selectors", "gap"),
    [
        (basic(ReadWriteType="WriteOnly"), "read events"),
        (basic(ReadWriteType="ReadOnly"), "write events"),
        (basic(IncludeManagementEvents=False, DataResources=[BUCKET]), "management events"),
        (basic(ExcludeManagementEventSources=["kms.amazonaws.com"]), "events of kms.amazonaws.com"),
        (advanced({"Field": "readOnly", "Equals": ["true"]}), "write events"),
        (advanced({"Field": "readOnly", "Equals": ["false"]}), "read events"),
        (advanced({"Field": "eventSource", "NotEquals": ["rdsdata.amazonaws.com"]}), "events of rdsdata.amazonaws.com"),
        ({"AdvancedEventSelectors": [DATA]}, "management events"),
        (advanced({"Field": "eventName", "Equals": ["ConsoleLogin"]}), "management events"),
    ],
)
def test_a_trail_that_leaves_out_management_events_is_a_warning_with_the_reason(check, record, selectors, gap):
    record(selectors)
    result = check()
    assert result.status is CheckStatus.WARN
    assert f"trail/{NAME} does not record all {gap}" in result.found
    assert result.caution == "No CloudTrail trail records everything that this user does"
    assert result.clears == "Set up a trail that logs all management events of every Region and delivers to S3."
    assert "cloudtrail:GetEventSelectors" in [call.operation for call in result.calls]


@pytest.mark.parametrize(
    "selectors",
    [
        {"EventSelectors": [{**ALL, "ReadWriteType": "ReadOnly"}, {**ALL, "ReadWriteType": "WriteOnly"}]},
        {"EventSelectors": [{**ALL, "ExcludeManagementEventSources": ["kms.amazonaws.com"]}, ALL]},
        {"AdvancedEventSelectors": [DATA, *advanced()["AdvancedEventSelectors"]]},
        basic(DataResources=[BUCKET]),
    ],
)
def test_selectors_that_together_record_all_management_events_pass(check, record, selectors):
    record(selectors)
    assert check().status is CheckStatus.PASS


def test_a_failed_delivery_is_a_warning_with_the_error_of_s3(check, bend):
    bend("get_trail_status", lambda answer: answer.update(LatestDeliveryError="AccessDenied"), service="cloudtrail")
    result = check()
    assert result.status is CheckStatus.WARN
    assert "the last delivery to acme-cloudtrail-logs failed: AccessDenied" in result.found
    assert "get-trail-status --region eu-west-1" in result.remedy


@pytest.mark.parametrize(("hours", "status"), [(23, CheckStatus.PASS), (25, CheckStatus.WARN)])
def test_a_trail_that_delivered_nothing_for_a_day_is_a_warning(check, bend, hours, status):
    last = datetime.now(UTC) - timedelta(hours=hours)
    bend("get_trail_status", lambda answer: answer.update(LatestDeliveryTime=last), service="cloudtrail")
    result = check()
    assert result.status is status
    assert (f"delivered its last log file on {last:%Y-%m-%d %H:%M} UTC" in result.found) is (hours == 25)


def test_a_trail_that_never_delivered_is_a_warning(check, bend):
    bend("get_trail_status", lambda answer: answer.pop("LatestDeliveryTime"), service="cloudtrail")
    result = check()
    assert result.status is CheckStatus.WARN
    assert "has not delivered a log file yet" in result.found


@pytest.fixture
def second_trail(simulated):
    """Add a trail of all Regions with its home in us-east-1 for one test. ``second_trail`` changes its fields."""
    trail = SimulatedTrail("second", "us-east-1", "bucket")
    simulated._server.run_locked(lambda world: world.trails.append(trail))
    yield lambda **fields: [setattr(trail, name, value) for name, value in fields.items()]
    simulated._server.run_locked(lambda world: world.trails.pop())


WRITES = [{**ALL, "ReadWriteType": "WriteOnly", "ExcludeManagementEventSources": []}]


def test_two_trails_that_together_record_all_management_events_pass(check, record, second_trail):
    record(basic(ReadWriteType="ReadOnly"))
    second_trail(selectors=WRITES)
    result = check()
    assert result.status is CheckStatus.PASS
    first, second = f"arn:aws:cloudtrail:eu-west-1:123456789012:trail/{NAME}", "us-east-1:123456789012:trail/second"
    assert result.found.startswith(f"{first} and arn:aws:cloudtrail:{second} together log every Region")


def test_a_trail_that_adds_nothing_is_not_named(check, record, second_trail, simulated):
    second_trail(selectors=[{**ALL, "IncludeManagementEvents": False, "DataResources": [BUCKET]}])
    assert check().found == f"arn:aws:cloudtrail:eu-west-1:123456789012:trail/{NAME} logs every Region"


@pytest.mark.parametrize(
    "fields",
    [
        {"everywhere": False},
        {"logging": False},
        {"delivery_error": "AccessDenied"},
        {"selectors": [{**WRITES[0], "ExcludeManagementEventSources": ["kms.amazonaws.com"]}]},
        {"selectors": [{**ALL, "ReadWriteType": "ReadOnly"}]},
    ],
)
def test_a_second_trail_counts_only_if_it_works_everywhere_and_closes_the_gap(check, record, second_trail, fields):
    record(basic(ReadWriteType="ReadOnly"))
    second_trail(**{"selectors": WRITES, **fields})
    result = check()
    assert result.status is CheckStatus.WARN
    assert f"trail/{NAME} does not record all write events" in result.found


def test_two_trails_that_exclude_different_sources_together_record_both(check, record, second_trail):
    record(basic(ExcludeManagementEventSources=["kms.amazonaws.com"]))
    second_trail(selectors=[{**ALL, "ExcludeManagementEventSources": ["rdsdata.amazonaws.com"]}])
    assert check().status is CheckStatus.PASS


def test_a_trail_that_cannot_be_read_closes_no_gap(check, record, second_trail, refuse):
    record(basic(ReadWriteType="ReadOnly"))
    second_trail(selectors=WRITES)
    refuse("get_event_selectors", "AccessDeniedException", service="cloudtrail", region="us-east-1")
    assert check().status is CheckStatus.WARN


def test_one_good_trail_is_enough(check, record, second_trail):
    record(basic(ReadWriteType="WriteOnly"))
    result = check()
    assert result.status is CheckStatus.PASS
    assert "us-east-1:123456789012:trail/second logs every Region" in result.found


def test_a_trail_that_cannot_be_read_does_not_hide_a_good_one(check, second_trail, refuse):
    refuse("get_trail_status", "AccessDeniedException", service="cloudtrail")
    assert check().status is CheckStatus.PASS


def test_a_trail_that_cannot_be_read_does_not_hide_the_reason_of_another(check, record, second_trail, refuse):
    record(basic(ReadWriteType="WriteOnly"))
    refuse("get_trail_status", "AccessDeniedException", service="cloudtrail", region="us-east-1")
    result = check()
    assert result.status is CheckStatus.WARN
    assert "does not record all read events" in result.found
    assert "trail/second could not be read: You are not allowed to call cloudtrail:GetTrailStatus." in result.found


@pytest.mark.parametrize("operation", ["get_trail_status", "get_event_selectors"])
def test_a_trail_that_cannot_be_read_never_passes(check, record, refuse, operation):
    record(basic(ReadWriteType="All", DataResources=[BUCKET]))
    refuse(operation, "AccessDeniedException", service="cloudtrail")
    result = check()
    assert result.status is CheckStatus.SKIP
    assert "You are not allowed to call cloudtrail:" in result.found


def test_the_command_for_a_trail_of_another_account_names_the_account_and_no_profile(bench):
    trail = Trail(f"arn:aws:cloudtrail:eu-west-1:999999999999:trail/{NAME}", "eu-west-1", "bucket", everywhere=True)
    other = TrailRemedies(bench.clients, trail, "123456789012").record_all()
    own = TrailRemedies(bench.clients, trail, "999999999999").record_all()
    assert "in account 999999999999: aws cloudtrail put-event-selectors" in other
    assert "account" not in own.split(": ")[0]
    assert "--profile" not in other
    assert "--profile" in own


def test_more_selectors_than_a_trail_can_have_are_no_command(bench):
    selectors = [{**ALL, "ReadWriteType": "WriteOnly", "DataResources": [BUCKET]}] * 5
    trail = Trail("arn:aws:cloudtrail:eu-west-1:1:trail/x", "eu-west-1", "bucket", everywhere=True, basic=selectors)
    assert (
        TrailRemedies(bench.clients, trail, "1")
        .record_all()
        .endswith("in the event selectors of arn:aws:cloudtrail:eu-west-1:1:trail/x.")
    )


@pytest.mark.parametrize(("selectors", "status"), [
    (basic(DataResources=[BUCKET]), ControlStatus.MET),
    (basic(ReadWriteType="WriteOnly"), ControlStatus.NOT_MET),
])  # fmt: skip
def test_the_controls_follow_the_selectors(check, record, selectors, status):
    record(selectors)
    found = {result.control.id: result.status for result in control_results([check()])}
    assert found["CloudTrail.1"] is found["AC-6(9)"] is found["AC-2(4)"] is status
