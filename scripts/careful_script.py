"""Create an emergency user with boto3, one call after the other, as a careful engineer would without this program.

``make bench`` compares ``apply`` with this script. It makes the same user: tags, a sealed MFA device, a console
password, an access key, a copy of AdministratorAccess, the groups and the role. It validates nothing and reads nothing
that the writes do not need: 16 calls for one group. It is careful in what a script for emergencies must have:

- It waits until IAM shows the new user, with the waiter of boto3.
- It encrypts each secret with KMS and writes it to a file before the next write.
- It grants permissions last.
- It reads the trust policy right before it replaces it, and repeats a write that IAM cannot apply yet.

Usage: careful_script.py ENDPOINT_URL REQUEST USER_NAME DIRECTORY. REQUEST is a JSON file.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import string
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

POLICY_NAME = "BreakGlassAdministratorAccess"
SYMBOLS = "!@#$%^&*()_+-=[]{}|'"
PERIOD_S = 30
RETRIES = 30
NOT_VISIBLE_YET = frozenset({"NoSuchEntity", "MalformedPolicyDocument"})


class UserSetup:
    """The calls that create one user, in the order in which ``run`` makes them."""

    def __init__(self, endpoint_url: str, request: dict[str, Any], user_name: str, directory: Path) -> None:
        self.request, self.user_name, self.directory = request, user_name, directory
        session = boto3.Session(region_name=request["region"])
        self.iam, self.kms, self.sts = (
            session.client(service, endpoint_url=endpoint_url) for service in ("iam", "kms", "sts")
        )

    def run(self) -> None:
        """Create the user, its credentials, and its permissions."""
        account_id = self.sts.get_caller_identity()["Account"]
        print(f"Creating {self.user_name} in account {account_id}.")
        policy = self.administrator_access()
        user = self.iam.create_user(UserName=self.user_name, Path="/breakglass/", Tags=self.tags())["User"]
        self.iam.get_waiter("user_exists").wait(UserName=self.user_name)
        self.enrol_device()
        self.set_password()
        self.create_key()
        self.iam.put_user_policy(UserName=self.user_name, PolicyName=POLICY_NAME, PolicyDocument=json.dumps(policy))
        for group in self.request["groups"]:
            self.iam.add_user_to_group(GroupName=group, UserName=self.user_name)
        self.trust(user["Arn"])

    def administrator_access(self) -> dict[str, Any]:
        """Return the document of the default version of AdministratorAccess."""
        arn = "arn:aws:iam::aws:policy/AdministratorAccess"
        version = self.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        found: dict[str, Any] = self.iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
        document: dict[str, Any] = found["Document"]
        return document

    def tags(self) -> list[dict[str, str]]:
        """Return the tags of the request in the form of IAM."""
        return [{"Key": key, "Value": value} for key, value in self.request["tags"].items()]

    def enrol_device(self) -> None:
        """Create a virtual MFA device, seal its seed, and enable it with the codes of this and the last period."""
        device = self.iam.create_virtual_mfa_device(VirtualMFADeviceName=self.user_name, Tags=self.tags())
        device = device["VirtualMFADevice"]
        seed, serial = device["Base32StringSeed"], device["SerialNumber"]
        self.seal("mfa-seed", {"serial_number": serial, "seed": seed.decode()})
        counter = int(time.time() // PERIOD_S)
        codes = {"AuthenticationCode1": code(seed, counter - 1), "AuthenticationCode2": code(seed, counter)}
        repeat(lambda: self.iam.enable_mfa_device(UserName=self.user_name, SerialNumber=serial, **codes))

    def set_password(self) -> None:
        """Generate a password with characters of every kind, seal it, and set it with a reset at the first sign-in."""
        kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits, SYMBOLS)
        password = "".join(secrets.choice(kinds[number % len(kinds)]) for number in range(40))
        self.seal("password", {"password": password})
        login = {"UserName": self.user_name, "Password": password, "PasswordResetRequired": True}
        repeat(lambda: self.iam.create_login_profile(**login))

    def create_key(self) -> None:
        """Create an access key and seal it."""
        key = repeat(lambda: self.iam.create_access_key(UserName=self.user_name))["AccessKey"]
        self.seal("access-key", {"access_key_id": key["AccessKeyId"], "secret_access_key": key["SecretAccessKey"]})

    def trust(self, user_arn: str) -> None:
        """Allow the user to assume the role, with MFA."""
        name = self.request["role_arn"].rpartition("/")[2]
        policy = self.iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
        policy["Statement"].append(
            {
                "Sid": "BreakGlass" + secrets.token_hex(4),
                "Effect": "Allow",
                "Principal": {"AWS": user_arn},
                "Action": "sts:AssumeRole",
                "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
            }
        )
        repeat(lambda: self.iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(policy)))

    def seal(self, contents: str, fields: dict[str, str]) -> None:
        """Encrypt ``fields`` with the KMS key and write the result to a file that only this account can read."""
        context = {"user": self.user_name, "contents": contents}
        sealed = self.kms.encrypt(
            KeyId=self.request["kms_key_id"], Plaintext=json.dumps(fields).encode(), EncryptionContext=context
        )
        ciphertext = base64.b64encode(sealed["CiphertextBlob"]).decode()
        path = self.directory / f"{self.user_name}.{contents}.json"
        path.touch(0o600)
        path.write_text(json.dumps({"key_arn": sealed["KeyId"], "context": context, "ciphertext": ciphertext}))


def code(seed: bytes, counter: int) -> str:
    """Return the six digits of the TOTP with the base32 ``seed`` for one period (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(seed), struct.pack(">Q", counter), hashlib.sha1)
    start = digest[-1] & 0xF
    return f"{(int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


def repeat(write: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the answer of ``write``. Repeat it every second while IAM does not show the user everywhere."""
    for left in range(RETRIES - 1, -1, -1):
        try:
            return write()
        except ClientError as error:
            if error.response["Error"]["Code"] not in NOT_VISIBLE_YET or not left:
                raise
            time.sleep(1)
    raise AssertionError("the last attempt returns or raises")


if __name__ == "__main__":
    endpoint_url, request_file, user_name, directory = sys.argv[1:]
    UserSetup(endpoint_url, json.loads(Path(request_file).read_text("utf-8")), user_name, Path(directory)).run()
