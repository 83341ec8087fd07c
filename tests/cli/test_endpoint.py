from __future__ import annotations

import pytest

from breakglass_tui.cli import endpoint
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Problem


@pytest.mark.parametrize(
    "url",
    [
        "https://vpce.example.com",
        "https://127.0.0.1:5000",
        "http://127.0.0.1:5000",
        "http://localhost",
        "http://[::1]:80",
    ],
)
def test_https_anywhere_and_http_on_this_machine_are_allowed(url):
    assert endpoint.require_allowed(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://example.com",
        "http://10.0.0.1",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "ftp://127.0.0.1",
        "https://",
        "https://user:secret@example.com",
        "http://127.0.0.1:99999",
        "https://[",
        "file:///etc/passwd",
    ],
)
def test_anything_else_is_refused(url):
    with pytest.raises(Problem, match="--endpoint-url") as raised:
        endpoint.require_allowed(url)
    assert "secret" not in str(raised.value)


def test_a_refused_endpoint_ends_before_any_call(command, connected, request_file):
    ran = command("--endpoint-url", "http://example.com", "plan", "--request", request_file)
    assert ran.code == ExitCode.USAGE
    assert "loopback only" in ran.err
    assert connected == []


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("AWS_ENDPOINT_URL_IAM", "https://evil.example.com"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:5000"),
        ("AWS_ENDPOINT_URL_STS", "http://localhost:4566"),
    ],
)
def test_an_endpoint_of_the_environment_is_ignored_and_named(command, connected, request_file, monkeypatch, name, url):
    monkeypatch.setenv(name, url)
    ran = command("plan", "--request", request_file)
    assert f"ignoring {name}={url}. To use it, give it with --endpoint-url." in ran.err
    assert connected[0]["endpoint_url"] is None


def test_every_endpoint_of_the_environment_is_named(command, connected, request_file, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:2")
    err = command("plan", "--request", request_file).err
    assert err.count("ignoring AWS_ENDPOINT_URL") == 2


def test_the_option_is_used_and_the_environment_is_not(command, connected, request_file, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:5000")
    command("--endpoint-url", "https://vpce.example.com", "plan", "--request", request_file)
    assert connected[0]["endpoint_url"] == "https://vpce.example.com"


@pytest.fixture
def config(tmp_path, monkeypatch):
    """Return a function that writes the AWS config file."""

    def write(text):
        (tmp_path / "config").write_text(text)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))

    return write


@pytest.mark.parametrize("arguments", [(), ("--profile", "ops")])
def test_the_profile_whose_endpoint_is_named_is_the_one_in_use(
    command, connected, request_file, config, monkeypatch, arguments
):
    """botocore reads AWS_DEFAULT_PROFILE before AWS_PROFILE, and neither of them if there is an option."""
    monkeypatch.setenv("AWS_DEFAULT_PROFILE", "other" if arguments else "ops")
    monkeypatch.setenv("AWS_PROFILE", "other")
    config("[profile ops]\nendpoint_url=https://ops.invalid\n[profile other]\nendpoint_url=https://other.invalid\n")
    ran = command(*arguments, "plan", "--request", request_file)
    assert connected[0]["endpoint_url"] is None
    assert "ignoring endpoint_url of profile ops=https://ops.invalid." in ran.err
    assert "other.invalid" not in ran.err


@pytest.mark.parametrize("way", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "ca_bundle of profile default"])
def test_a_custom_ca_bundle_gets_a_warning(command, connected, request_file, config, monkeypatch, way):
    if way.startswith("ca_bundle"):
        config("[default]\nca_bundle = /corp/ca.pem\n")
    else:
        monkeypatch.setenv(way, "/corp/ca.pem")
    said = f"warning: using the CA bundle at /corp/ca.pem ({way}) instead of the default CAs"
    assert said in command("plan", "--request", request_file).err
    assert said in command("--endpoint-url", "https://vpce.example.com", "plan", "--request", request_file).err
    assert said not in command("--endpoint-url", "http://127.0.0.1:5000", "plan", "--request", request_file).err


def test_the_default_cas_get_no_warning(command, connected, request_file):
    assert "CA bundle" not in command("plan", "--request", request_file).err
