"""The commands in remedies: pasted into a shell with the real AWS CLI, they fix what the check found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alert_world import RULE, TOPIC, Alerts
from aws_shell import aws_server, paste

from breakglass_tui.aws.checks.access import AccessCheck
from breakglass_tui.aws.checks.group_membership import GroupMembershipCheck
from breakglass_tui.aws.checks.groups import GroupsCheck
from breakglass_tui.aws.checks.inline_policy import InlinePolicyCheck
from breakglass_tui.aws.checks.kms_key import KmsKeyCheck
from breakglass_tui.aws.checks.mfa_devices import MfaDevicesCheck
from breakglass_tui.aws.checks.mfa_enforcement import MfaEnforcementCheck
from breakglass_tui.aws.checks.password_policy import PasswordPolicyCheck
from breakglass_tui.aws.checks.policies import PoliciesCheck
from breakglass_tui.aws.checks.role_trust import RoleTrustCheck
from breakglass_tui.aws.checks.sign_in_alert import SignInAlertCheck
from breakglass_tui.aws.checks.trail import TrailCheck
from breakglass_tui.aws.checks.user_exists import UserExistsCheck
from breakglass_tui.domain.account import AccountList, Region
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.policy import inline_document
from breakglass_tui.domain.sign_in import sign_in_regions

AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"
ALLOW_S3 = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
TRAIL = "acme-all-regions"
ON_CALL = "on-call@example.com"

Broken = tuple[type, Any]
"""A check, and the subject for which it does not pass."""


def inactive_key(bench: Any, make_user: Any) -> Broken:
    user = bench.key_for(make_user())
    bench.iam.update_access_key(UserName=user.name, AccessKeyId=user.access_key_id, Status="Inactive")
    return AccessCheck, user.subject(access="programmatic")


def additional_key(bench: Any, make_user: Any) -> Broken:
    user = bench.key_for(make_user())
    bench.iam.create_access_key(UserName=user.name)
    return AccessCheck, user.subject(access="programmatic")


def unrequested_key(bench: Any, make_user: Any) -> Broken:
    user = make_user(console=True)
    bench.key_for(user)
    return AccessCheck, user.subject()


def unrequested_password(bench: Any, make_user: Any) -> Broken:
    user = bench.key_for(make_user(console=True))
    return AccessCheck, user.subject(access="programmatic")


def missing_reset(_: Any, make_user: Any) -> Broken:
    return AccessCheck, make_user(console=False).subject()


def wrong_tag(_: Any, make_user: Any) -> Broken:
    return UserExistsCheck, make_user(tags={}).subject(tags={"owner": "Alice Smith"})


def narrowed_policy(_: Any, make_user: Any) -> Broken:
    return InlinePolicyCheck, make_user(policy=ALLOW_S3).subject()


def missing_guardrail(bench: Any, make_user: Any) -> Broken:
    user = make_user(policy=inline_document(bench.account.admin_policy, require_mfa=False))
    bench.device_for(user)
    return MfaEnforcementCheck, user.seen_by_another_process(mfa="sealed", require_mfa=True)


def unrequested_policies(bench: Any, make_user: Any) -> Broken:
    user = make_user()
    bench.iam.put_user_policy(UserName=user.name, PolicyName="extra", PolicyDocument=json.dumps(ALLOW_S3))
    return PoliciesCheck, user.subject()


def attached_policy(bench: Any, make_user: Any) -> Broken:
    user = make_user()
    bench.iam.attach_user_policy(UserName=user.name, PolicyArn=AUDIT)
    return PoliciesCheck, user.subject()


def unrequested_device(bench: Any, make_user: Any) -> Broken:
    user = make_user()
    bench.device_for(user)
    return MfaDevicesCheck, user.subject()


def unrequested_group(bench: Any, make_user: Any) -> Broken:
    user = make_user()
    bench.iam.add_user_to_group(UserName=user.name, GroupName="emergency")
    return GroupsCheck, user.subject()


BROKEN = [
    inactive_key,
    additional_key,
    unrequested_key,
    unrequested_password,
    missing_reset,
    wrong_tag,
    narrowed_policy,
    missing_guardrail,
    unrequested_policies,
    attached_policy,
    unrequested_device,
    unrequested_group,
]


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    with aws_server() as line:
        yield line


@pytest.fixture
def run(simulated: Any, aws: str, tmp_path: Path) -> Callable[[str], str]:
    """Return a function that pastes a command into a shell with the operator's credentials."""
    environment = {
        "AWS_ACCESS_KEY_ID": simulated.access_key_id,
        "AWS_SECRET_ACCESS_KEY": simulated.secret_access_key,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": simulated.start(),
    }
    return lambda command: paste(command, tmp_path, aws, environment)


