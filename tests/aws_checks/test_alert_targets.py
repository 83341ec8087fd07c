"""The targets of the rules that ``sign-in-alert`` counts: only what was read, and works, is a proof."""

from __future__ import annotations

import json

import pytest
from alert_world import REGIONS, RULE, TOPIC, Alerts, topic_arn, topic_policy

from breakglass_tui.aws.checks.sign_in_alert import SignInAlertCheck
from breakglass_tui.demo.notification_world import SimulatedSubscription
from breakglass_tui.domain.checks import CheckStatus

REGION = "us-east-1"
LAMBDA = f"arn:aws:lambda:{REGION}:123456789012:function:page"
KEY_POLICY = {
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": ["kms:GenerateDataKey*", "kms:Decrypt"],
    "Resource": "*",
}


@pytest.fixture
def alerts(simulated):
    made = Alerts(simulated)
    yield made
    made.restore()


@pytest.fixture
def check(bench, make_user, alerts):
    """Return a function that checks a user with an alert in every Region, after ``broken`` has changed us-east-1."""
    user = make_user()
    alerts.create(user.name)

    def run(**broken):
        for part, work in broken.items():
            getattr(alerts, part)(REGION, work)
        return bench.inspect(SignInAlertCheck(bench.clients, user.subject()))

    return run


def warned(result, text, *, exact=True):
    assert result.status is CheckStatus.WARN, result.found
    assert (f"{text} in {REGION};" if exact else text) in result.found, result.found
    assert result.caution == f"No proven alert for a sign-in in 1 of {len(REGIONS)} Regions"
    return True


def policy(text):
    return lambda topic: topic.attributes.update(Policy=text)


def targets(*arns, **more):
    return lambda rule: setattr(rule, "targets", {arn: {"Id": arn, "Arn": arn, **more} for arn in arns})


def test_a_rule_without_a_target_alerts_nobody(check):
    result = check(rule=targets())
    assert warned(result, f"{RULE} has no target")
    assert f"for region in {REGION}; do topic=$(aws sns create-topic" in result.remedy


def test_a_new_topic_does_not_let_eventbridge_publish(check):
    owner = {"Principal": {"AWS": "*"}, "Condition": {"StringEquals": {"AWS:SourceOwner": "123456789012"}}}
    result = check(topic=policy(topic_policy(REGION, **owner)))
    assert warned(result, f"topic {TOPIC} of {RULE} does not let EventBridge publish")


def test_a_policy_for_another_rule_does_not_count(check):
    other = {"Condition": {"ArnEquals": {"aws:SourceArn": f"arn:aws:events:{REGION}:123456789012:rule/other"}}}
    assert warned(check(topic=policy(topic_policy(REGION, **other))), "does not let EventBridge publish")


def test_a_policy_for_this_rule_passes(check):
    own = {"Condition": {"ArnEquals": {"aws:SourceArn": f"arn:aws:events:{REGION}:123456789012:rule/{RULE}"}}}
    assert check(topic=policy(topic_policy(REGION, **own))).status is CheckStatus.PASS


def test_a_condition_that_cannot_be_evaluated_is_not_a_proof(check):
    unknown = {"Condition": {"StringEquals": {"aws:SourceOrgID": "o-1"}}}
    result = check(topic=policy(topic_policy(REGION, **unknown)))
    assert warned(result, f"the conditions in the policy of topic {TOPIC} of {RULE} are not tested")
    assert "Sign in once, and check that the alert arrives." in result.remedy


def test_a_pending_subscription_receives_nothing(check):
    result = check(topic=lambda topic: setattr(topic.subscriptions[0], "pending", True))
    assert warned(result, f"topic {TOPIC} of {RULE} has no confirmed subscription (1 is pending)")
    assert f"--topic-arn {topic_arn(REGION)} --token TOKEN --authenticate-on-unsubscribe true" in result.remedy
    assert "create-topic" not in result.remedy


def test_a_topic_without_a_subscription_alerts_nobody(check):
    result = check(topic=lambda topic: topic.subscriptions.clear())
    assert warned(result, f"topic {TOPIC} of {RULE} has no confirmed subscription")
    assert "aws sns subscribe" in result.remedy


