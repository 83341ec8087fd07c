"""Another admin of the account, who changes the user of a run and records their own changes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

OTHER_POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)
POLICY, GROUP = "SomebodyElses", "somebody-elses"
EDITS = ("key", "policy", "login profile", "group", "delete", "recreate")


@dataclass
class Admin:
    """The admin. ``keys``, ``things`` and ``user_id`` are created by the admin, and only the admin may change them."""

    iam: Any
    name: str
    keys: set[str] = field(default_factory=set)
    things: set[str] = field(default_factory=set)
    user_id: str = ""
    busy: bool = False
    """Whether the admin has changed anything."""

    def edit(self, what: str) -> None:
        """Make a change if the account allows it."""
        {
            "key": self._key,
            "policy": self._policy,
            "login profile": self._profile,
            "group": self._group,
            "delete": self.delete,
            "recreate": self._recreate,
        }[what]()

    def untouched(self) -> None:
        """Assert that everything of the admin is unchanged."""
        if self.user_id:
            assert self.iam.get_user(UserName=self.name)["User"]["UserId"] == self.user_id
        if self.keys:
            assert self.keys <= set(self.key_ids())
        if "policy" in self.things:
            found = self.iam.get_user_policy(UserName=self.name, PolicyName=POLICY)["PolicyDocument"]
            assert found == json.loads(OTHER_POLICY)
        if "profile" in self.things:
            assert self.iam.get_login_profile(UserName=self.name)
        if "group" in self.things:
            assert GROUP in self.groups()

    def exists(self) -> dict[str, Any] | None:
        """Return the user in AWS."""
        try:
            return dict(self.iam.get_user(UserName=self.name)["User"])
        except self.iam.exceptions.NoSuchEntityException:
            return None

    def key_ids(self) -> list[str]:
        return [str(key["AccessKeyId"]) for key in self.iam.list_access_keys(UserName=self.name)["AccessKeyMetadata"]]

    def groups(self) -> list[str]:
        return [str(group["GroupName"]) for group in self.iam.list_groups_for_user(UserName=self.name)["Groups"]]

    def profile(self) -> bool:
        try:
            self.iam.get_login_profile(UserName=self.name)
        except self.iam.exceptions.NoSuchEntityException:
            return False
        return True

    def delete(self) -> None:
        """Delete the user, whether the run created it or not, with all its parts. Devices are only deactivated."""
        if not self.exists():
            return
        self.busy = True
        for key in self.key_ids():
            self.iam.delete_access_key(UserName=self.name, AccessKeyId=key)
        if self.profile():
            self.iam.delete_login_profile(UserName=self.name)
        for device in self.iam.list_mfa_devices(UserName=self.name)["MFADevices"]:
            self.iam.deactivate_mfa_device(UserName=self.name, SerialNumber=device["SerialNumber"])
        for policy in self.iam.list_user_policies(UserName=self.name)["PolicyNames"]:
            self.iam.delete_user_policy(UserName=self.name, PolicyName=policy)
        for group in self.groups():
            self.iam.remove_user_from_group(UserName=self.name, GroupName=group)
        self.iam.delete_user(UserName=self.name)
        self.keys, self.things, self.user_id = set(), set(), ""

    def _recreate(self) -> None:
        self.delete()
        self.busy = True
        self.user_id = str(self.iam.create_user(UserName=self.name)["User"]["UserId"])
        self._key()

    def _key(self) -> None:
        if self.exists() and len(self.key_ids()) < 2:
            self.busy = True
            self.keys.add(str(self.iam.create_access_key(UserName=self.name)["AccessKey"]["AccessKeyId"]))

    def _policy(self) -> None:
        if self.exists():
            self.busy = True
            self.iam.put_user_policy(UserName=self.name, PolicyName=POLICY, PolicyDocument=OTHER_POLICY)
            self.things.add("policy")

    def _profile(self) -> None:
        if self.exists() and not self.profile():
            self.busy = True
            self.iam.create_login_profile(UserName=self.name, Password="Their-own-9-password!")
            self.things.add("profile")

    def _group(self) -> None:
        if self.exists():
            self.busy = True
            self.iam.add_user_to_group(UserName=self.name, GroupName=GROUP)
            self.things.add("group")
