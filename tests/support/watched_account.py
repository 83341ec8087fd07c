"""The simulated account with resources of other people, and the assertions about it after a run."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import boto3
import pyrage

from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain.own_tags import RUN_TAG
from breakglass_tui.domain.ownership import trust_sid
from breakglass_tui.domain.policy import INLINE_POLICY_NAME

GROUP, ROLE, FOREIGNER = "watched-group", "watched-role", "watched-other"
PASSWORD = "Some0ne-else's-password!"
EVIDENCE = {
    *(f"{name}.{kind}" for name in ("report", "runbook") for kind in ("json", "md", "html")),
    "mutelist.yaml",
    "SHA256SUMS",
}
CONTENTS = ("access-key", "mfa-seed", "password")


class WatchedAccount:
    """Clients of plain boto3 on the server, without the proxy and without the clients of the program."""

    def __init__(self, demo: DemoAccount) -> None:
        self.demo, self.endpoint = demo, demo.start()
        self.session = boto3.Session(demo.access_key_id, demo.secret_access_key, region_name="eu-west-1")
        self.iam, self.kms = (self.session.client(name, endpoint_url=self.endpoint) for name in ("iam", "kms"))
        self.custodian = pyrage.x25519.Identity.generate()
        self._seed()
        self.before = self.unmanaged()

    def request(self, name: str) -> dict[str, Any]:
        """Return a request with every part, sealed twice."""
        return {
            "region": "eu-west-1",
            "user_name": name,
            "access": "both",
            "mfa": "sealed",
            "groups": [GROUP],
            "role_arn": f"arn:aws:iam::{self.demo.account_id}:role/{ROLE}",
            "kms_key_id": "alias/break-glass",
            "seal_to": [str(self.custodian.to_public())],
        }

    def whole(self, name: str, run_id: str, directory: Path) -> None:
        """Assert one of each resource, the secrets of AWS in the envelopes, and that nothing unmanaged has changed."""
        assert self.tagged(run_id) == [name]
        secrets = {contents: self._opened(directory, name, contents) for contents in CONTENTS}
        keys = self.iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
        assert [(key["AccessKeyId"], key["Status"]) for key in keys] == [
            (secrets["access-key"]["access_key_id"], "Active")
        ]
        self._works(name, secrets["access-key"])
        devices = self.iam.list_mfa_devices(UserName=name)["MFADevices"]
        assert [device["SerialNumber"] for device in devices] == [secrets["mfa-seed"]["serial_number"]]
        assert self.devices(name) == [secrets["mfa-seed"]["serial_number"]]
        backend = self.demo._server._world.iam  # AWS never returns a seed or a password again
        seed = backend.virtual_mfa_devices[devices[0]["SerialNumber"]].base32_string_seed
        assert (seed if isinstance(seed, str) else seed.decode()) == secrets["mfa-seed"]["seed"]
        assert backend.get_user(name).password == secrets["password"]["password"]
        assert self.iam.get_login_profile(UserName=name)
        assert self.iam.list_user_policies(UserName=name)["PolicyNames"] == [INLINE_POLICY_NAME]
        document = self.iam.get_user_policy(UserName=name, PolicyName=INLINE_POLICY_NAME)["PolicyDocument"]
        assert document["Statement"] == [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
        groups = self.iam.list_groups_for_user(UserName=name)["Groups"]
        assert [group["GroupName"] for group in groups] == [GROUP]
        assert [statement["Sid"] for statement in self.trust()] == ["Root", "Partner", trust_sid(run_id)]
        files = [f"{name}.{contents}.{suffix}" for contents in CONTENTS for suffix in ("age", "kms.json")]
        assert sorted(path.name for path in directory.iterdir() if path.name not in EVIDENCE) == files
        assert self.unmanaged(name, run_id) == self.before

    def nothing(self, name: str, run_id: str, directory: Path) -> None:
        """Assert no user, device, statement or envelope of the run, and that everything else is unchanged."""
        assert self.tagged(run_id) == []
        assert name not in self._users()
        assert self.devices(name) == []
        names = [path.name for path in directory.iterdir()] if directory.exists() else []
        left = [name for name in names if name not in EVIDENCE and not name.startswith("export-")]
        assert left == []
        assert self.unmanaged() == self.before

    def tagged(self, run_id: str) -> list[str]:
        """Return the users with the tag of the run."""
        found = {name: user.get("Tags", []) for name, user in self._users().items()}
        return [name for name, tags in found.items() if {"Key": RUN_TAG, "Value": run_id} in tags]

    def devices(self, name: str) -> list[str]:
        """Return the virtual MFA devices named after the user, assigned or not."""
        pages = self.iam.get_paginator("list_virtual_mfa_devices").paginate(AssignmentStatus="Any")
        serials = [str(item["SerialNumber"]) for page in pages for item in page["VirtualMFADevices"]]
        return [serial for serial in serials if f"mfa/{name}-" in serial]

    def trust(self) -> list[dict[str, Any]]:
        """Return the statements of the trust policy of the role."""
        document = self.iam.get_role(RoleName=ROLE)["Role"]["AssumeRolePolicyDocument"]
        return list(document["Statement"])

    def unmanaged(self, name: str = "", run_id: str = "") -> dict[str, Any]:
        """Return everything except the user ``name`` and the statement of its run."""
        users = {other: user for other, user in self._users().items() if other != name}
        keys = self.iam.list_access_keys(UserName=FOREIGNER)["AccessKeyMetadata"]
        members = [user["UserName"] for user in self.iam.get_group(GroupName=GROUP)["Users"]]
        serials = [str(item["SerialNumber"]) for item in self.iam.list_virtual_mfa_devices()["VirtualMFADevices"]]
        return {
            "users": users,
            "keys": keys,
            "profile": self.iam.get_login_profile(UserName=FOREIGNER)["LoginProfile"],
            "members": [member for member in members if member != name],
            "devices": [serial for serial in serials if not name or f"mfa/{name}-" not in serial],
            "trust": [statement for statement in self.trust() if not run_id or statement["Sid"] != trust_sid(run_id)],
            "kms": self.kms.describe_key(KeyId="alias/break-glass")["KeyMetadata"]["KeyState"],
        }

    def clear(self, name: str) -> None:
        """Restore the account after a failed test, so that the next one is independent."""
        backend = self.demo._server._world.iam
        if name in {user.name for user in backend.users.values()}:
            for group in backend.groups.values():
                group.users = [user for user in group.users if user.name != name]
            backend.users = {id: user for id, user in backend.users.items() if user.name != name}
        for serial in self.devices(name):
            backend.virtual_mfa_devices.pop(serial)
        self.iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=self._trust_document())

    def _users(self) -> dict[str, Any]:
        pages = self.iam.get_paginator("get_account_authorization_details").paginate(Filter=["User"])
        return {str(user["UserName"]): user for page in pages for user in page["UserDetailList"]}

    def _opened(self, directory: Path, name: str, contents: str) -> dict[str, str]:
        """Return the contents of the envelopes, which must be equal."""
        sealed = (directory / f"{name}.{contents}.age").read_bytes()
        by_age = json.loads(pyrage.decrypt(sealed, [self.custodian]))
        file = json.loads((directory / f"{name}.{contents}.kms.json").read_text())
        plain = self.kms.decrypt(
            CiphertextBlob=base64.b64decode(file["ciphertext"]), EncryptionContext=file["encryption_context"]
        )["Plaintext"]
        assert json.loads(plain) == by_age
        return dict(by_age["secret"])

    def _works(self, name: str, key: dict[str, str]) -> None:
        session = boto3.Session(key["access_key_id"], key["secret_access_key"], region_name="eu-west-1")
        arn = session.client("sts", endpoint_url=self.endpoint).get_caller_identity()["Arn"]
        assert arn.endswith(f"/{name}")

    def _trust_document(self) -> str:
        account = f"arn:aws:iam::{self.demo.account_id}"
        allow = {"Effect": "Allow", "Action": "sts:AssumeRole"}
        root = {**allow, "Sid": "Root", "Principal": {"AWS": f"{account}:root"}}
        partner = {**allow, "Sid": "Partner", "Principal": {"AWS": f"{account}:user/{FOREIGNER}"}}
        return json.dumps({"Version": "2012-10-17", "Statement": [root, partner]})

    def _seed(self) -> None:
        iam = self.iam
        iam.create_user(UserName=FOREIGNER, Tags=[{"Key": RUN_TAG, "Value": "another-run"}])
        iam.create_access_key(UserName=FOREIGNER)
        iam.create_login_profile(UserName=FOREIGNER, Password=PASSWORD)
        iam.create_virtual_mfa_device(VirtualMFADeviceName=f"{FOREIGNER}-device")
        iam.create_group(GroupName=GROUP)
        iam.add_user_to_group(UserName=FOREIGNER, GroupName=GROUP)
        iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=self._trust_document())
