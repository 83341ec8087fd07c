"""Signs evidence with real SSH keys: of a file, of the agent, with a passphrase. A security key is never tested."""

from __future__ import annotations

import os
import subprocess

import pytest
from signing_kit import checked, ran, require_programs, ssh_key

from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.report.export import export
from breakglass_tui.report.signatures import SSH_SIGNATURE
from breakglass_tui.report.ssh_signer import SshSigner


@pytest.fixture(autouse=True)
def _programs():
    require_programs()


@pytest.fixture
def agent(tmp_path, monkeypatch):
    """Start an ssh-agent of this test, and end it afterwards."""
    path = tmp_path / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", path], stdout=subprocess.PIPE)
    process.stdout.readline()
    monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
    yield
    process.terminate()
    process.wait(10)
    process.stdout.close()


def test_a_key_in_the_agent_signs_with_its_public_key(agent, key, finished, tmp_path, trust):
    ran("ssh-add", "-q", key)
    key.unlink()
    found = export(finished, tmp_path / "out", signer=SshSigner(tmp_path / "alice.pub"))
    assert found.unsigned is None
    assert checked(tmp_path / "out", trust).status is CheckStatus.PASS


def test_a_key_with_a_passphrase_signs_if_the_agent_has_it(agent, finished, tmp_path):
    key = ssh_key(tmp_path / "locked", "correct horse")
    with pytest.raises(Problem) as caught:
        SshSigner(key).sign(b"text")
    assert "passphrase" in caught.value.why
    assert caught.value.next == f"Add the key to ssh-agent: ssh-add {key}"
    askpass = tmp_path / "askpass"
    askpass.write_text("#!/bin/sh\necho correct horse\n")
    askpass.chmod(0o700)
    environment = {**os.environ, "SSH_ASKPASS": str(askpass), "SSH_ASKPASS_REQUIRE": "force"}
    ran("ssh-add", "-q", key, env=environment)
    assert SSH_SIGNATURE in SshSigner(key).sign(b"text")


@pytest.mark.parametrize(
    ("passphrase", "attached", "done"),
    [("", False, True), ("", True, True), ("correct horse", True, False)],
)
def test_the_test_of_a_key_asks_nothing(tmp_path, passphrase, attached, done):
    assert SshSigner(ssh_key(tmp_path / "tested", passphrase), attached=attached).test().done is done


def test_a_security_key_is_not_tested_and_the_operator_is_told_to_touch_it(tmp_path):
    key, told = tmp_path / "hardware", []
    key.with_name("hardware.pub").write_text("sk-ssh-ed25519@openssh.com AAAA hardware\n")
    key.write_text("-----BEGIN OPENSSH PRIVATE KEY-----\n")
    signer = SshSigner(key, notify=told.append)
    assert not signer.test().done
    with pytest.raises(Problem):
        signer.sign(b"text")
    assert "touch the security key" in told[0]


def test_a_key_that_does_not_exist_names_the_setting(tmp_path):
    with pytest.raises(Problem) as caught:
        SshSigner(tmp_path / "nothing").sign(b"text")
    assert "No such file" in caught.value.why
    assert caught.value.next == "Correct sign_with in the configuration file."


def test_a_program_that_does_not_end_is_stopped(tmp_path, key, monkeypatch):
    program = tmp_path / "bin" / "ssh-keygen"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setattr("breakglass_tui.report.child_program.WITHIN_S", 0.2)
    with pytest.raises(Problem, match="did not end"):
        SshSigner(key).sign(b"text")


def test_the_program_gets_no_other_variables(tmp_path, key, monkeypatch):
    program, seen = tmp_path / "bin" / "ssh-keygen", tmp_path / "seen"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nenv > {seen}\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("SSH_SK_PROVIDER", "/tmp/evil.so")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    with pytest.raises(Problem):
        SshSigner(key).sign(b"text")
    names = {line.partition("=")[0] for line in seen.read_text().splitlines()}
    assert names <= {"PATH", "HOME", "SSH_AUTH_SOCK", "SSH_ASKPASS_REQUIRE", "LC_ALL", "PWD", "_", "SHLVL", "OLDPWD"}
