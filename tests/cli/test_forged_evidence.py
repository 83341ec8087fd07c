"""Evidence that was forged as a whole, with all hashes computed again, beside the genuine journals."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import envelope_kit as kit
import pytest

from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.endpoints import Endpoint
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.report.integrity import SUMS
from breakglass_tui.secrets.age_seal import age_seals
from breakglass_tui.secrets.secret import Secret


@pytest.fixture
def genuine(command, connected, fake_cloud, fake_step, request_file, tmp_path):
    """Return the directory with the evidence of a run that sealed a password."""
    alice = kit.custodian(tmp_path, "alice")

    def seal(context):
        setup = fake_cloud.setups[-1]
        found = setup.envelopes.write(
            "password", {"password": Secret(kit.PASSWORD)}, age_seals([alice.recipient], 1), user_name="bg-alice"
        )
        return StepOutcome(facts={"user_id": "AIDA1", "user_arn": "arn:aws:iam::123456789012:user/bg"}, envelopes=found)

    fake_cloud.steps = [fake_step("create-user", work=seal)]
    fake_cloud.proofs[-1].status = CheckStatus.FAIL
    ran = command("apply", "--yes", "--request", request_file, "--out", tmp_path / "out")
    assert ran.code == ExitCode.CHECK_FAILED
    return tmp_path / "out"


@pytest.fixture
def forged(command, genuine, tmp_path):
    """Return a function that forges a copy, with matching hashes, and returns the failed checks of ``verify``."""

    def forge(change):
        copy = tmp_path / "forged"
        shutil.copytree(genuine, copy)
        document = json.loads((copy / "report.json").read_text())
        change(document, copy)
        (copy / "report.json").write_text(json.dumps(document))
        sums = [line.split("  ", 1)[1] for line in (copy / SUMS).read_text().splitlines()]
        digests = (f"{hashlib.sha256((copy / name).read_bytes()).hexdigest()}  {name}\n" for name in sums)
        (copy / SUMS).write_text("".join(digests))
        ran = command("verify", "--json", copy / "report.json")
        return ran.code, [check["id"] for check in ran.json["checks"] if check["status"] == "fail"]

    return forge


def test_the_genuine_evidence_matches_the_journals(command, genuine):
    ran = command("verify", "--json", genuine / "report.json")
    assert ran.code == ExitCode.DONE
    assert [check["id"] for check in ran.json["checks"] if check["status"] != "pass"] == ["signature"]
    compared = {check["id"] for check in ran.json["checks"] if check["id"].startswith("journal:")}
    assert compared == {f"journal:{part}" for part in ("run", "request", "user", "steps", "envelopes", "verdict")}


def another_password(document, copy):
    """Replace the envelope by one for a key of the forger."""
    (entry,) = document["envelopes"]
    (copy / entry["path"]).write_bytes(b"age-encryption.org/v1\nforged")
    entry["sha256"] = hashlib.sha256(b"age-encryption.org/v1\nforged").hexdigest()


CALL = {"operation": "iam:CreateUser", "request_id": "forged", "elapsed_ms": 1, "attempts": 1, "error": ""}


def put(*path, value):
    def change(document, _):
        part = document
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        (another_password, ["journal:envelopes", "journal:verdict"]),
        (lambda document, _: document["envelopes"].clear(), ["journal:envelopes", "journal:verdict"]),
        (put("envelopes", 0, "custodians", value=["age1forger"]), ["journal:envelopes"]),
        (put("envelopes", 0, "needs", value=3), ["journal:envelopes"]),
        (put("readiness", "verdict", value="ready"), ["journal:verdict"]),
        (lambda document, _: [check.update(status="pass") for check in document["checks"]], ["journal:verdict"]),
        (put("request", "user_name", value="bg-mallory"), ["journal:request"]),
        (put("request", "require_mfa", value=True), ["journal:request"]),
        (put("user", "id", value="AIDAFORGED"), ["journal:user"]),
        (put("user", "name", value="bg-mallory"), ["journal:user"]),
        (put("steps", 0, "status", value="unchanged"), ["journal:steps"]),
        (put("steps", 0, "elapsed_ms", value=987654), ["journal:steps"]),
        (put("steps", 0, "calls", value=[CALL]), ["journal:steps"]),
        (lambda document, _: document["steps"].clear(), ["journal:steps"]),
        (put("run", "account_id", value="999988887777"), ["journal:run"]),
        (put("run", "caller_arn", value="arn:aws:iam::123456789012:user/forger"), ["journal:run"]),
        (put("run", "status", value="undone"), ["journal:run"]),
        (put("run", "endpoint", value="https://sts.amazonaws.com"), ["journal:run"]),
        (put("run", "emulator", value=True), ["journal:run"]),
        (put("run", "demo", value=True), ["journal:run"]),
        (put("integrity", "journal_head", value=""), ["journal"]),
        (put("integrity", "journal_head", value="ab" * 32), ["journal"]),
    ],
)
def test_each_forged_part_fails_beside_the_genuine_journals(forged, change, failed):
    assert forged(change) == (ExitCode.CHECK_FAILED, failed)


def test_without_the_journals_verify_says_what_it_did_not_compare(command, genuine):
    shutil.rmtree(Path(os.environ["HOME"]))
    ran = command("verify", "--json", genuine / "report.json")
    found = {check["id"]: check for check in ran.json["checks"]}
    assert (ran.code, found["journal"]["status"], found["journal:verdict"]["status"]) == (0, "skip", "skip")
    for part in ("run", "request", "user", "steps", "envelopes"):
        assert part in found["journal"]["found"].partition("Not compared:")[2]


def test_a_damaged_journal_of_the_user_fails_the_comparison_of_the_verdict(command, genuine):
    (path,) = Path(os.environ["HOME"]).rglob("users/*.jsonl")
    path.write_bytes(path.read_bytes().replace(b'"not-ready"', b'"ready"'))
    ran = command("verify", "--json", genuine / "report.json")
    assert [check["id"] for check in ran.json["checks"] if check["status"] == "fail"] == ["journal:verdict"]


def test_a_match_says_what_is_not_compared(command, genuine):
    checks = {check["id"]: check for check in command("verify", "--json", genuine / "report.json").json["checks"]}
    assert "Not compared: " in checks["journal:verdict"]["found"]
    assert checks["journal:steps"]["found"] == "as in the report"


@pytest.mark.parametrize(
    ("given", "mark", "place"),
    [
        (None, "", "AWS"),
        (Endpoint("http://127.0.0.1:4566"), " EMULATOR", "EMULATOR"),
        (Endpoint("https://iam.example.amazonaws.com", emulator=False), " CUSTOM ENDPOINT", "CUSTOM ENDPOINT"),
    ],
)
def test_verify_says_where_the_calls_went(command, connected, fake_cloud, request_file, tmp_path, given, mark, place):
    fake_cloud.endpoint = given
    command("apply", "--yes", "--request", request_file, "--out", tmp_path / "out")
    ran = command("verify", tmp_path / "out" / "report.json")
    assert f"for user bg-alice in{mark} account 123456789012" in ran.out
    assert command("verify", "--json", tmp_path / "out" / "report.json").json["report"]["place"] == place
