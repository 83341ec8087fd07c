"""The simulated EC2: a dry run shows whether the caller may write."""

from __future__ import annotations

import json
from typing import Any

from breakglass_tui.demo.demo_account import DemoAccount


def test_a_dry_run_of_an_administrator_would_have_succeeded(demo: DemoAccount, client_for: Any, refused: Any) -> None:
    with refused("DryRunOperation", "Request would have succeeded"):
        client_for(demo, "ec2").create_internet_gateway(DryRun=True)


def test_a_dry_run_of_a_user_without_permission_is_unauthorized(
    demo: DemoAccount, iam: Any, user: str, client_for: Any, refused: Any
) -> None:
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}]}
    iam.put_user_policy(UserName=user, PolicyName="iam-only", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    ec2 = client_for(demo, "ec2", (key["AccessKeyId"], key["SecretAccessKey"]))
    with refused("UnauthorizedOperation", "not authorized to perform: ec2:CreateInternetGateway"):
        ec2.create_internet_gateway(DryRun=True)


def test_nothing_but_the_dry_run_is_simulated(demo: DemoAccount, client_for: Any, refused: Any) -> None:
    with refused("NotImplemented", "not part of the simulated account"):
        client_for(demo, "ec2").create_internet_gateway()
