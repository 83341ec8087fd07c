"""Variables that record or control the program: removed before any library reads them, and named."""

from __future__ import annotations

import os
import socket
import sys

import pexpect
import pytest
from console import headless

from breakglass_tui.cli.environment import scrub

PLUGIN = "import pathlib; pathlib.Path({fired!r}, __name__).touch()\ndef initialize_client_plugin(client): pass\n"
LIMIT_S = 60


@pytest.fixture
def fired(tmp_path):
    """Return a directory in which a variable that has an effect creates a file."""
    directory = tmp_path / "fired"
    directory.mkdir()
    return directory


@pytest.fixture
def modules(tmp_path, fired):
    """Return a directory of modules, each of which creates a file when it is imported."""
    directory = tmp_path / "modules"
    directory.mkdir()
    for name in ("evil_driver", "evil_plugin", "evil_breakpoint"):
        (directory / f"{name}.py").write_text(PLUGIN.format(fired=str(fired)))
    return directory


@pytest.fixture
def listener():
    """Open a TCP and a UDP socket on one port, and return a function that lists which of them received something."""
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.bind(tcp.getsockname())
        tcp.settimeout(0)
        udp.settimeout(0)

        def came():
            found = []
            for kind, take in (("tcp", tcp.accept), ("udp", lambda: udp.recv(4096))):
                try:
                    take()
                    found.append(kind)
                except BlockingIOError:
                    continue
            return found

        yield tcp.getsockname()[1], came


def of_the_screen(fired, port):
    return {
        "TEXTUAL": "devtools,debug",
        "TEXTUAL_DEVTOOLS_HOST": "127.0.0.1",
        "TEXTUAL_DEVTOOLS_PORT": str(port),
        "TEXTUAL_DRIVER": "evil_driver:Driver",
        "TEXTUAL_LOG": str(fired / "textual.log"),
        "TEXTUAL_PRESS": "ctrl+q",
        "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_SCREENSHOT_LOCATION": str(fired),
        "PYTHONBREAKPOINT": "evil_breakpoint.stop",
        "PYTHONINSPECT": "1",
    }


def of_the_calls(fired, port):
    return {
        "AWS_CSM_ENABLED": "true",
        "AWS_CSM_PORT": str(port),
        "AWS_DATA_PATH": str(fired.parent / "models"),
        "BOTOCORE_EXPERIMENTAL__PLUGINS": "evil=evil_plugin",
        "INITIAL_NO_AUTH_ACTION_COUNT": "999",
        "MOTO_ENABLE_RECORDING": "true",
        "MOTO_RECORDER_FILEPATH": str(fired / "moto.log"),
        "SSLKEYLOGFILE": str(fired / "keys.log"),
        "TEST_SERVER_MODE": "true",
    }


def test_on_a_terminal_nothing_is_recorded_pressed_sent_or_imported(fired, modules, listener):
    port, came = listener
    variables = of_the_screen(fired, port)
    child = pexpect.spawn(
        sys.executable,
        ["-m", "breakglass_tui", "--demo"],
        env={**os.environ, "PYTHONPATH": str(modules), **variables},
        dimensions=(24, 200),
        timeout=LIMIT_S,
        encoding="utf-8",
        use_poll=True,
    )
    child.expect("ignoring variables that can record or control this program: (.*?)\r\n")
    assert child.match[1].split(", ") == sorted(variables)
    child.expect_exact("acme-sandbox")  # the account was read: with the key pressed the app would be gone
    child.sendcontrol("q")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert [path.name for path in fired.iterdir()] == []
    assert came() == []


def test_calls_are_neither_recorded_nor_controlled(fired, modules, listener, tmp_path):
    port, came = listener
    variables = of_the_calls(fired, port)
    models = fired.parent / "models" / "sts"
    models.mkdir(parents=True)
    (models / "2011-06-15").mkdir()
    (models / "2011-06-15" / "service-2.json").write_text("{}")
    request = tmp_path / "request.toml"
    request.write_text('user_name = "bg-night"\nregion = "eu-west-1"\n')
    environment = {**os.environ, "PYTHONPATH": str(modules), **variables}
    ran = headless("--demo", "plan", "--request", request, env=environment)
    assert ran.returncode == 0, ran.stderr
    assert ", ".join(sorted(variables)) in ran.stderr
    assert [path.name for path in fired.iterdir()] == []
    assert came() == []


@pytest.mark.parametrize("name", ["OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES"])
def test_variables_that_load_code_into_openssl_are_dropped_and_named(name):
    environment = {name: "/evil", "PATH": "/bin"}
    (said,) = scrub(environment)
    assert name in said
    assert environment == {"PATH": "/bin"}


def test_openssl_reads_no_configuration_of_the_environment(tmp_path):
    """A configuration that OpenSSL opens is a FIFO here, so that reading it would never end."""
    os.mkfifo(tmp_path / "openssl.cnf")
    ran = headless("--demo", "plan", env={**os.environ, "OPENSSL_CONF": str(tmp_path / "openssl.cnf")})
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("name", ["PYTHONPATH", "PYTHONWARNINGS", "PYTHONUSERBASE", "PYTHONHOME"])
def test_variables_that_load_code_into_python_are_named_and_stay(name):
    environment = {name: "/evil", "PATH": "/bin"}
    (said,) = scrub(environment)
    assert said == f"{name} can load other code into this program. Start the program without it."
    assert environment == {name: "/evil", "PATH": "/bin"}


def test_an_interactive_python_ends_all_the_same(tmp_path):
    """With -i, Python would open a prompt with everything that is in memory."""
    child = pexpect.spawn(
        sys.executable, ["-i", "-m", "breakglass_tui", "runs"], timeout=LIMIT_S, encoding="utf-8", use_poll=True
    )
    assert child.expect([pexpect.EOF, ">>> "]) == 0
    child.close()
    assert child.exitstatus == 0


def test_preloaded_code_is_named_and_not_passed_on():
    environment = {"LD_PRELOAD": "/evil.so", "PATH": "/bin", "LD_LIBRARY_PATH": "/nix"}
    (said,) = scrub(environment)
    assert said.startswith("LD_PRELOAD has loaded other code")
    assert environment == {"PATH": "/bin", "LD_LIBRARY_PATH": "/nix"}


def test_an_ordinary_environment_is_not_changed():
    environment = {"PATH": "/bin", "AWS_PROFILE": "ops", "AWS_REGION": "eu-west-1", "NO_COLOR": "1", "TEXT": "x"}
    assert scrub(dict(environment)) == []
    before = dict(environment)
    scrub(environment)
    assert environment == before


def test_a_name_with_control_characters_is_escaped():
    (said,) = scrub({"TEXTUAL\x1b]0;x\x07": "1"})
    assert "\x1b" not in said
