"""No setting of the environment or of the AWS files redirects a call, or a copy of it, to another host."""

from __future__ import annotations

import hashlib
import json
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import SSOProvider
from botocore.loaders import Loader

from breakglass_tui.aws.connect import connect
from breakglass_tui.domain.problems import Problem

KEYS = ("AKIAQYLPMN5HEXAMPLE1", "not-a-secret")
EVIL = "https://evil.invalid"
BASE = f"[profile base]\naws_access_key_id={KEYS[0]}\naws_secret_access_key={KEYS[1]}\n"
ROLE = "role_arn=arn:aws:iam::123456789012:role/x\nsource_profile=base\nregion=eu-west-1\n"
START = "https://corp.awsapps.com/start"
SSO = (
    f"sso_start_url={START}\nsso_region=eu-west-1\nsso_account_id=123456789012\nsso_role_name=Admin\nregion=eu-west-1\n"
)


@dataclass
class Proxy:
    """A proxy that refuses every client and records the host that it wanted to reach."""

    url: str = ""
    wanted: list[str] = field(default_factory=list)

    def serve(self, server: socket.socket) -> None:
        """Serve until the socket is closed."""
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                self.wanted.append(connection.recv(4096).split(b"\r\n")[0].decode())
                connection.sendall(b"HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """Start the proxy as the only route to other hosts, which shows every host but loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        proxy = Proxy(f"http://127.0.0.1:{server.getsockname()[1]}")
        thread = threading.Thread(target=proxy.serve, args=(server,))
        thread.start()
        for name in ("HTTPS_PROXY", "HTTP_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        yield proxy
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that writes the AWS config file."""

    def write(text: str) -> None:
        path = tmp_path / "config"
        path.write_text(text)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(path))

    return write


@pytest.fixture
def signed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the token of a sign-in that is valid for long."""
    monkeypatch.setattr(SSOProvider, "_SSO_TOKEN_CACHE_DIR", str(tmp_path))
    token = {"startUrl": START, "region": "eu-west-1", "accessToken": "tok", "expiresAt": "2099-01-01T00:00:00Z"}
    (tmp_path / f"{hashlib.sha1(START.encode()).hexdigest()}.json").write_text(json.dumps(token))


REDIRECTIONS = {
    "variable": ("AWS_ENDPOINT_URL", "", ""),
    "variable-of-sts": ("AWS_ENDPOINT_URL_STS", "", ""),
    "variable-of-sso": ("AWS_ENDPOINT_URL_SSO", "", ""),
    "profile": ("", f"endpoint_url={EVIL}\n", ""),
    "services": (
        "",
        "services=evil\n",
        f"[services evil]\nsts =\n  endpoint_url={EVIL}\nsso =\n  endpoint_url={EVIL}\n",
    ),
}


@pytest.mark.parametrize(("variable", "line", "section"), REDIRECTIONS.values(), ids=REDIRECTIONS)
@pytest.mark.parametrize(
    ("profile", "host"),
    [(ROLE, "sts.eu-west-1.amazonaws.com"), (SSO, "portal.sso.eu-west-1.amazonaws.com")],
    ids=["role", "sso"],
)
def test_the_clients_of_the_credential_lookup_go_to_aws_only(
    proxy: Proxy,
    config: Callable[[str], None],
    signed_in: None,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    line: str,
    section: str,
    profile: str,
    host: str,
) -> None:
    if variable:
        monkeypatch.setenv(variable, EVIL)
    config(f"{BASE}[profile ops]\n{profile}{line}{section}")
    with pytest.raises(Problem):
        connect(profile="ops")
    assert set(proxy.wanted) == {f"CONNECT {host}:443 HTTP/1.0"}


def test_the_read_of_the_caller_goes_to_aws_only(
    proxy: Proxy, config: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", EVIL)
    config(f"{BASE}region=eu-west-1\nendpoint_url={EVIL}\n")
    with pytest.raises(Problem):
        connect(profile="base").identify()
    caller = "CONNECT sts.eu-west-1.amazonaws.com:443 HTTP/1.0"
    alias = "CONNECT iam.amazonaws.com:443 HTTP/1.0"  # read at the same time, and possibly later than the caller
    assert {caller} <= set(proxy.wanted) <= {caller, alias}


def test_a_role_at_a_chosen_endpoint_is_assumed_there(proxy: Proxy, config: Callable[[str], None]) -> None:
    """A simulator has its own roles, and no call of a simulated run may reach AWS."""
    config(f"{BASE}[profile ops]\n{ROLE}")
    with pytest.raises(Problem):
        connect(profile="ops", endpoint_url=EVIL)
    assert set(proxy.wanted) == {"CONNECT evil.invalid:443 HTTP/1.0"}


@pytest.mark.parametrize("way", ["variable", "file"])
def test_tokens_are_not_sent_to_a_monitor(
    shared_account: Any, config: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Client-side monitoring sends key id and session token of each call to any host, by UDP."""
    with socket.socket(type=socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(0)
        port = ear.getsockname()[1]
        if way == "variable":
            monkeypatch.setenv("AWS_CSM_ENABLED", "true")
            monkeypatch.setenv("AWS_CSM_PORT", str(port))
        config(f"{BASE}region=eu-west-1\ncsm_enabled=true\ncsm_port={port}\n" if way == "file" else BASE)
        with pytest.raises(Problem):
            connect(profile="base", region="eu-west-1", endpoint_url=shared_account.endpoint).identify()
        with pytest.raises(BlockingIOError):
            ear.recv(4096)


@pytest.mark.parametrize("way", ["variable", "file", "home"])
def test_external_service_models_are_not_read(
    shared_account: Any, config: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str
) -> None:
    models = tmp_path / "models"
    (models / "sts" / "2011-06-15").mkdir(parents=True)
    (models / "sts" / "2011-06-15" / "service-2.json").write_text('{"metadata": {}, "operations": {}}')
    if way == "variable":
        monkeypatch.setenv("AWS_DATA_PATH", str(models))
    elif way == "home":
        monkeypatch.setattr(Loader, "CUSTOMER_DATA_PATH", str(models))
    config(f"{BASE}data_path={models}\n" if way == "file" else BASE)
    demo = shared_account.demo
    for given in ({"profile": "base"}, {"credentials": (demo.access_key_id, demo.secret_access_key)}):
        cloud: Any = connect(region="eu-west-1", endpoint_url=shared_account.endpoint, **given)
        assert "GetCallerIdentity" in cloud._clients.get("sts", writes=False).meta.service_model.operation_names


def test_plugins_of_the_config_file_are_not_loaded(
    shared_account: Any, config: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """This section is for the AWS CLI. This program ignores it, even if botocore reads it one day."""
    (tmp_path / "evil_section_plugin.py").write_text("def awscli_initialize(event_hooks): pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    plugins = f"[plugins]\ncli_legacy_plugin_path={tmp_path}\nevil=evil_section_plugin\n"
    config(f"{BASE}region=eu-west-1\ncli_legacy_plugin_path={tmp_path}\n{plugins}")
    with pytest.raises(Problem):
        connect(profile="base", endpoint_url=shared_account.endpoint).identify()
    assert "evil_section_plugin" not in sys.modules
