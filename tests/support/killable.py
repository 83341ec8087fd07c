"""A program that can be killed at any record of its journal, as its caller sees it."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from watched_account import WatchedAccount

from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.stored_run import StoredRun

KILLED = -9
_DRIVER = Path(__file__).with_name("kill_driver.py")
_numbers = itertools.count()


class Zygote:
    """The prepared process from which the processes of the program are forked."""

    def __enter__(self) -> Self:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "XDG_"))}
        self._process = subprocess.Popen(
            [sys.executable, str(_DRIVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def carry_out(self, order: dict[str, object]) -> int:
        """The exit code of the process, or minus the signal that ended it."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@dataclass
class Program:
    """The run of one user by the real command line, with a separate home."""

    zygote: Zygote
    watched: WatchedAccount
    root: Path
    name: str = field(default_factory=lambda: f"bg-killed-{next(_numbers)}")

    @property
    def directory(self) -> Path:
        """The directory of envelopes and reports."""
        return self.root / "out"

    @property
    def said(self) -> str:
        """The output of all processes."""
        return (self.root / "said").read_text()

    def apply(self, record: int = 0, *, before: bool = False) -> int:
        """Run the whole request."""
        request = self.root / "request.json"
        request.write_text(json.dumps(self.watched.request(self.name)))
        words = ("apply", "--yes", "--request", str(request), "--out", str(self.directory))
        return self.run(*words, record=record, before=before)

    def run(self, *words: str, record: int | str = 0, before: bool = False) -> int:
        """Run one process. ``record`` says where to kill it: at the n-th record, or at the first of that name."""
        order = {
            "arguments": ["--endpoint-url", self.watched.endpoint, *words],
            "environment": self._environment(),
            "output": str(self.root / "said"),
            "record": record,
            "before": before,
        }
        return self.zygote.carry_out(order)

    def stored_run(self) -> StoredRun | None:
        """Return the latest run that has an event in its journal."""
        store = RunStore(self._state)
        runs = (store.load(run.id) for run in store.runs())
        return next((run for run in runs if run.length), None)

    def records(self) -> int:
        """Return the number of lines in the journal of the latest run."""
        stored = self.stored_run()
        return len((self._state / "runs" / stored.id / "journal.jsonl").read_text().splitlines()) if stored else 0

    @property
    def _state(self) -> Path:
        return self.root / "state" / "breakglass-tui"

    def _environment(self) -> dict[str, str]:
        demo, here = self.watched.demo, str(self.root)
        return {
            "PATH": os.environ["PATH"],
            "HOME": here,
            "XDG_STATE_HOME": f"{here}/state",
            "XDG_DATA_HOME": f"{here}/data",
            "XDG_CONFIG_HOME": f"{here}/config",
            "AWS_CONFIG_FILE": f"{here}/no-config",
            "AWS_SHARED_CREDENTIALS_FILE": f"{here}/no-credentials",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": demo.access_key_id,
            "AWS_SECRET_ACCESS_KEY": demo.secret_access_key,
            "AWS_REGION": "eu-west-1",
        }