def test_one_confirmed_subscription_is_enough(check):
    pending = SimulatedSubscription(f"{topic_arn(REGION)}:1", "email", "other@example.com", "token")
    assert check(topic=lambda topic: topic.subscriptions.insert(0, pending)).status is CheckStatus.PASS


def test_every_defect_of_a_topic_is_reported(check):
    def spoil(topic):
        topic.subscriptions.clear()
        topic.attributes["Policy"] = topic_policy(REGION, Action="sns:Subscribe")

    result = check(topic=spoil)
    assert warned(result, f"topic {TOPIC} of {RULE} does not let EventBridge publish")
    assert warned(result, f"topic {TOPIC} of {RULE} has no confirmed subscription")
    assert result.remedy.count("create-topic") == 1


def test_the_aws_managed_key_cannot_be_used(check):
    result = check(topic=lambda topic: topic.attributes.update(KmsMasterKeyId="alias/aws/sns"))
    managed = "is encrypted with the AWS managed key, which EventBridge cannot use"
    assert warned(result, f"topic {TOPIC} of {RULE} {managed}")
    assert f"set-topic-attributes --region {REGION} --topic-arn {topic_arn(REGION)}" in result.remedy


@pytest.fixture
def key(bench):
    """Return a function that creates a key of us-east-1 with a statement in its policy, and returns its id."""

    def create(*statements):
        root = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*"}
        document = {"Version": "2012-10-17", "Statement": [{**root, "Resource": "*"}, *statements]}
        created = bench.boto("kms", REGION).create_key(Policy=json.dumps(document))
        return created["KeyMetadata"]["KeyId"]

    return create


def test_a_key_that_lets_eventbridge_encrypt_passes(check, key):
    id = key(KEY_POLICY)
    assert check(topic=lambda topic: topic.attributes.update(KmsMasterKeyId=id)).status is CheckStatus.PASS


@pytest.mark.parametrize("statements", [(), ({**KEY_POLICY, "Action": "kms:Decrypt"},)])
def test_a_key_that_does_not_let_eventbridge_encrypt_is_a_warning(check, key, statements):
    id = key(*statements)
    result = check(topic=lambda topic: topic.attributes.update(KmsMasterKeyId=id))
    assert warned(result, f"topic {TOPIC} of {RULE} has a KMS key that does not let EventBridge encrypt")


@pytest.mark.parametrize("operation", ["describe_key", "get_key_policy"])
def test_a_key_that_cannot_be_read_is_not_a_proof(check, key, refuse, operation):
    refuse(operation, "AccessDeniedException", service="kms", region=REGION)
    id = key(KEY_POLICY)
    result = check(topic=lambda topic: topic.attributes.update(KmsMasterKeyId=id))
    assert result.status is CheckStatus.WARN
    assert f"topic {TOPIC} of {RULE} could not be read in {REGION}: You are not allowed to call kms:" in result.found


def test_a_disabled_key_is_a_warning(check):
    result = check(topic=lambda topic: topic.attributes.update(KmsMasterKeyId="alias/old-backups"))
    assert warned(result, f"topic {TOPIC} of {RULE} has a KMS key that is Disabled")


def test_a_topic_that_does_not_exist_is_a_warning(check):
    result = check(rule=targets(f"arn:aws:sns:{REGION}:123456789012:absent"))
    assert warned(result, f"topic absent of {RULE} does not exist")


def test_a_topic_of_another_region_is_a_warning(check):
    result = check(rule=targets(topic_arn("eu-west-1")))
    assert warned(result, f"{RULE} has a target of sns that is in another Region")


@pytest.mark.parametrize("operation", ["get_topic_attributes", "list_subscriptions_by_topic"])
def test_a_topic_that_cannot_be_read_is_not_a_proof(check, refuse, operation):
    refuse(operation, "AuthorizationError", service="sns", region=REGION)
    result = check()
    assert result.status is CheckStatus.WARN
    assert f"topic {TOPIC} of {RULE} could not be read in {REGION}: You are not allowed to call sns:" in result.found
    assert "Ask for the permission sns:" in result.remedy


