"""Start, stop, and authentication of the simulated account."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from breakglass_tui.demo.demo_account import DemoAccount


def test_importing_the_account_loads_neither_moto_nor_boto3() -> None:
    code = (
        "import sys, breakglass_tui.demo.demo_account, breakglass_tui.demo.demo_request;"
        "print(sorted({'moto', 'boto3', 'botocore', 'flask', 'werkzeug', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_account_ignores_the_environment_and_does_not_change_it(tmp_path: Any) -> None:
    broken = tmp_path / "config"
    broken.write_text("[not a config\n")
    environment = {
        "HTTP_PROXY": "http://127.0.0.1:9",
        "AWS_PROFILE": "nobody",
        "AWS_CONFIG_FILE": str(broken),
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "MOTO_ACCOUNT_ID": "999999999999",
        "INITIAL_NO_AUTH_ACTION_COUNT": "0",
    }
    code = (
        "import os; from breakglass_tui.demo.demo_account import DemoAccount; before = dict(os.environ);"
        "url = DemoAccount().start(); print(url.startswith('http://127.0.0.1:'), before == dict(os.environ))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert (done.stdout.strip(), done.stderr) == ("True True", "")


def test_a_second_start_returns_the_same_endpoint(demo: DemoAccount) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: demo.start(), range(8)))) == 1


def test_stop_closes_the_port_and_the_next_start_has_fresh_contents(client_for: Any) -> None:
    account = DemoAccount()
    first = client_for(account, "iam")
    first.create_user(UserName="left-over")
    account.stop()
    account.stop()
    with pytest.raises(EndpointConnectionError):
        first.list_users()
    with account:
        names = {user["UserName"] for user in client_for(account, "iam").list_users()["Users"]}
        assert "ops-admin" in names
        assert "left-over" not in names


def test_two_accounts_are_independent(demo: DemoAccount, client_for: Any, user: str, refused: Any) -> None:
    with DemoAccount() as other:
        with refused("NoSuchEntity"):
            client_for(other, "iam").get_user(UserName=user)
        assert client_for(demo, "iam").get_user(UserName=user)["User"]["UserName"] == user


@pytest.mark.parametrize("path", ["/moto-api/", "/moto-api/data.json", "/", "/latest/meta-data/", "/bucket/key"])
def test_an_unsigned_request_gets_404(demo: DemoAccount, path: str) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with pytest.raises(urllib.error.HTTPError) as caught:
        opener.open(demo.start() + path)
    with caught.value as answer:
        assert answer.code == 404
        assert answer.read() == b"not simulated"


def test_the_demo_credentials_are_the_user_ops_admin(demo: DemoAccount, client_for: Any) -> None:
    identity = client_for(demo, "sts").get_caller_identity()
    assert identity["Arn"] == f"arn:aws:iam::{demo.account_id}:user/ops-admin"
    assert identity["Account"] == demo.account_id
    assert identity["UserId"].startswith("AIDA")


def test_an_unknown_key_is_refused(demo: DemoAccount, client_for: Any, refused: Any) -> None:
    keys = ("AKIAUNKNOWNUNKNOWN00", demo.secret_access_key)
    with refused("InvalidClientTokenId"):
        client_for(demo, "sts", keys).get_caller_identity()
    with refused("UnrecognizedClientException"):
        client_for(demo, "kms", keys).list_keys()


def test_a_wrong_secret_is_refused(demo: DemoAccount, client_for: Any, refused: Any) -> None:
    keys = (demo.access_key_id, "wrong")
    with refused("SignatureDoesNotMatch"):
        client_for(demo, "iam", keys).list_users()
    with refused("InvalidSignatureException"):
        client_for(demo, "kms", keys).list_keys()


def test_a_call_that_is_not_simulated_returns_not_implemented(
    demo: DemoAccount, client_for: Any, iam: Any, refused: Any
) -> None:
    with refused("NotImplemented", "ListServiceSpecificCredentials"):
        iam.list_service_specific_credentials()
    with refused("NotImplemented", "autoscaling is not part"):
        client_for(demo, "autoscaling").describe_auto_scaling_groups()


def test_an_error_of_the_simulator_is_returned_and_not_printed(
    client_for: Any, refused: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with DemoAccount() as account:
        sts = client_for(account, "sts")
        sts.get_caller_identity()
        from breakglass_tui.demo.world import World

        monkeypatch.setattr(World, "mount", lambda _: 1 / 0)
        with refused("ServiceFailure"):
            sts.get_caller_identity()
    assert capfd.readouterr() == ("", "")


def test_mixed_calls_in_eight_threads_succeed(iam: Any, unique: Any) -> None:
    def work(_: int) -> int:
        done = 0
        for _ in range(4):
            name = unique()
            iam.create_user(UserName=name)
            iam.add_user_to_group(UserName=name, GroupName="support")
            iam.list_groups()
            iam.get_account_authorization_details(Filter=["User"])
            iam.remove_user_from_group(UserName=name, GroupName="support")
            iam.delete_user(UserName=name)
            done += 1
        return done

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 32


def test_delays_of_concurrent_requests_are_parallel(client_for: Any) -> None:
    delay_s = 0.4
    with DemoAccount(delay_s=delay_s) as slow:
        sts = client_for(slow, "sts")
        started = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: sts.get_caller_identity(), range(8)))
        elapsed = time.monotonic() - started
    assert delay_s <= elapsed < 4 * delay_s
