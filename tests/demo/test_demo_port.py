"""The port of the simulated account serves its own clients only: own host names, own keys, small requests."""

from __future__ import annotations

import http.client
import re
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.secrets.secret import Secret

BODY = b"Action=GetCallerIdentity&Version=2011-06-15"
LIMIT = 1024 * 1024
FORMER_KEYS = ("AKIARZPUZDIKDEMOOPSA", "demo+only/not-a-secret+0123456789abcdefg")
"""The keys that every simulated account had before each got its own."""
SERVER = """
import sys
from breakglass_tui.demo.demo_account import DemoAccount

with DemoAccount() as demo:
    print(demo.start(), flush=True)
    sys.stdin.read()
"""


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def signed(host: str, keys: tuple[str, str], body: bytes = BODY) -> dict[str, str]:
    """Return the headers of a signed call of sts:GetCallerIdentity that names ``host``."""
    headers = {"Host": host, "Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    request = AWSRequest("POST", f"http://{host}/", headers, body)
    SigV4Auth(Credentials(*keys), "sts", "eu-west-1").add_auth(request)
    return {**dict(request.headers.items()), "Content-Length": str(len(body))}


def ask(url: str, headers: list[tuple[str, str]], body: bytes = BODY, *, target: str = "/") -> tuple[int, str]:
    """Send a request with exactly these headers. Return the status and the text of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port_of(url), timeout=20)
    try:
        connection.putrequest("POST", target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def own_keys(demo: DemoAccount) -> tuple[str, str]:
    return demo.access_key_id, demo.secret_access_key


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_its_own_host_names_are_served(demo: DemoAccount, name: str) -> None:
    host = f"{name}:{port_of(demo.start())}"
    status, text = ask(demo.start(), [*signed(host, own_keys(demo)).items()])
    assert (status, "user/ops-admin" in text) == (200, True)


@pytest.mark.parametrize(
    "host",
    ["evil.example:{port}", "evil.example", "127.0.0.1.evil.example:{port}", "127.0.0.2:{port}", "", "user@localhost"],
)
def test_another_host_name_is_refused_although_it_is_signed(demo: DemoAccount, host: str) -> None:
    named = host.format(port=port_of(demo.start()))
    status, text = ask(demo.start(), [*signed(named, own_keys(demo)).items()])
    assert status == 403
    assert "ops-admin" not in text


def test_no_or_two_host_names_are_refused(demo: DemoAccount) -> None:
    host = f"127.0.0.1:{port_of(demo.start())}"
    headers = [*signed(host, own_keys(demo)).items()]
    without = [(name, value) for name, value in headers if name != "Host"]
    assert ask(demo.start(), without)[0] == 403
    assert ask(demo.start(), [*headers, ("Host", "evil.example")])[0] == 403


def test_a_target_that_names_another_host_is_refused(demo: DemoAccount) -> None:
    host = f"127.0.0.1:{port_of(demo.start())}"
    headers = [*signed(host, own_keys(demo)).items()]
    assert ask(demo.start(), headers, target="http://evil.example/")[0] == 403


def test_each_start_has_keys_of_its_own() -> None:
    one, other = DemoAccount(), DemoAccount()
    assert own_keys(one) != own_keys(other)
    before = own_keys(one)
    with one:
        assert own_keys(one) == before
    with one:
        assert not set(own_keys(one)) & set(before)
    assert re.fullmatch(r"AKIA[A-Z2-7]{16}", one.access_key_id)
    assert re.fullmatch(r"[A-Za-z0-9+/]{40}", one.secret_access_key)


def test_the_keys_of_another_account_and_former_ones_are_refused(demo: DemoAccount) -> None:
    host = f"127.0.0.1:{port_of(demo.start())}"
    with DemoAccount() as other:
        for keys in (own_keys(other), FORMER_KEYS, (demo.access_key_id, other.secret_access_key)):
            status, text = ask(demo.start(), [*signed(host, keys).items()])
            assert (status, "ops-admin" in text) == (403, False)


def test_a_key_that_the_account_created_is_served_until_it_is_deleted(demo: DemoAccount, iam: Any, user: str) -> None:
    host = f"127.0.0.1:{port_of(demo.start())}"
    key = iam.create_access_key(UserName=user)["AccessKey"]
    headers = [*signed(host, (key["AccessKeyId"], key["SecretAccessKey"])).items()]
    assert ask(demo.start(), headers)[0] == 200
    iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
    assert ask(demo.start(), headers)[0] == 403


@pytest.mark.parametrize(
    ("length", "status"), [(str(LIMIT + 1), 413), (str(400 * 1024**2), 413), ("-1", 400), ("ten", 400), ("1, 2", 400)]
)
def test_a_large_or_unclear_request_is_refused_before_its_body(demo: DemoAccount, length: str, status: int) -> None:
    host = f"127.0.0.1:{port_of(demo.start())}"
    headers = {**signed(host, own_keys(demo)), "Content-Length": length, "Expect": "100-continue"}
    assert ask(demo.start(), [*headers.items()], b"")[0] == status


def test_a_request_of_the_largest_size_is_served(demo: DemoAccount) -> None:
    host = f"127.0.0.1:{port_of(demo.start())}"
    body = BODY + b"&Pad=" + b"a" * (LIMIT - len(BODY) - 5)
    assert ask(demo.start(), [*signed(host, own_keys(demo), body).items()], body)[0] == 200


def test_two_lengths_and_a_body_in_chunks_are_refused(demo: DemoAccount) -> None:
    host = f"127.0.0.1:{port_of(demo.start())}"
    headers = [*signed(host, own_keys(demo)).items()]
    assert ask(demo.start(), [*headers, ("Content-Length", "1")])[0] == 400
    assert ask(demo.start(), [*headers, ("Transfer-Encoding", "chunked")], b"")[0] == 411


@pytest.fixture
def process() -> Iterator[tuple[str, int]]:
    """Start the account in a process. Yield its endpoint and its process id."""
    child = subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin is not None
    assert child.stdout is not None
    yield child.stdout.readline().strip(), child.pid
    child.stdin.close()
    child.wait()
    child.stdout.close()


@pytest.mark.parametrize("way", ["with a length", "in chunks"])
def test_a_body_of_400_mib_costs_no_memory(process: tuple[str, int], way: str) -> None:
    url, pid = process
    ask(url, [("Host", f"127.0.0.1:{port_of(url)}"), ("Content-Length", str(len(BODY)))])
    before = peak_kib(pid)
    length = "Transfer-Encoding: chunked" if way == "in chunks" else f"Content-Length: {400 * 1024**2}"
    with socket.create_connection(("127.0.0.1", port_of(url)), timeout=20) as client:
        client.sendall(f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{port_of(url)}\r\n{length}\r\n\r\n".encode())
        sent = pushed(client, b"10000\r\n" + b"x" * 65536 + b"\r\n", 400 * 1024**2)
    assert sent < 50 * 1024**2
    assert peak_kib(pid) < before + 20 * 1024


def pushed(client: socket.socket, piece: bytes, size: int) -> int:
    """Send until the server closes the connection, and return the number of bytes that it took."""
    sent = 0
    try:
        while sent < size:
            sent += client.send(piece)
            if select.select([client], [], [], 0)[0] and not client.recv(65536):
                return sent
    except OSError:
        return sent
    return sent


def peak_kib(pid: int) -> int:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1])


def test_the_sign_in_page_still_works(demo: DemoAccount, iam: Any, user: str) -> None:
    iam.create_login_profile(UserName=user, Password="First-password-0!", PasswordResetRequired=True)
    iam.attach_user_policy(UserName=user, PolicyArn="arn:aws:iam::aws:policy/IAMUserChangePassword")
    demo.sign_in(user, Secret("First-password-0!"), Secret("Other-password-1!"))
    assert "PasswordLastUsed" in iam.get_user(UserName=user)["User"]