@pytest.mark.parametrize(
    ("arn", "part"),
    [
        (LAMBDA, "lambda, but its resource policy and what the function does are not tested"),
        (f"arn:aws:sqs:{REGION}:123456789012:pager", "sqs, but its resource policy and who reads the queue"),
        (f"arn:aws:logs:{REGION}:123456789012:log-group:/aws/x", "logs, but its resource policy and who reads the log"),
        (
            "arn:aws:events:eu-west-1:123456789012:event-bus/default",
            "events, but its resource policy and the rules of the other event bus are not tested",
        ),
        (f"arn:aws:states:{REGION}:123456789012:stateMachine:x", "states, but its resource policy and what it does"),
    ],
)
def test_a_target_of_another_kind_says_which_part_of_it_is_not_tested(check, arn, part):
    result = check(rule=targets(arn))
    assert warned(result, f"{RULE} has a target of {part.removesuffix(' are not tested')}", exact=False)
    assert "Sign in once, and check that the alert arrives." in result.remedy


@pytest.mark.parametrize("service", ["lambda", "sqs", "logs"])
def test_only_an_event_bus_can_be_in_another_region(check, service):
    result = check(rule=targets(f"arn:aws:{service}:eu-west-1:123456789012:page"))
    assert warned(result, f"{RULE} has a target of {service} that is in another Region")
    assert "aws sns create-topic" in result.remedy


def trusted(*services):
    statement = {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def test_a_role_that_does_not_exist_or_does_not_trust_eventbridge_delivers_nothing(bench, check):
    absent, other = "arn:aws:iam::123456789012:role/absent", bench.role(trusted("lambda.amazonaws.com"))
    name = other.rsplit("/", 1)[1]
    assert warned(check(rule=targets(LAMBDA, RoleArn=absent)), f"role absent of a target of {RULE} does not exist")
    refused = f"role {name} of a target of {RULE} does not let EventBridge assume it"
    assert warned(check(rule=targets(LAMBDA, RoleArn=other)), refused)
    assert warned(check(rule=targets(topic_arn(REGION), RoleArn=other)), refused)


def test_a_role_that_trusts_eventbridge_leaves_its_permissions_untested(bench, check):
    role = bench.role(trusted("events.amazonaws.com"))
    untested = f"{RULE} has a target of lambda, but the permissions of its role and what the function does"
    assert warned(check(rule=targets(LAMBDA, RoleArn=role)), untested, exact=False)
    topic = f"the permissions of the role for topic {TOPIC} of {RULE} are not tested"
    assert warned(check(rule=targets(topic_arn(REGION), RoleArn=role)), topic)


def test_a_topic_with_a_role_needs_a_confirmed_subscription_too(bench, check):
    role = bench.role(trusted("events.amazonaws.com"))
    rule, topic = targets(topic_arn(REGION), RoleArn=role), lambda topic: topic.subscriptions.clear()
    assert warned(check(rule=rule, topic=topic), f"topic {TOPIC} of {RULE} has no confirmed subscription")


def test_a_role_that_cannot_be_read_is_not_a_proof(bench, check, refuse):
    role = bench.role(trusted("events.amazonaws.com"))
    refuse("get_role", "AccessDenied")
    result = check(rule=targets(LAMBDA, RoleArn=role))
    assert result.status is CheckStatus.WARN
    assert "could not be read in us-east-1: You are not allowed to call iam:GetRole." in result.found


def test_a_role_of_all_regions_is_read_once(bench, check, alerts):
    role = bench.role(trusted("events.amazonaws.com"))
    for region in REGIONS:
        alerts.rule(region, targets(topic_arn(region), RoleArn=role))
    result = check()
    assert f"of {RULE} are not tested in all {len(REGIONS)} Regions" in result.found
    assert [call.operation for call in result.calls].count("iam:GetRole") == 1


def test_one_target_that_works_is_enough(check):
    assert check(rule=targets(LAMBDA, topic_arn(REGION))).status is CheckStatus.PASS
