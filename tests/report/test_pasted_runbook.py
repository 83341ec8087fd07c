"""Every command of a runbook, pasted from the raw Markdown into a shell with the real AWS CLI, has its outcome.

The account is simulated. Version 2 of the CLI is used if the machine has it. It has no browser, so ``aws login`` is a
program that accepts the options of its reference and writes a session of the user.
"""

from __future__ import annotations

import itertools
import json
import re
import threading
import time

import pyotp
import pytest
from aws_shell import aws_server, newest_interpreter
from botocore.exceptions import ClientError
from emergency_use import ID, PASSPHRASE, REGION, USER, EmergencyUse
from markdown_it import MarkdownIt
from pasting import commands_of

from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain.sign_in import sign_in_urls, switch_link

ROLE = f"arn:aws:iam::{ID}:role/EmergencyAdmin"
ARN = f"arn:aws:iam::{ID}:user/breakglass/{USER}"
SESSION_ARN = f"arn:aws:sts::{ID}:assumed-role/EmergencyAdmin/{USER}"
CASES = {
    "both": {
        "access": "both",
        "mfa": "sealed",
        "require_mfa": True,
        "role_arn": ROLE,
        "kms_key_id": "alias/break-glass",
    },
    "programmatic": {
        "access": "programmatic",
        "mfa": "sealed",
        "role_arn": ROLE,
        "seal_threshold": 2,
        "seal_passphrase": True,
    },
    "console": {"access": "console", "kms_key_id": "alias/break-glass"},
}


@pytest.fixture(scope="module")
def aws():
    with aws_server(newest_interpreter()) as line:
        yield line


@pytest.fixture
def account():
    with DemoAccount() as demo:
        yield demo


class Emergency(EmergencyUse):
    """The outcomes: one handler for each kind of command."""

    def console_session(self):
        """Write the session of a browser in which the user has signed in, for ``aws login``."""
        session = self.account.console_session(USER)
        (self.directory / "session.json").write_text(json.dumps(session, default=str))
        self.sessions.append(session)

    # The handlers, one for each kind of command. Each one asserts the outcome.

    def address(self, command):
        urls = sign_in_urls(ID, "aws", REGION)
        assert command in (urls.console, urls.regional, urls.own_host, switch_link(ROLE))
        self.ran.append(command)

    def open_file(self, command):
        self.ran.append(command)
        seeds = [one["path"] for one in self.report["envelopes"] if one["contents"] == ["mfa-seed"]]
        if not seeds or "passphrase" in seeds[0] or ".kms" in seeds[0]:
            return
        for number in range(1, command.count("ID.txt") + 1):
            command = command.replace("ID.txt", f"ID{number}.txt", 1)
        shown = self.shell.on_screen(command.replace("FILE", seeds[0]), "r", r"m\d{3} \d{3}\x1b")
        assert re.sub(r"\D", "", shown) in self.codes()

    def start_app(self, command):
        self.ran.append(command)
        self.shell.on_screen(command, "v", USER, first="Validate a user", quit="\x11")

    def codes(self):
        totp, now = pyotp.TOTP(self.secrets["seed"]), int(time.time())
        return {totp.at(now + 30 * step) for step in (-2, -1, 0, 1)}

    def code(self, command):
        plain = command.removesuffix(" | jq -r .secret.seed | oathtool --totp -b -")
        typed, after = (), ""
        if "-i" not in plain and "kms" not in plain:
            typed, after = (PASSPHRASE,), "passphrase"
        if "seed" not in self.secrets:
            opened = self.shell.paste(plain)
            self.secrets["seed"] = json.loads(opened[opened.index("{") :])["secret"]["seed"]
        output = self.paste(command, *typed, after=after)
        assert output[-6:] in self.codes()
        if "age -d -i" in command:
            self.code_command = command

    def open(self, command):
        typed = {} if "-i" in command or "kms" in command else {"after": "passphrase"}
        output = self.paste(command, *([PASSPHRASE] if typed else []), **typed)
        content = json.loads(output[output.index("{") :])
        assert content["user"] == USER
        for name, value in content["secret"].items():
            assert self.secrets.setdefault(name, value) == value

    def login(self, command):
        self.console_session()
        assert json.loads(self.paste(command))["Arn"] == ARN
        present = self.shell.paste("printenv AWS_ACCESS_KEY_ID")
        assert self.account.access_key_id in present, "the shell itself stays as it was"
        self.shell.paste("aws logout --profile break-glass")
        remote = command.replace("aws login", "aws login --remote")
        assert json.loads(self.shell.paste(remote))["Arn"] == ARN

    def key(self, command):
        output = self.paste(command, self.secrets["secret_access_key"])
        assert self.secrets["secret_access_key"] not in output
        assert json.loads(output)["Arn"] == ARN

    def mfa_session(self, command):
        self.paste(command, CODE=self.next_code())
        assert json.loads(self.shell.paste(f"aws iam get-user --region {REGION}"))["User"]["Arn"] == ARN
        self.remember_session()

    def assume(self, command):
        mfa = {"CODE": self.next_code()} if "--token-code" in command else {}
        if not mfa and self.report["request"]["require_mfa"] is False:
            # The role of the simulated account requires MFA, so the plain key needs the other command.
            self.ran.append(command)
            assert "AccessDenied" in self.shell.paste(command)
            return
        self.paste(command, **mfa)
        assert self.identity() == SESSION_ARN
        self.remember_session()
        if "--profile" in command:
            self.shell.close()
            self.start()

    def logout(self, command):
        self.paste(command)
        assert "break-glass" not in (self.home / ".aws" / "credentials").read_text()

    def deny(self, command):
        self.shell.close()
        self.start()
        for session in self.sessions:
            self.boto("iam", session).list_users()
        issued = int(time.time())
        while int(time.time()) == issued:
            threading.Event().wait(0.05)
        self.paste(command)
        for session in self.sessions:
            with pytest.raises(ClientError, match="AccessDenied"):
                self.boto("iam", session).list_users()
        if "secret_access_key" in self.secrets:
            self.works_again()

    def works_again(self):
        """Check that the key and its new sessions are not denied."""
        key = {"AccessKeyId": self.secrets["access_key_id"], "SecretAccessKey": self.secrets["secret_access_key"]}
        serial = self.boto("iam").list_mfa_devices(UserName=USER)["MFADevices"][0]["SerialNumber"]
        found = self.boto("sts", key).get_session_token(SerialNumber=serial, TokenCode=self.next_code())
        self.boto("iam", found["Credentials"]).list_users()
        if self.report["request"]["require_mfa"] is False:
            self.boto("iam", key).list_users()

    def new_key(self, command):
        self.paste(command, RECIPIENT=str(self.identities[0].to_public()))
        output = self.shell.paste("age -d -i ID1.txt new.access-key.age")
        assert json.loads(output)["AccessKey"]["UserName"] == USER

    def old_key(self, command):
        self.paste(command)
        keys = self.boto("iam").list_access_keys(UserName=USER)["AccessKeyMetadata"]
        assert self.secrets["access_key_id"] not in [key["AccessKeyId"] for key in keys]
        assert len(keys) == 1

    def review(self, command):
        found = json.JSONDecoder()
        text, events = self.paste(command), []
        while text.strip():
            page, end = found.raw_decode(text.strip())
            events += page["Events"]
            text = text.strip()[end:]
        records = [json.loads(event["CloudTrailEvent"]) for event in events]
        names = {record["eventName"] for record in records}
        assert "GetCallerIdentity" in names or "GetSessionToken" in names
        if self.report["request"]["role_arn"]:
            assert SESSION_ARN in {record["userIdentity"]["arn"] for record in records}
        assert {"us-east-1", REGION} <= {record["awsRegion"] for record in records}

    def delete_denies(self, command):
        self.paste(command)
        iam = self.boto("iam")
        assert iam.list_user_policies(UserName=USER)["PolicyNames"] == ["BreakGlassAdministratorAccess"]
        assert iam.list_role_policies(RoleName="EmergencyAdmin")["PolicyNames"] == []

    def validate(self, command):
        self.ran.append(command)
        self.shell.paste(command.replace("DIR", "validated"))
        assert self.shell.status() in (0, 3)
        assert USER in (self.out / "validated" / "runbook.md").read_text()


