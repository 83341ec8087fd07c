"""The commands in the remedies of the account: trail, password policy and KMS key. They are pasted into a shell."""

from __future__ import annotations

import pytest
from aws_shell import command

from breakglass_tui.aws.checks.kms_key import KmsKeyCheck
from breakglass_tui.aws.checks.password_policy import PasswordPolicyCheck
from breakglass_tui.aws.checks.trail import TrailCheck
from breakglass_tui.domain.checks import CheckStatus

TRAIL = "acme-all-regions"


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


def test_a_key_in_another_state_has_no_command_that_kms_refuses(bench, make_user, bend):
    for state, remedy in (("PendingImport", "key material"), ("Unavailable", "custom key store"), ("Creating", "Wait")):
        bend("describe_key", lambda answer, state=state: answer["KeyMetadata"].update(KeyState=state), service="kms")
        result = bench.inspect(KmsKeyCheck(bench.clients, make_user().subject(kms_key_id="alias/break-glass")))
        assert result.status is CheckStatus.FAIL
        assert remedy in result.remedy
        assert "enable-key" not in result.remedy
