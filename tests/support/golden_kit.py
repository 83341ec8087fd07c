"""The golden files: what version 968da27 wrote, copied so that a test can let today's program read it.

They are never made again: their age is their value. A later version adds journals of its own beside them. They were
made by the real command line in processes of its own, on a simulated account behind the fault proxy of the tests. The
account gave access keys ids that end with EXAMPLE. The runs are named after their users:

- bg-done: ``apply --passphrase-fd``, with every part of a request. Its evidence and envelopes are in ``out``.
- bg-refused: after ``RunStarted`` an admin created a user of that name, so a preflight check failed.
- bg-undone: CreateLoginProfile was throttled once, PutUserPolicy was denied. The run was rolled back.
- bg-kept: SIGTERM when CreateLoginProfile was answered. The run kept what it had. Its envelope is in ``out``.
- bg-killed: SIGKILL when AWS had answered CreateAccessKey and the journal did not have the answer yet.
- bg-resumed: SIGKILL in the same way in PutUserPolicy, then ``resume``.
- bg-removed: ``apply``, then ``undo``.
- bg-signed-in: the answer of CreateUser was lost. Later one process sealed the permanent password, the operator gave
  it to AWS, and another process saw it.
- bg-foreign: an admin created an access key when CreateAccessKey was answered. The rollback left the user.
- bg-stored: no seal and an authenticator. A program around ``new_run`` answered the questions as the screen does.
- bg-simulated: ``--demo apply``, SIGKILL when CreateUser was about to leave, then ``--demo resume``.

``keys`` are throw-away: two age identities, a passphrase, and the key of the simulated KMS. ``expected`` is what
968da27 made of the journals. The report and the pages are compressed, because they are long.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3

from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.journal import read

GOLDEN = Path(__file__).parents[1] / "golden"
ACCOUNT_ID = "123456789012"
WRITTEN_IN = "/srv/breakglass-golden"
"""The directory that the golden runs were made in. Their journals contain it."""
ADDED_SINCE: frozenset[str] = frozenset({"unproven", "proof", "disproof", "endpoint", "emulator", "same_process"})
"""Names of fields with a default that events have gained since the golden files were made."""
NO_LINE = "0" * 64
_APP = Path("state", "breakglass-tui")


def journals() -> dict[str, Path]:
    """Each golden journal by the name of its user, which names the story of the run."""
    found = {}
    for path in sorted((GOLDEN / _APP).rglob("journal.jsonl")):
        found[lines_of(path)[0]["header"]["request"]["user_name"]] = path
    return found


def lines_of(path: Path) -> list[dict[str, Any]]:
    """The stored lines of a journal as plain data."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def expected(name: str) -> Any:
    """What the program of 968da27 made of the golden files."""
    return json.loads((GOLDEN / "expected" / f"{name}.json").read_text())


def chained(lines: list[dict[str, Any]]) -> bytes:
    """The bytes of a journal with these lines: each has the hash of the one before, and its own.

    The algorithm is stored data too, so it is written here a second time.
    """
    head, written = NO_LINE, b""
    for number, line in enumerate(lines, start=1):
        body = {**line, "n": number, "prev": head}
        body.pop("h", None)
        head = hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
        written += json.dumps({**body, "h": head}, separators=(",", ":")).encode() + b"\n"
    return written


