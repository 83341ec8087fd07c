"""A profile whose role wants an MFA code: botocore would ask for it with getpass, on the terminal the app draws on."""

from __future__ import annotations

import os
import sys

import pexpect
import pytest


@pytest.fixture
def guarded(tmp_path):
    """A home with such a profile."""
    role = "role_arn=arn:aws:iam::123456789012:role/x\nmfa_serial=arn:aws:iam::123456789012:mfa/me\n"
    keys = "aws_access_key_id=AKIAQYLPMN5HEXAMPLE1\naws_secret_access_key=not-a-secret\n"
    path = tmp_path / "config"
    path.write_text(f"[profile base]\n{keys}[profile guarded]\n{role}source_profile=base\nregion=eu-west-1\n")
    return {**os.environ, "AWS_CONFIG_FILE": str(path)}


def test_the_screen_stays_whole_and_says_what_to_do(guarded):
    arguments = ["-m", "breakglass_tui", "--profile", "guarded"]
    child = pexpect.spawn(
        sys.executable, arguments, env=guarded, dimensions=(40, 160), timeout=60, encoding="utf-8", use_poll=True
    )
    child.expect_exact("This profile needs an MFA code to assume its role")
    said = child.before
    child.expect_exact("aws sts")
    said += child.before
    child.sendcontrol("q")
    child.expect_exact("\x1b[?1049l")
    said += child.before
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 4
    assert "Enter MFA code" not in said
    assert said.count("\x1b[?1049") == 1  # the alternate screen is entered once, and left only by the app


def test_without_a_screen_it_is_a_line_and_an_exit_code(guarded, tmp_path):
    request = tmp_path / "request.toml"
    request.write_text('user_name = "bg-night"\nregion = "eu-west-1"\n')
    arguments = ["-m", "breakglass_tui", "--profile", "guarded", "plan", "--request", str(request)]
    child = pexpect.spawn(sys.executable, arguments, env=guarded, timeout=60, encoding="utf-8", use_poll=True)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 4
    assert "This profile needs an MFA code" in child.before
    assert "Enter MFA code" not in child.before