def command(result: CheckResult) -> str:
    """Return the command of a remedy: all of it that follows the introduction."""
    return result.remedy.split(": ", 1)[1]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_pasted_command_fixes_the_finding(bench, make_user, run, broken):
    check, subject = broken(bench, make_user)
    before = bench.inspect(check(bench.clients, subject))
    assert before.status in (CheckStatus.FAIL, CheckStatus.WARN)
    output = run(command(before))
    after = bench.inspect(check(bench.clients, subject))
    assert after.status is CheckStatus.PASS, (before.remedy, output, after.found)


def test_the_command_of_another_path_moves_the_user(bench, make_user, run):
    user = make_user(path="/elsewhere/")
    check = UserExistsCheck(bench.clients, user.subject())
    output = run(command(bench.inspect(check)))
    after = bench.inspect(check)
    # moto loses the tags of a user that it moves, so the check can still warn about them.
    assert after.status is not CheckStatus.FAIL, output
    assert after.found.startswith(f"arn:aws:iam::123456789012:user/breakglass/{user.name}, id {user.id}")


def test_the_membership_commands_add_one_group_and_leave_another(bench, make_user, run):
    user = make_user()
    bench.iam.add_user_to_group(UserName=user.name, GroupName="billing")
    check = GroupMembershipCheck(bench.clients, user.seen_by_another_process(groups=["emergency"]), ("emergency",))
    for part in bench.inspect(check).remedy.split("; "):
        run(part.split(": ")[1])
    assert bench.inspect(check).status is CheckStatus.PASS


def test_the_numbered_commands_edit_a_trust_policy(bench, make_user, run, tmp_path):
    user, other = make_user(), make_user()
    principal = {"Effect": "Allow", "Principal": {"AWS": other.arn}, "Action": "sts:AssumeRole"}
    role = bench.role({"Version": "2012-10-17", "Statement": [principal]})
    check = RoleTrustCheck(bench.clients, user.seen_by_another_process(role_arn=role), role)
    remedy = bench.inspect(check).remedy
    read, rest = remedy.removeprefix("1) Run: ").split(" 2) ")
    edit, write = rest.split(" 3) Run: ")
    assert user.arn in edit
    run(read)
    file = tmp_path / "trust.json"
    file.write_text(file.read_text().replace(other.arn, user.arn))
    output = run(write)
    after = bench.inspect(check)
    assert "the trust policy names this user" in after.found, (remedy, output)


@pytest.fixture
def alerts(simulated: Any) -> Iterator[Alerts]:
    made = Alerts(simulated)
    yield made
    made.restore()


