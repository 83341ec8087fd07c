"""Programs that a runbook needs and that a machine can lack. The first argument is the name of the program.

``age``, ``jq`` and ``oathtool`` accept only the options that a runbook uses. ``aws-login`` is ``aws login`` and ``aws
logout`` of AWS CLI 2.32, without the browser. It writes the session in the file LOGIN_SESSION.
"""

from __future__ import annotations

import argparse
import configparser
import getpass
import json
import os
import sys
from pathlib import Path

CLEARED = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE")
LOGIN_FLAGS = ("--remote",)
LOGOUT_FLAGS = ("--all",)
"""The options of both commands (AWS CLI reference, login and logout)."""


def age(arguments: list[str]) -> None:
    """Decrypt with an identity or a typed passphrase, or encrypt to a recipient."""
    import pyrage

    parser = argparse.ArgumentParser("age", allow_abbrev=False)
    parser.add_argument("-d", action="store_true")
    parser.add_argument("-a", action="store_true")
    parser.add_argument("-i", action="append", default=[])
    parser.add_argument("-r", action="append", default=[])
    parser.add_argument("file", nargs="?")
    given = parser.parse_args(arguments)
    content = Path(given.file).read_bytes() if given.file else sys.stdin.buffer.read()
    if not given.d:
        recipients = [pyrage.x25519.Recipient.from_str(one) for one in given.r]
        sys.stdout.buffer.write(pyrage.encrypt(content, recipients, armored=given.a))
    elif given.i:
        lines = [line for path in given.i for line in Path(path).read_text().splitlines() if not line.startswith("#")]
        sys.stdout.buffer.write(pyrage.decrypt(content, [pyrage.x25519.Identity.from_str(line) for line in lines]))
    else:
        sys.stdout.buffer.write(pyrage.passphrase.decrypt(content, getpass.getpass("Enter passphrase: ")))


def jq(arguments: list[str]) -> None:
    """Print the text at a path such as ``.secret.seed``."""
    raw, path, *files = arguments
    assert raw == "-r"
    found = json.loads(Path(files[0]).read_text() if files else sys.stdin.read())
    for name in path.removeprefix(".").split("."):
        found = found[name]
    sys.stdout.write(f"{found}\n")


def oathtool(arguments: list[str]) -> None:
    """Print the current code of the seed on stdin."""
    import pyotp

    assert arguments == ["--totp", "-b", "-"]
    sys.stdout.write(f"{pyotp.TOTP(sys.stdin.read().strip()).now()}\n")


def aws_login(arguments: list[str]) -> None:
    """Write the session into the profile, or remove it. A profile with other credentials is refused."""
    command, *options = arguments
    parser = argparse.ArgumentParser(f"aws {command}", allow_abbrev=False)
    parser.add_argument("--profile", default="default")
    parser.add_argument("--region")
    parser.add_argument("--endpoint-url")
    for flag in LOGIN_FLAGS if command == "login" else LOGOUT_FLAGS:
        parser.add_argument(flag, action="store_true")
    given = parser.parse_args(options)
    path = Path(os.environ["HOME"], ".aws", "credentials")
    profiles = configparser.RawConfigParser()
    profiles.read(path)
    if command == "logout":
        profiles.remove_section(given.profile)
    else:
        exported = [name for name in CLEARED if name in os.environ]
        assert not exported, f"these would win over the profile: {exported}"
        assert given.region, "aws login asks for a Region"
        assert not profiles.has_section(given.profile), f"Profile {given.profile!r} is already configured"
        session = json.loads(Path(os.environ["LOGIN_SESSION"]).read_text())
        profiles[given.profile] = {
            "aws_access_key_id": session["AccessKeyId"],
            "aws_secret_access_key": session["SecretAccessKey"],
            "aws_session_token": session["SessionToken"],
        }
    with path.open("w") as file:
        profiles.write(file)


if __name__ == "__main__":
    name, *rest = sys.argv[1:]
    {"age": age, "jq": jq, "oathtool": oathtool, "aws-login": aws_login}[name](rest)