HANDLERS = (
    (r"https://", Emergency.address),
    (r"breakglass-tui open FILE", Emergency.open_file),
    (r"breakglass-tui --endpoint-url \S+$", Emergency.start_app),
    (r".*\| oathtool", Emergency.code),
    (r"age -d |jq -r .ciphertext ", Emergency.open),
    (r"env .* aws login ", Emergency.login),
    (r"unset AWS_PROFILE ", Emergency.key),
    (r"session=\$\(aws sts get-session-token ", Emergency.mfa_session),
    (r"session=\$\(aws sts assume-role ", Emergency.assume),
    (r"aws logout ", Emergency.logout),
    (r"deny=", Emergency.deny),
    (r"aws iam create-access-key ", Emergency.new_key),
    (r"aws iam delete-access-key ", Emergency.old_key),
    (r"for region in .* lookup-events ", Emergency.review),
    (r"aws iam delete-user-policy ", Emergency.delete_denies),
    (r"breakglass-tui validate ", Emergency.validate),
)


KINDS = {"both": len(HANDLERS), "programmatic": 11, "console": 10}
"""How many kinds of commands each runbook has."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("case", CASES)
def test_every_command_of_a_runbook_has_its_outcome(account, aws, tmp_path, case):
    emergency = Emergency(account, aws, tmp_path)
    text = emergency.apply(CASES[case])
    raw = commands_of(text)
    rendered = [one.content.strip() for one in MarkdownIt("commonmark").parse(text) if one.type == "fence"]
    assert [command.strip() for command in raw] == rendered
    emergency.start()
    # The envelopes come first, as on the page. The seed is needed for the screen of this program.
    commands = sorted(rendered, key=lambda command: command.startswith("breakglass-tui open FILE"))
    try:
        for command in commands:
            handler = next((one for pattern, one in HANDLERS if re.match(pattern, command)), None)
            assert handler, f"no test knows the outcome of: {command}"
            handler(emergency, command)
    finally:
        emergency.shell.close()
    assert sorted(emergency.ran) == sorted(rendered)
    kinds = {next(one for pattern, one in HANDLERS if re.match(pattern, command)) for command in rendered}
    assert len(kinds) == KINDS[case]


def test_the_cases_cover_every_kind_of_seal_and_access():
    values = list(itertools.chain.from_iterable(case.items() for case in CASES.values()))
    assert {value for name, value in values if name == "access"} == {"both", "programmatic", "console"}
    assert {"kms_key_id", "seal_threshold", "seal_passphrase", "role_arn", "require_mfa"} <= {
        name for name, _ in values
    }
