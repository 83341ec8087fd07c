"""The simulated CloudTrail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from breakglass_tui.demo.demo_account import DemoAccount

NAME = "acme-all-regions"
ARN = f"arn:aws:cloudtrail:eu-west-1:{DemoAccount.account_id}:trail/{NAME}"


@pytest.fixture
def trails(demo: DemoAccount, client_for: Any) -> Callable[..., Any]:
    return lambda region="eu-west-1": client_for(demo, "cloudtrail", region=region)


def test_one_multi_region_trail_logs_initially(trails: Any) -> None:
    (trail,) = trails().describe_trails()["trailList"]
    assert trail["TrailARN"] == ARN
    assert trail["IsMultiRegionTrail"]
    assert trail["IncludeGlobalServiceEvents"]
    assert trails().get_trail_status(Name=NAME)["IsLogging"]


def test_another_region_lists_the_shadow_trail_and_reads_it_by_its_arn(trails: Any, refused: Any) -> None:
    elsewhere = trails("us-west-2")
    assert [trail["TrailARN"] for trail in elsewhere.describe_trails()["trailList"]] == [ARN]
    assert elsewhere.describe_trails(includeShadowTrails=False)["trailList"] == []
    assert elsewhere.get_trail_status(Name=ARN)["IsLogging"]
    with refused("TrailNotFoundException"):
        elsewhere.get_trail_status(Name=NAME)


def test_a_list_of_names_filters_the_trails(trails: Any) -> None:
    assert trails().describe_trails(trailNameList=["another"])["trailList"] == []
    assert len(trails().describe_trails(trailNameList=[ARN])["trailList"]) == 1


def test_only_the_home_region_stops_and_starts_a_trail(trails: Any, refused: Any) -> None:
    with refused("InvalidHomeRegionException"):
        trails("us-west-2").stop_logging(Name=ARN)
    trails().stop_logging(Name=NAME)
    assert not trails("us-west-2").get_trail_status(Name=ARN)["IsLogging"]
    trails().start_logging(Name=NAME)
    assert trails().get_trail_status(Name=NAME)["IsLogging"]


def test_a_user_without_permission_cannot_list_trails(
    demo: DemoAccount, iam: Any, user: str, as_key: Any, refused: Any
) -> None:
    key = iam.create_access_key(UserName=user)["AccessKey"]
    with refused("AccessDeniedException", "cloudtrail:DescribeTrails"):
        as_key("cloudtrail", key).describe_trails()


def test_every_new_account_has_a_trail_that_logs(trails: Any, client_for: Any) -> None:
    trails().stop_logging(Name=NAME)
    with DemoAccount() as other:
        assert client_for(other, "cloudtrail").get_trail_status(Name=NAME)["IsLogging"]
    trails().start_logging(Name=NAME)


ALL = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}
MANAGEMENT = {"Name": "Management events", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}


def test_a_trail_records_all_management_events_initially(trails: Any) -> None:
    assert not trails().describe_trails()["trailList"][0]["HasCustomEventSelectors"]
    found = trails().get_event_selectors(TrailName=NAME)
    assert (found["EventSelectors"], found["TrailARN"]) == ([ALL], ARN)
    assert "AdvancedEventSelectors" not in found


@pytest.mark.parametrize("selectors", [{"EventSelectors": [{**ALL, "ReadWriteType": "WriteOnly"}]}])
def test_custom_selectors_are_listed_in_every_region_and_set_at_home(trails: Any, refused: Any, selectors: Any) -> None:
    with refused("InvalidHomeRegionException"):
        trails("us-west-2").put_event_selectors(TrailName=ARN, **selectors)
    trails().put_event_selectors(TrailName=NAME, **selectors)
    try:
        assert trails("us-west-2").describe_trails()["trailList"][0]["HasCustomEventSelectors"]
        assert trails().get_event_selectors(TrailName=ARN)["EventSelectors"] == selectors["EventSelectors"]
    finally:
        trails().put_event_selectors(TrailName=NAME, EventSelectors=[ALL])


def test_advanced_selectors_replace_the_others(trails: Any) -> None:
    trails().put_event_selectors(TrailName=NAME, AdvancedEventSelectors=[MANAGEMENT])
    try:
        found = trails().get_event_selectors(TrailName=NAME)
        assert found["AdvancedEventSelectors"] == [MANAGEMENT]
        assert "EventSelectors" not in found
    finally:
        trails().put_event_selectors(TrailName=NAME, EventSelectors=[ALL])


@pytest.mark.parametrize(
    "selectors",
    [
        {},
        {"EventSelectors": [ALL], "AdvancedEventSelectors": [MANAGEMENT]},
        {"EventSelectors": [ALL] * 6},
        {"EventSelectors": [{**ALL, "ReadWriteType": "Nothing"}]},
        {"EventSelectors": [{**ALL, "ExcludeManagementEventSources": ["iam.amazonaws.com"]}]},
        {"AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "readOnly", "Equals": ["true"]}]}]},
    ],
)
def test_invalid_selectors_are_refused(trails: Any, refused: Any, selectors: Any) -> None:
    with refused("InvalidEventSelectorsException"):
        trails().put_event_selectors(TrailName=NAME, **selectors)


def test_the_status_has_the_time_of_the_last_delivery(trails: Any) -> None:
    status = trails().get_trail_status(Name=NAME)
    age = datetime.now(UTC) - status["LatestDeliveryTime"]
    assert timedelta() < age < timedelta(hours=1)
    assert "LatestDeliveryError" not in status
