"""One use of a runbook in a simulated account: a user, its envelopes, and a shell on the machine of an operator."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import boto3
import pyrage
from pasting import PastingShell, write_programs

from breakglass_tui.demo.demo_account import DemoAccount

ID, USER, REGION = DemoAccount.account_id, "bg-paste", "eu-west-1"
PASSPHRASE = "seven-plain-words-that-no-one-else-has-written-down-7"
WHO = f"aws sts get-caller-identity --region {REGION}"
VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


class EmergencyUse:
    """One use of a runbook: the account, the shell, and what earlier commands showed."""

    def __init__(self, account, aws, directory):
        self.account, self.directory = account, directory
        self.endpoint = account.start()
        self.operator = {"AWS_ACCESS_KEY_ID": account.access_key_id, "AWS_SECRET_ACCESS_KEY": account.secret_access_key}
        self.home = directory / "home"
        (self.home / ".aws").mkdir(parents=True)
        keys = f"aws_access_key_id={account.access_key_id}\naws_secret_access_key={account.secret_access_key}\n"
        (self.home / ".aws" / "credentials").write_text(f"[default]\n{keys}")
        (directory / "bin").mkdir()
        write_programs(directory / "bin", aws, self.endpoint)
        self.environment = {
            "PATH": f"{directory / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "AWS_PAGER": "",
            "AWS_EC2_METADATA_DISABLED": "true",
            "LOGIN_SESSION": str(directory / "session.json"),
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        self.identities = [pyrage.x25519.Identity.generate() for _ in range(2)]
        self.out = directory / "out"
        self.secrets, self.sessions, self.ran = {}, [], []
        self.shell = None

    def boto(self, service, keys=None, region=REGION):
        found = keys or {"AccessKeyId": self.account.access_key_id, "SecretAccessKey": self.account.secret_access_key}
        session = boto3.Session(found["AccessKeyId"], found["SecretAccessKey"], found.get("SessionToken"), region)
        return session.client(service, endpoint_url=self.endpoint)

    def apply(self, request):
        """Create the user with the program itself. Return the runbook."""
        wanted = {"region": REGION, "user_name": USER, **request}
        if request.get("seal_threshold") or request["access"] == "both":
            wanted["seal_to"] = [str(one.to_public()) for one in self.identities]
        (self.directory / "request.json").write_text(json.dumps(wanted))
        read, write = os.pipe()
        os.write(write, PASSPHRASE.encode())
        os.close(write)
        words = ("apply", "--yes", "--request", "request.json", "--out", str(self.out))
        secret = ("--passphrase-fd", str(read)) if request.get("seal_passphrase") else ()
        ran = subprocess.run(
            [self.directory / "bin" / "breakglass-tui", *words, *secret],
            env={**self.environment, **self.operator}, cwd=self.directory, pass_fds=(read,), text=True,
            capture_output=True, check=False, timeout=120,
        )  # fmt: skip
        os.close(read)
        assert ran.returncode == 0, ran.stderr
        self.report = json.loads((self.out / "report.json").read_text())
        return (self.out / "runbook.md").read_text()

    def start(self, **credentials):
        """Start a shell in the directory of the envelopes, as on a machine with the operator's credentials."""
        self.shell = PastingShell(self.out, {**self.environment, **self.operator, **credentials})
        for number, identity in enumerate(self.identities, start=1):
            (self.out / f"ID{number}.txt").write_text(str(identity))

    def paste(self, command, *typed, after="", **placeholders):
        """Paste a command of the runbook, with its placeholders replaced, and return its output."""
        self.ran.append(command)
        for name, value in placeholders.items():
            assert re.search(rf"\b{name}\b", command)
            command = re.sub(rf"\b{name}\b", lambda _, value=value: value, command)
        output = self.shell.paste(command, *typed, after=after)
        assert self.shell.status() == 0, (command, output)
        return output

    def next_code(self):
        """Return an MFA code, as half a minute after the last one."""
        self.account._server.run_locked(lambda world: world.used_periods.clear())
        return self.shell.paste(self.code_command)[-6:]

    def remember_session(self):
        """Keep the credentials in use. They are a session that stays open when the shell is closed."""
        values = [self.shell.paste(f"printenv {name}") for name in VARIABLES]
        self.sessions.append(dict(zip(("AccessKeyId", "SecretAccessKey", "SessionToken"), values, strict=True)))

    def identity(self):
        return json.loads(self.shell.paste(WHO))["Arn"]
