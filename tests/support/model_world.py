"""A user name in the simulated account, the successive processes that work on it, and the invariants."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyrage
from model_admin import Admin
from model_fates import Fate, Killed, Mortal, Network

from breakglass_tui.aws.aws_cloud import AwsCloud
from breakglass_tui.aws.clients import Clients
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain import events as e
from breakglass_tui.domain.account import Account, AccountList, Group, Role
from breakglass_tui.domain.policy import INLINE_POLICY_NAME
from breakglass_tui.domain.questions import StoreSecret
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.request import parse_request
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.compose import new_run, new_setup, resumed_run, resumed_setup
from breakglass_tui.engine.journal import read
from breakglass_tui.engine.plan import Check
from breakglass_tui.engine.run import Run
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.stored_run import StoredRun

IDENTITY = pyrage.x25519.Identity.generate()
_numbers = itertools.count()


class Unlooked(AwsCloud):
    """A cloud without preflight checks, which have separate tests."""

    def preflight(self, setup: Setup) -> tuple[Check, ...]:
        return ()


@dataclass
class House:
    """The state that all examples share."""

    demo: DemoAccount
    clients: Clients
    iam: Any
    account: Account


class World:
    """An example: a separate user name, group and role, and the machine of the runs."""

    def __init__(self, house: House, clock: Any, network: Network, root: Path) -> None:
        number = next(_numbers)
        self.house, self.clock, self.network, self.iam = house, clock, network, house.iam
        self.root = root / str(number)
        self.directory = self.root / "envelopes"
        self.name, self.group, self.role = f"model-{number}", f"model-group-{number}", f"model-role-{number}"
        self.admin = Admin(self.iam, self.name)
        self.cloud = Unlooked(house.clients, demo=False)
        self.run_id = ""
        self.stored: dict[str, str] = {}
        self.wanted: dict[str, Any] = {}
        self.early: list[str] = []
        self.edited_after = 0
        self.iam.create_group(GroupName=self.group)
        self.trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{house.demo.account_id}:root"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
        made = self.iam.create_role(RoleName=self.role, AssumeRolePolicyDocument=json.dumps(self.trust))
        self.role_arn = str(made["Role"]["Arn"])

    # --- processes -------------------------------------------------------------------------------------------------

    def begin(self, fields: dict[str, Any], fate: Fate) -> RunRecord | None:
        """Start a run in a process. Return None if it was killed."""
        grants = {"groups": [self.group], "role_arn": self.role_arn} if fields.pop("grants") else {}
        request = parse_request({"region": "eu-west-1", "user_name": self.name, **grants, **fields})
        self.wanted = fields
        setup = new_setup(request, self._assessed(), self.directory)
        setup.envelopes.require_writable()
        self.run_id = setup.run_id
        store = self._store()
        return self._process(lambda: new_run(self.cloud, setup, store, self.clock), fate)

    def again(self, fate: Fate, *, undo: bool) -> RunRecord | None:
        """Resume or undo the run in a process. Return None if it was killed."""
        stored, store = self.stored_run(), self._store()
        account = Account(self.house.account.caller, "eu-west-1") if undo else self._assessed()
        setup = resumed_setup(stored, account)
        return self._process(lambda: resumed_run(self.cloud, setup, stored, store, undo=undo, clock=self.clock), fate)

    def stored_run(self) -> StoredRun:
        """Return the run, from its journal."""
        return self._store().find(self.run_id)

    def _store(self) -> RunStore:
        return RunStore(self.root / "state", self.clock)

    def _process(self, make: Any, fate: Fate) -> RunRecord | None:
        self.network.forget(fate.fault)
        self.network.watch = self._watch
        run: Run = make()
        at = {}
        if fate.edit_at:
            at[fate.edit_at] = lambda: self._edited(fate.edit)
        if fate.stop_at:
            at.setdefault(fate.stop_at, lambda: run.stop(fate.stop))
        really = run._open_journal

        @contextmanager
        def mortal() -> Iterator[Mortal]:
            with really() as journal:
                yield Mortal(journal, fate, at)

        run._open_journal = mortal
        try:
            return self._told(run)
        except Killed:
            return None
        finally:
            self.network.forget()

    def _edited(self, what: str) -> None:
        self.edited_after = len(self._journal())
        self.admin.edit(what)

    def _journal(self) -> list[e.Event]:
        return list(read(self.root / "state" / "runs" / self.run_id / "journal.jsonl"))

    def _told(self, run: Run) -> RunRecord:
        last = None
        for event in run.events():
            if isinstance(event, e.Asked):
                question = event.question
                if isinstance(question, StoreSecret):
                    self.stored[question.label] = dict(question.public).get("Access key id", "")
                run.answer(event.number, answer=True)
            last = event
        assert isinstance(last, e.RunFinished)
        stored = self.stored_run()
        assert stored.record.status is last.status
        return stored.record

    def _assessed(self) -> Account:
        account = self.house.account
        group = Group(self.group, f"arn:aws:iam::{self.house.demo.account_id}:group/{self.group}")
        role = Role(self.role, self.role_arn, self.trust_now())
        return replace(
            account,
            groups=AccountList((*account.groups.items, group) if account.groups else ()),
            roles=AccountList((*account.roles.items, role) if account.roles else ()),
        )

    # --- invariants --------------------------------------------------------------------------------------------

    def trust_now(self) -> dict[str, Any]:
        return dict(self.iam.get_role(RoleName=self.role)["Role"]["AssumeRolePolicyDocument"])

    def ours(self) -> bool:
        """Return whether this run created the user of this name."""
        user = self.admin.exists()
        return user is not None and user["UserId"] != self.admin.user_id

    def devices(self) -> list[str]:
        pages = self.iam.get_paginator("list_virtual_mfa_devices").paginate(AssignmentStatus="Any")
        found = (item["SerialNumber"] for page in pages for item in page["VirtualMFADevices"])
        return [serial for serial in found if f":mfa/{self.name}-" in serial]

    def keys(self) -> set[str]:
        """Return the access keys of the user, without those of the other admin."""
        return set(self.admin.key_ids()) - self.admin.keys

    def sealed(self, contents: str) -> dict[str, Any]:
        """Return the contents of the envelope, opened as its custodian would open it. Empty without an envelope."""
        path = self.directory / f"{self.name}.{contents}.age"
        if not path.exists():
            return {}
        return dict(json.loads(pyrage.decrypt(path.read_bytes(), [IDENTITY]))["secret"])

    def kept_key(self) -> str:
        """Return the id of the access key whose secret is in an envelope or was stored."""
        return str(self.sealed("access-key").get("access_key_id") or self.stored.get("Secret access key", ""))

    def holds(self) -> None:
        """Assert the invariants: nothing of others is changed, and permissions come after every secret is stored."""
        self.admin.untouched()
        assert self.early == [], "power while a secret is not kept"
        if not self.ours() or INLINE_POLICY_NAME not in self._policies():
            return
        assert self.keys() <= {self.kept_key()}, "a key that nobody has the secret of, and power"
        if self.admin.profile() and "profile" not in self.admin.things:
            assert self.sealed("password") or "Console password" in self.stored
        if self.iam.list_mfa_devices(UserName=self.name)["MFADevices"]:
            assert self.sealed("mfa-seed")

    def _watch(self, operation: str) -> None:
        """Record a permission that is granted before every secret is stored."""
        if operation not in ("iam:PutUserPolicy", "iam:AddUserToGroup", "iam:UpdateAssumeRolePolicy"):
            return
        access, undoing = self.wanted["access"], self.stored_run().record.undoing
        kept = access == "console" or self.kept_key()
        kept = kept and (access == "programmatic" or self.sealed("password") or "Console password" in self.stored)
        if not undoing and not (kept and (self.wanted["mfa"] == "none" or self.sealed("mfa-seed"))):
            self.early.append(operation)

    def whole(self) -> None:
        """Assert that the run is done: one of each resource, unless the user was deleted after the last read."""
        request = self.stored_run().record.header.request
        wanted = request["access"] in ("programmatic", "both")
        if not self.ours():
            assert self.edited_after, "the user is gone, and nobody has deleted it"
            later = self._journal()[self.edited_after :]
            looked = {event.operation for event in later if isinstance(event, e.CallStarted)}
            assert looked <= {"iam:GetRole", "iam:UpdateAssumeRolePolicy"}, "done, though the user was seen to be gone"
            return
        assert self.keys() == ({self.kept_key()} if wanted else set())
        assert self.admin.profile() == (request["access"] in ("console", "both") or "profile" in self.admin.things)
        assert self._policies().count(INLINE_POLICY_NAME) == 1
        devices = self.devices()
        enrolled = [item["SerialNumber"] for item in self.iam.list_mfa_devices(UserName=self.name)["MFADevices"]]
        assert devices == enrolled
        assert len(devices) == (request["mfa"] == "sealed")
        assert (self.group in self.admin.groups()) == bool(request["groups"])
        assert len(self.trust_now()["Statement"]) == 1 + bool(request["role_arn"])

    def nothing(self) -> None:
        """Assert that the run is undone: nothing of it is left in AWS or on disk."""
        assert not self.ours()
        assert self.devices() == []
        assert self.trust_now() == self.trust
        assert self.group not in (self.admin.groups() if self.admin.exists() else [])
        assert not self.directory.exists() or list(self.directory.iterdir()) == []

    def clear(self) -> None:
        """Remove everything of this example from the shared account and disk."""
        self.admin.delete()
        for serial in self.devices():
            self.iam.delete_virtual_mfa_device(SerialNumber=serial)
        self.iam.delete_group(GroupName=self.group)
        self.iam.delete_role(RoleName=self.role)
        shutil.rmtree(self.root, ignore_errors=True)

    def _policies(self) -> list[str]:
        return list(self.iam.list_user_policies(UserName=self.name)["PolicyNames"])