@dataclass(frozen=True)
class Copy:
    """The golden files in a directory of the test's own, private as the program writes them."""

    root: Path

    @property
    def state(self) -> Path:
        """The value for XDG_STATE_HOME."""
        return self.root / "state"

    def out(self, user_name: str) -> Path:
        """The directory of the run's envelopes and evidence."""
        return self.root / "out" / user_name

    def journal(self, user_name: str) -> Path:
        """The copied journal of a run."""
        return self.root / journals()[user_name].relative_to(GOLDEN)

    def move_here(self, user_name: str, *, keep: int | None = None) -> str:
        """Rewrite a journal for the directory of the copy, or only its first ``keep`` lines. Returns the run's id.

        Journals name envelopes by their whole path, and a test cannot write to the path that they were made in. The
        report names a line of the journal by its hash, so it gets the new hash, or that of the last line that is kept.
        """
        path = self.journal(user_name)
        text = path.read_text().replace(WRITTEN_IN, str(self.root))
        lines = [json.loads(line) for line in text.splitlines()]
        path.write_bytes(chained(lines[:keep]))
        self._follow(self.out(user_name) / "report.json", lines, lines_of(path))
        return str(lines[0]["header"]["id"])

    def _follow(self, report: Path, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
        if report.is_file():
            document = json.loads(report.read_text())
            heads = [line["h"] for line in before]
            number = min(heads.index(document["integrity"]["journal_head"]), len(after) - 1)
            document["integrity"]["journal_head"] = after[number]["h"]
            report.write_text(json.dumps(document))


def copied(root: Path) -> Copy:
    """Copy the golden files below ``root``."""
    root.mkdir(mode=0o700)
    for name in ("state", "out", "keys"):
        shutil.copytree(GOLDEN / name, root / name)
    for path in root.rglob("*.gz"):
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    for path in root.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return Copy(root)


def folded(path: Path) -> dict[str, Any]:
    """Return the record of a journal as plain data. It lists all internal names of a record."""
    record = RunRecord()
    for event in read(path):
        record.apply(event)
    recovery = record.recovery
    return {
        "id": record.header.id if record.header else None,
        "demo": record.header.demo if record.header else None,
        "status": record.status.value,
        "started_at": _time(record.started_at),
        "resumed_at": _time(record.resumed_at),
        "finished_at": _time(record.finished_at),
        "signed_in_at": _time(record.signed_in_at),
        "stopped": record.stopped,
        "undoing": record.undoing,
        "problem": record.problem and [record.problem.code, record.problem.kind.value, record.problem.what],
        "steps": {step.id: [step.title, step.status.value, len(step.calls)] for step in record.steps.values()},
        "started": [step.id for step in record.may_exist],
        "preflight": {result.id: result.status.value for result in record.preflight.values()},
        "facts": dict(record.facts),
        "envelopes": [_envelope(each) for each in record.envelopes],
        "permanent_password": None if record.permanent is None else [each.path for each in record.permanent],
        "left": [[each.what, each.next] for each in record.not_removed],
        "unanswered": {name: count for name, count in sorted(recovery.unanswered.items()) if count},
        "carried_out": sorted(recovery.done),
        "unmanaged": sorted(recovery.unmanaged),
        "envelopes_written": sorted(recovery.envelopes),
        "stored_by_operator": sorted(recovery.stored),
    }


def _time(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def _envelope(info: Any) -> dict[str, Any]:
    lists = {name: list(getattr(info, name)) for name in ("contents", "seals", "custodians")}
    return {"path": info.path, "sha256": info.sha256, "needs": info.needs, **lists}


@dataclass(frozen=True)
class World:
    """A simulated account that holds what a golden run left in the one it was made in."""

    demo: DemoAccount

    @property
    def environment(self) -> dict[str, str]:
        """The credentials of the account."""
        return {"AWS_ACCESS_KEY_ID": self.demo.access_key_id, "AWS_SECRET_ACCESS_KEY": self.demo.secret_access_key}

    @property
    def url(self) -> str:
        """The endpoint of the account."""
        return self.demo.start()

    @property
    def iam(self) -> Any:
        """A plain client of the account."""
        session = boto3.Session(self.demo.access_key_id, self.demo.secret_access_key, region_name="eu-west-1")
        return session.client("iam", endpoint_url=self.url)

    def add_user(self, user_name: str, *, successor: bool = False) -> None:
        """The user of the golden run ``user_name``: its tags, and the unique id that the journal knows.

        A ``successor`` has an id of its own.
        """
        lines = lines_of(journals()[user_name])
        header = lines[0]["header"]
        user_id = next(line["value"] for line in lines if line.get("name") == "user_id")
        tags = {**header["request"]["tags"], "breakglass-tui:run-id": header["id"], "breakglass-tui:managed": "true"}
        told = [{"Key": key, "Value": value} for key, value in tags.items()]
        self.iam.create_user(UserName=user_name, Path=header["request"]["path"], Tags=told)
        if not successor:
            self.demo._server.run_locked(lambda world: setattr(world.iam.get_user(user_name), "id", user_id))

    def add_key(self, user_name: str, key_id: str) -> None:
        """An access key of the user with an id that a journal knows."""
        made = self.iam.create_access_key(UserName=user_name)["AccessKey"]["AccessKeyId"]

        def rename(world: Any) -> None:
            key = world.iam.access_keys.pop(made)
            key.access_key_id = key_id
            world.iam.access_keys[key_id] = key

        self.demo._server.run_locked(rename)

    def add_key_of_lost_request(self, user_name: str) -> None:
        """An access key that AWS created when the run sent its last request for one."""
        sent = [
            line["at"] for line in lines_of(journals()[user_name]) if line.get("operation") == "iam:CreateAccessKey"
        ]
        made = self.iam.create_access_key(UserName=user_name)["AccessKey"]["AccessKeyId"]
        at = datetime.fromisoformat(sent[-1])
        self.demo._server.run_locked(lambda world: setattr(world.iam.access_keys[made], "create_date", at))

    def keys(self, user_name: str) -> list[str]:
        """The ids of the user's access keys."""
        listed = self.iam.list_access_keys(UserName=user_name)["AccessKeyMetadata"]
        return [key["AccessKeyId"] for key in listed]

    def add_kms_key(self) -> None:
        """The KMS key that the golden envelopes are encrypted with."""
        stored = json.loads((GOLDEN / "keys" / "kms-key.json").read_text())

        def put(world: Any) -> None:
            kms = world.kms("eu-west-1")
            key = next(key for key in kms.keys.values() if "alias/break-glass" in key.aliases)
            del kms.keys[key.id]
            key.id, key.arn, key.key_material = stored["id"], stored["arn"], base64.b64decode(stored["material"])
            kms.keys[key.id] = key

        self.demo._server.run_locked(put)

    def has_user(self, user_name: str) -> bool:
        """Whether the account has a user of that name."""
        return user_name in [user["UserName"] for user in self.iam.list_users()["Users"]]
