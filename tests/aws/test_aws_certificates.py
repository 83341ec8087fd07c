"""The trusted CAs: the public ones, or a configured bundle that is shown to the operator."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from breakglass_tui.aws.connect import connect
from breakglass_tui.aws.preflight import preflight_checks
from breakglass_tui.aws.preflight.certificates import CertificatesPreflight
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.check_runner import CheckRunner

KEYS = ("AKIAQYLPMN5HEXAMPLE1", "not-a-secret")
NAME = "Corp \x1b[31mInspection CA"


@dataclass
class Listener:
    """A TLS server with a self-signed certificate. It keeps what it received."""

    certificate: Path
    url: str = ""
    received: list[bytes] = field(default_factory=list)

    def serve(self, server: socket.socket, context: ssl.SSLContext) -> None:
        """Serve until the socket is closed."""
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(connection, server_side=True) as secured:
                    self.received.append(secured.recv(65536))
            except OSError:
                connection.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path = tmp_path_factory.mktemp("tls") / "self-signed.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def listener(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listener = Listener(certificate)
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener.url = f"https://127.0.0.1:{server.getsockname()[1]}"
        thread = threading.Thread(target=listener.serve, args=(server, context))
        thread.start()
        yield listener
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def problem_at(url: str) -> Problem:
    with pytest.raises(Problem) as caught:
        connect(endpoint_url=url, credentials=KEYS, region="eu-west-1").identify()
    return caught.value


def test_a_self_signed_certificate_is_refused_before_anything_is_sent(listener: Listener) -> None:
    problem = problem_at(listener.url)
    assert problem.kind is Kind.UNREACHABLE
    assert problem.what == "The connection to AWS is not trusted."
    assert listener.received == []


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
@pytest.mark.parametrize("value", ["", " ", "false", "0"])
def test_no_variable_turns_off_the_verification(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert problem_at(listener.url).kind in (Kind.UNREACHABLE, Kind.CREDENTIALS)
    assert listener.received == []


@pytest.mark.parametrize("way", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "file"])
def test_a_configured_ca_bundle_is_used_and_shown(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str
) -> None:
    keys = f"aws_access_key_id={KEYS[0]}\naws_secret_access_key={KEYS[1]}\nregion=eu-west-1\n"
    (tmp_path / "config").write_text(f"[default]\n{keys}" + f"ca_bundle={listener.certificate}\n" * (way == "file"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    if way != "file":
        monkeypatch.setenv(way, str(listener.certificate))
    cloud: Any = connect(endpoint_url=listener.url)
    with pytest.raises(Problem):
        cloud.identify()
    assert listener.received
    result = result_of(CertificatesPreflight(cloud._clients))
    assert result.status is CheckStatus.WARN
    assert str(listener.certificate) in result.found
    assert "Inspection CA" in result.found
    assert "\x1b" not in result.found
    assert result.remedy


def test_the_public_cas_pass_and_only_a_real_account_is_checked(lab: Any) -> None:
    cloud: Any = connect(credentials=KEYS, region="eu-west-1")
    setup = lab.everything()
    assert "certificates" in {check.id for check in preflight_checks(cloud._clients, setup)}
    assert "certificates" not in {check.id for check in preflight_checks(lab.clients, setup)}
    assert result_of(CertificatesPreflight(cloud._clients)).status is CheckStatus.PASS


def test_an_unreadable_ca_bundle_is_reported(tmp_path: Path) -> None:
    class UnreadableBundle:
        def ca_bundle(self) -> str:
            return str(tmp_path / "nothing.pem")

    clients: Any = UnreadableBundle()
    assert "the file cannot be read" in result_of(CertificatesPreflight(clients)).found


def result_of(check: CertificatesPreflight) -> Any:
    """Return the result of the check."""
    return next(event.result for event in CheckRunner((check,)).events() if hasattr(event, "result"))
