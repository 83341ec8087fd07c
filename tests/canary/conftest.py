"""An account whose secrets are all known, and a directory whose files are all searched for them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from canaries import Canaries
from fault_proxy import FaultProxy

import breakglass_tui
from breakglass_tui.demo.demo_account import DemoAccount

DRIVER = str(Path(__file__).parents[1] / "support" / "canary_driver.py")
LIMIT_S = 100


class Place:
    """A separate home. Everything that the program writes or prints goes to a file below ``root``."""

    def __init__(self, demo, url, canaries, root):
        self.demo, self.url, self.canaries, self.root = demo, url, canaries, root
        self.custodian = pyrage.x25519.Identity.generate()
        self.out = root / "out"
        self._said = 0
        for name in ("home", "tmp", "said"):
            (root / name).mkdir()
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(root / "home"),
            "TMPDIR": str(root / "tmp"),
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(Path(breakglass_tui.__file__).parents[1]),
            "PYTHONDEVMODE": "1",
            "PYTHONWARNINGS": "ignore",
            "AWS_ACCESS_KEY_ID": demo.access_key_id,
            "AWS_SECRET_ACCESS_KEY": demo.secret_access_key,
            "AWS_REGION": "eu-west-1",
        }

    def request(self, name, **fields):
        """Return a request file that creates every kind of secret, each with two seals."""
        sealed = {"kms_key_id": "alias/break-glass", "seal_to": [str(self.custodian.to_public())]}
        given = {"region": "eu-west-1", "user_name": name, "access": "both", "mfa": "sealed", **sealed, **fields}
        path = self.root / f"{name}.json"
        path.write_text(json.dumps(given))
        return path

    def run(self, *words, breaks="", **options):
        """Run the program without a terminal, to its end. Its output goes to two files below ``root``."""
        command = [sys.executable, DRIVER, "--endpoint-url", self.url, *map(str, words)]
        environment = {**self.environment, "BREAK": breaks}
        done = subprocess.run(
            command, env=environment, cwd=self.root, capture_output=True, timeout=LIMIT_S, check=False, **options
        )
        self.say(done.stdout, f"{words[0]}.stdout")
        self.say(done.stderr, f"{words[0]}.stderr")
        return done

    def say(self, content, name):
        """Write the output to a file that is searched."""
        self._said += 1
        (self.root / "said" / f"{self._said}-{name}").write_bytes(content)

    def opened(self, name, contents):
        """Return a secret from its envelope."""
        sealed = (self.out / f"{name}.{contents}.age").read_bytes()
        return json.loads(pyrage.decrypt(sealed, [self.custodian]))["secret"]

    def leaks(self):
        """Return the files that have a secret in clear text."""
        return self.canaries.leaks(self.root)


@pytest.fixture(scope="module")
def canaries():
    with pytest.MonkeyPatch.context() as patch:
        canaries = Canaries()
        canaries.listen(patch)
        yield canaries


@pytest.fixture(scope="module")
def demo(canaries):
    with DemoAccount() as account:
        yield account


@pytest.fixture(scope="module")
def proxy(demo):
    proxy = FaultProxy(demo.start())
    yield proxy
    proxy.close()


@pytest.fixture
def place(demo, canaries, tmp_path):
    canaries.add("given", demo.secret_access_key)
    return Place(demo, demo.start(), canaries, tmp_path)
