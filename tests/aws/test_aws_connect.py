"""The connection: every credential problem is reported in bounded time, and there is no prompt on the terminal."""

from __future__ import annotations

import getpass
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from breakglass_tui.aws import connect as module
from breakglass_tui.aws.connect import connect
from breakglass_tui.domain.problems import Kind, Problem

KEYS = ("AKIAQYLPMN5HEXAMPLE1", "not-a-secret")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that writes the AWS config file."""

    def write(text: str) -> None:
        path = tmp_path / "config"
        path.write_text(text)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(path))

    return write


@pytest.fixture
def closed_port() -> str:
    """Return an endpoint without a server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def problem_of_connecting(**options: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        connect(**options)
    assert caught.value.what
    assert caught.value.next
    return caught.value


def test_without_credentials_the_problem_names_the_sign_in_commands() -> None:
    problem = problem_of_connecting()
    assert problem.kind is Kind.CREDENTIALS
    assert "aws sso login" in problem.next


@pytest.mark.parametrize("way", ["option", "environment"])
def test_an_unknown_profile_is_named(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if way == "environment":
        monkeypatch.setenv("AWS_PROFILE", "nobody")
    problem = problem_of_connecting(**({"profile": "nobody"} if way == "option" else {}))
    assert problem.kind is Kind.CREDENTIALS
    assert "nobody" in problem.why
    assert "aws configure list-profiles" in problem.next


def test_escape_bytes_in_a_profile_name_are_escaped() -> None:
    assert "\x1b" not in str(problem_of_connecting(profile="a\x1b[31m"))


def test_a_broken_config_file_is_named(config: Any) -> None:
    config("[profile a\nregion")
    problem = problem_of_connecting()
    assert problem.kind is Kind.CREDENTIALS
    assert problem.what == "The AWS config file is broken."


def test_a_key_id_without_a_secret_is_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEYS[0])
    assert problem_of_connecting().kind is Kind.CREDENTIALS


def test_a_credential_process_that_hangs_is_abandoned(config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CREDENTIALS_WITHIN_S", 0.2)
    config("[default]\ncredential_process = sleep 2")
    began = time.monotonic()
    problem = problem_of_connecting()
    assert time.monotonic() - began < 1.5
    assert problem.kind is Kind.CREDENTIALS
    assert "credential_process" in problem.why


def test_the_output_of_a_credential_process_is_never_shown(config: Any) -> None:
    config("[default]\ncredential_process = sh -c 'echo hunter2 >&2; exit 1'")
    problem = problem_of_connecting()
    assert problem.kind is Kind.CREDENTIALS
    assert "hunter2" not in str(problem)


def test_a_role_that_needs_an_mfa_code_is_a_problem_not_a_prompt(config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    prompts: list[str] = []
    monkeypatch.setattr(getpass, "getpass", prompts.append)
    base = f"[profile base]\naws_access_key_id={KEYS[0]}\naws_secret_access_key={KEYS[1]}\n"
    role = "role_arn=arn:aws:iam::123456789012:role/x\nmfa_serial=arn:aws:iam::123456789012:mfa/me"
    config(f"{base}[profile guarded]\n{role}\nsource_profile=base\nregion=eu-west-1\n")
    with pytest.raises(Problem) as caught:
        connect(profile="guarded")
    assert caught.value.kind is Kind.CREDENTIALS
    assert "MFA code" in caught.value.what
    assert prompts == []


def test_a_profile_that_needs_an_sso_sign_in_says_so(config: Any) -> None:
    sso = "sso_session=corp\nsso_account_id=123456789012\nsso_role_name=Admin\nregion=eu-west-1\n"
    start = "sso_region=eu-west-1\nsso_start_url=https://example.awsapps.com/start\nsso_registration_scopes=a\n"
    config(f"[profile corp]\n{sso}\n[sso-session corp]\n{start}")
    with pytest.raises(Problem) as caught:
        connect(profile="corp")
    assert caught.value.kind is Kind.CREDENTIALS
    assert "aws sso login" in caught.value.next


def test_an_endpoint_without_a_server_is_reported_soon(closed_port: str) -> None:
    began = time.monotonic()
    with pytest.raises(Problem) as caught:
        connect(endpoint_url=closed_port, credentials=KEYS).identify()
    assert time.monotonic() - began < 10
    assert caught.value.kind is Kind.UNREACHABLE
    assert caught.value.what == "AWS cannot be reached."


def test_an_endpoint_that_is_no_url_is_reported() -> None:
    with pytest.raises(Problem) as caught:
        connect(endpoint_url="not a url", credentials=KEYS).identify()
    assert caught.value.what == "The AWS settings of this machine cannot be used."


@pytest.mark.parametrize("region", ["no such region", "eu-west-1\n", "EU_WEST"])
def test_an_invalid_region_name_is_reported(region: str) -> None:
    with pytest.raises(Problem) as caught:
        connect(region=region, credentials=KEYS).identify()
    assert caught.value.kind is Kind.USAGE
    assert "--region" in caught.value.next


def test_wrong_keys_are_not_accepted(shared_account: Any) -> None:
    with pytest.raises(Problem) as caught:
        connect(endpoint_url=shared_account.endpoint, credentials=KEYS).identify()
    assert caught.value.kind is Kind.CREDENTIALS
    assert caught.value.what == "AWS does not accept these credentials."


def test_an_endpoint_from_the_environment_is_ignored(monkeypatch: pytest.MonkeyPatch, shared_account: Any) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://evil.example")
    monkeypatch.setenv("AWS_ENDPOINT_URL_IAM", "http://evil.example")
    cloud: Any = connect(credentials=KEYS)
    assert cloud._clients.get("iam", writes=True).meta.endpoint_url == "https://iam.amazonaws.com"


def test_the_region_comes_from_the_option_else_the_profile_else_a_default(
    config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    config("[default]\nregion = eu-central-1\n[profile bare]\noutput=json\n")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEYS[0])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEYS[1])
    assert connect(region="eu-north-1").region == "eu-north-1"
    assert connect().region == "eu-central-1"
    assert connect(credentials=KEYS).region == module.FALLBACK_REGION


@pytest.mark.parametrize(
    ("option", "environment", "expected"),
    [
        (None, {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-north-1"}, "eu-west-1"),
        (None, {"AWS_DEFAULT_REGION": "eu-north-1"}, "eu-north-1"),
        (None, {"AWS_REGION": ""}, "ap-south-1"),
        ("sa-east-1", {"AWS_REGION": "eu-west-1"}, "sa-east-1"),
    ],
)
def test_the_region_is_that_of_the_option_then_of_the_environment_then_of_the_profile(
    option: str | None,
    environment: dict[str, str],
    expected: str,
    config: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config("[default]\nregion = ap-south-1\naws_access_key_id = AKIAQYLPMN5HEXAMPLE1\naws_secret_access_key = x\n")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert connect(region=option).region == expected