def test_the_command_of_an_alert_creates_it_in_every_region(bench, make_user, run, simulated, alerts):
    subject = make_user().subject()
    account = replace(subject.account, regions=AccountList((Region("eu-central-1", "opt-in-not-required"),)))
    check = SignInAlertCheck(bench.clients, replace(subject, account=account))
    before = bench.inspect(check)
    output = run(command(before).replace("EMAIL", ON_CALL))
    pending = bench.inspect(check)
    waiting = f"topic {TOPIC} of {RULE} has no confirmed subscription (1 is pending) in all 6 Regions"
    assert waiting in pending.found, (before.remedy, output, pending.found)
    tokens = simulated.confirmation_tokens(ON_CALL)
    assert {arn.split(":")[3] for arn in tokens} == {*sign_in_regions("aws", "eu-west-1"), "eu-central-1"}
    for arn, token in tokens.items():
        bench.boto("sns", arn.split(":")[3]).confirm_subscription(TopicArn=arn, Token=token)
    after = bench.inspect(check)
    assert after.status is CheckStatus.PASS, after.found


def test_the_command_of_an_alert_repairs_a_deaf_rule_and_a_closed_topic(bench, make_user, run, alerts):
    user = make_user()
    alerts.create(user.name)
    alerts.rule("eu-west-1", lambda rule: setattr(rule, "pattern", '{"source":["aws.signin"],"detail":{"a":["b"]}}'))
    alerts.topic("eu-west-2", lambda topic: topic.attributes.update(Policy='{"Statement":[]}'))
    check = SignInAlertCheck(bench.clients, user.subject())
    before = bench.inspect(check)
    output = run(command(before).replace("EMAIL", ON_CALL))
    after = bench.inspect(check)
    assert "for region in eu-west-1 eu-west-2; do" in before.remedy
    assert after.status is CheckStatus.PASS, (before.remedy, output, after.found)


def test_the_command_of_a_pending_subscription_confirms_it_with_a_signature(bench, make_user, run, alerts):
    user = make_user()
    alerts.create(user.name)
    alerts.topic("eu-west-1", lambda topic: setattr(topic.subscriptions[0], "pending", True))
    check = SignInAlertCheck(bench.clients, user.subject())
    output = run(command(bench.inspect(check)).replace("TOKEN", "token"))
    after = bench.inspect(check)
    assert after.status is CheckStatus.PASS, (output, after.found)
    alerts.topic("eu-west-1", lambda topic: topic.subscriptions[0].authenticated or pytest.fail("not signed"))


def test_the_command_of_an_encrypted_topic_turns_the_encryption_off(bench, make_user, run, alerts):
    user = make_user()
    alerts.create(user.name)
    for region in ("eu-west-1", "us-east-1"):
        alerts.topic(region, lambda topic: topic.attributes.update(KmsMasterKeyId="alias/aws/sns"))
    check = SignInAlertCheck(bench.clients, user.subject())
    output = run(command(bench.inspect(check)))
    after = bench.inspect(check)
    assert after.status is CheckStatus.PASS, (output, after.found)


def test_the_command_of_a_stopped_trail_starts_it(bench, make_user, run):
    check = TrailCheck(bench.clients, make_user().subject())
    bench.boto("cloudtrail").stop_logging(Name=TRAIL)
    try:
        run(command(bench.inspect(check)))
        assert bench.inspect(check).status is CheckStatus.PASS
    finally:
        bench.boto("cloudtrail").start_logging(Name=TRAIL)


