"""The AWS CLI commands that create an alert for sign-ins, and those that repair an alert."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Sequence

from breakglass_tui.aws.checks.alert_delivery import Fix
from breakglass_tui.aws.checks.remedy_commands import aws_command
from breakglass_tui.aws.checks.sign_in_event import alert_pattern
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.text import show

RULE_PREFIX, TOPIC = "breakglass-sign-in-", "breakglass-alerts"
LONGEST_NAME = 64
"""The maximum number of characters in the name of a rule (EventBridge API, RuleName)."""
TRY = "Sign in once, and check that the alert arrives."
_POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},'
    '"Action":"sns:Publish","Resource":"\'$topic\'"}]}'
)
"""The topic policy that lets EventBridge publish. In the shell command it is between single quotes.

Source: EventBridge User Guide, "Amazon SNS permissions".
"""

_TOPIC_OF_REGION = "--region $region --topic-arn $topic"


def rule_name(user_name: str) -> str:
    """Return the name of the EventBridge rule for ``user_name``. Each user needs a name of its own.

    PutRule replaces a rule of the same name, also the rule of another user. If the user name is too long or has other
    characters, the name ends in a digest of it.
    """
    name = RULE_PREFIX + re.sub(r"[^.\-_A-Za-z0-9]", "-", user_name)
    if len(name) <= LONGEST_NAME and name == RULE_PREFIX + user_name:
        return name
    digest = hashlib.sha256(user_name.encode()).hexdigest()[:8]
    return f"{name[: LONGEST_NAME - len(digest) - 1]}-{digest}"


def create_alerts(clients: Clients, user_name: str, regions: Sequence[str]) -> str:
    """Return the command that creates topic, policy, subscription, rule and target in each of ``regions``.

    Each rule has its topic in its own Region. The command can run again, because each call creates or replaces.
    """
    rule, pattern = rule_name(user_name), show(shlex.quote(alert_pattern(user_name)), 1024)
    topic, set_policy, *others = (
        aws_command(clients, words)
        for words in (
            f"sns create-topic --region $region --name {TOPIC} --query TopicArn --output text",
            f"sns set-topic-attributes {_TOPIC_OF_REGION} --attribute-name Policy --attribute-value '{_POLICY}'",
            f"sns subscribe {_TOPIC_OF_REGION} --protocol email --notification-endpoint EMAIL",
            f"events put-rule --region $region --name {rule} --event-pattern {pattern}",
            f"events put-targets --region $region --rule {rule} --targets Id=1,Arn=$topic",
        )
    )
    commands = " && ".join((f"topic=$({topic})", set_policy, *others))
    loop = "; ".join((f"for region in {' '.join(regions)}", f"do {commands}", "done"))
    return (
        "This command creates a topic, a subscription and a rule in each Region. AWS then sends a mail that confirms "
        f"each subscription. Replace EMAIL with the address to alert: {loop}"
    )


def repair(clients: Clients, fix: Fix, topics: Sequence[str]) -> str:
    """Return the remedy with its commands for ``topics`` (ARNs). ``fix`` must not be CREATE."""
    listed = ", ".join(map(show, topics))
    match fix:
        case Fix.CONFIRM:
            return _confirm(clients, topics)
        case Fix.MANAGED_KEY:
            return f"Turn off the encryption, or use a KMS key of your own: {_without_key(clients, topics)}"
        case Fix.KEY_POLICY:
            return f"Allow events.amazonaws.com kms:GenerateDataKey* and kms:Decrypt in the key policy of {listed}."
        case Fix.KEY_STATE:
            return f"Enable the KMS key of {listed}, or choose another key."
        case _:
            return TRY


def _confirm(clients: Clients, topics: Sequence[str]) -> str:
    """Return the command that confirms a subscription with a signed request.

    Without a signature, a mail gateway that opens all links in a mail can unsubscribe it. Source: SNS API,
    ConfirmSubscription, AuthenticateOnUnsubscribe.
    """
    one = len(topics) == 1
    region = topics[0].split(":")[3] if one else "REGION"
    arn = topics[0] if one else "TOPIC_ARN"
    where = "in place of TOKEN" if one else "in place of TOKEN, and the topic in place of REGION and TOPIC_ARN"
    words = f"--region {region} --topic-arn {arn} --token TOKEN --authenticate-on-unsubscribe true"
    command = aws_command(clients, f"sns confirm-subscription {words}")
    return f"Confirm with the token of the link in the mail {where}: {command}"


def _without_key(clients: Clients, topics: Sequence[str]) -> str:
    change = "--attribute-name KmsMasterKeyId --attribute-value ''"
    places = (f"--region {show(arn.split(':')[3])} --topic-arn {shlex.quote(show(arn))}" for arn in topics)
    return " && ".join(aws_command(clients, f"sns set-topic-attributes {place} {change}") for place in places)