@pytest.mark.parametrize("kind", ["EventSelectors", "AdvancedEventSelectors"])
def test_the_command_of_a_trail_with_gaps_records_all_events_and_keeps_the_data_events(bench, make_user, run, kind):
    bucket = {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::acme-payroll/"]}
    data = [{"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}]
    reads = [{"Field": "eventCategory", "Equals": ["Management"]}, {"Field": "readOnly", "Equals": ["true"]}]
    before = {
        "EventSelectors": [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True, "DataResources": [bucket]}],
        "AdvancedEventSelectors": [{"Name": "Bob's", "FieldSelectors": data}, {"FieldSelectors": reads}],
    }
    everything = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}
    cloudtrail, check = bench.boto("cloudtrail"), TrailCheck(bench.clients, make_user().subject())
    cloudtrail.put_event_selectors(TrailName=TRAIL, **{kind: before[kind]})
    try:
        output = run(command(bench.inspect(check)))
        result = bench.inspect(check)
        after = cloudtrail.get_event_selectors(TrailName=TRAIL)[kind]
    finally:
        everything["ExcludeManagementEventSources"] = []
        cloudtrail.put_event_selectors(TrailName=TRAIL, EventSelectors=[everything])
    assert result.status is CheckStatus.PASS, (output, result.found)
    kept = {"DataResources": [bucket]} if kind == "EventSelectors" else before[kind][0]
    assert kept.items() <= after[0].items()
    assert len(after) == 2


def test_the_command_of_a_weak_password_policy_strengthens_it_and_keeps_the_other_rules(bench, make_user, run):
    rules = bench.iam.get_account_password_policy()["PasswordPolicy"]
    settable = {rule: value for rule, value in rules.items() if value and rule != "ExpirePasswords"}
    weak = {"MinimumPasswordLength": 8, "PasswordReusePrevention": 2, "RequireSymbols": True, "RequireNumbers": False}
    bench.iam.update_account_password_policy(**{**settable, **weak, "MaxPasswordAge": 90, "HardExpiry": True})
    check = PasswordPolicyCheck(bench.clients, make_user(console=False).subject())
    try:
        expiry, strength = bench.inspect(check).remedy.split("; ")
        assert expiry.split(": ")[1] == strength.split(": ")[1]
        output = run(strength.split(": ")[1])
        after = bench.iam.get_account_password_policy()["PasswordPolicy"]
        result = bench.inspect(check)
    finally:
        bench.iam.update_account_password_policy(**settable)
    assert result.status is CheckStatus.PASS, (output, result.found)
    assert (after["RequireSymbols"], after["RequireNumbers"]) == (True, False)
    for rule in ("RequireUppercaseCharacters", "RequireLowercaseCharacters", "AllowUsersToChangePassword"):
        assert after[rule] == rules[rule]


@pytest.mark.parametrize("alias", ["alias/old-backups", "alias/retired-2024"])
def test_the_commands_of_an_unusable_key_enable_it(bench, make_user, run, alias):
    kms = bench.boto("kms")
    state = kms.describe_key(KeyId=alias)["KeyMetadata"]
    recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    check = KmsKeyCheck(bench.clients, make_user().subject(kms_key_id=alias, seal_to=[recipient]))
    before = bench.inspect(check)
    output = run(command(before))
    after = bench.inspect(check)
    if state["KeyState"] == "PendingDeletion":
        kms.schedule_key_deletion(KeyId=state["KeyId"])
    else:
        kms.disable_key(KeyId=state["KeyId"])
    assert after.status is CheckStatus.PASS, (before.remedy, output, after.found)


def test_remedies_on_one_line_leave_each_command_intact(bench, make_user):
    user = make_user()
    check = AccessCheck(bench.clients, user.seen_by_another_process(access="both"))
    keys = [bench.iam.create_access_key(UserName=user.name)["AccessKey"]["AccessKeyId"] for _ in range(2)]
    remedy = bench.inspect(check).remedy
    assert "or create a new emergency user. Replace DIRECTORY" in remedy
    assert "--identity IDENTITY_FILE; Delete it" in remedy
    assert remedy.endswith(tuple(f"--access-key-id {key}" for key in keys))


def test_a_key_in_another_state_has_no_command_that_kms_refuses(bench, make_user, bend):
    for state, remedy in (("PendingImport", "key material"), ("Unavailable", "custom key store"), ("Creating", "Wait")):
        bend("describe_key", lambda answer, state=state: answer["KeyMetadata"].update(KeyState=state), service="kms")
        result = bench.inspect(KmsKeyCheck(bench.clients, make_user().subject(kms_key_id="alias/break-glass")))
        assert result.status is CheckStatus.FAIL
        assert remedy in result.remedy
        assert "enable-key" not in result.remedy
