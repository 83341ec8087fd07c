"""Reports, envelopes and verdicts of version 968da27 are still read."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import pytest
from envelope_kit import piped
from golden_kit import ACCOUNT_ID, GOLDEN

from breakglass_tui.domain.endpoints import Place
from breakglass_tui.engine.verdict_store import VerdictStore

USER = "bg-done"
OPENERS = {
    "bg-done.access-key.1+2.age": ("alice", "bob"),
    "bg-done.access-key.kms.json": ("kms",),
    "bg-done.access-key.passphrase.age": ("passphrase",),
    "bg-done.mfa-seed.age": ("alice",),
    "bg-done.password.1+2.age": ("bob", "alice"),
    "bg-done.password.kms.json": ("kms",),
    "bg-done.password.passphrase.age": ("passphrase",),
}
SECRETS = {
    "access-key": {"access_key_id", "secret_access_key"},
    "mfa-seed": {"serial_number", "seed"},
    "password": {"password"},
}


@pytest.fixture
def opening(golden, request):
    """Gives the words before and after the command that open an envelope."""

    def _opening(name):
        openers = OPENERS[name]
        if openers == ("kms",):
            world = request.getfixturevalue("world")
            world.add_kms_key()
            return ["--endpoint-url", world.url], []
        if openers == ("passphrase",):
            return [], ["--passphrase-fd", piped((golden.root / "keys" / "passphrase.txt").read_text().strip())]
        return [], [word for who in openers for word in ("--identity", golden.root / "keys" / f"{who}.txt")]

    return _opening


def recorded(golden):
    return json.loads((golden.out(USER) / "report.json").read_text())


def test_the_report_is_verified_with_its_files_its_envelopes_and_its_journal(golden, command):
    ran = command("verify", golden.out(USER) / "report.json", "--json")
    assert ran.code == 0, ran.err
    found = {check["id"]: check["status"] for check in ran.json["checks"]}
    files = ("report.json", "report.md", "report.html", "runbook.md", "runbook.html", "mutelist.yaml")
    names = ["well-formed", *(f"file:{name}" for name in files), *(f"envelope:{name}" for name in OPENERS), "journal"]
    compared = [f"journal:{part}" for part in ("run", "request", "user", "steps", "envelopes")]
    # The verdict is compared with the journal of the user, which that version did not write.
    assert found == {**dict.fromkeys([*names, *compared], "pass"), "journal:verdict": "skip", "signature": "skip"}


@pytest.mark.parametrize("name", ["report.md", "runbook.html", "mutelist.yaml", "bg-done.mfa-seed.age"])
def test_a_byte_that_was_changed_in_the_evidence_is_found(golden, command, name):
    path = golden.out(USER) / name
    path.write_bytes(path.read_bytes() + b"\n")
    ran = command("verify", golden.out(USER) / "report.json", "--json")
    assert ran.code == 3
    assert [check["id"].partition(":")[2] for check in ran.json["checks"] if check["status"] == "fail"] == [name]


def test_the_list_of_sums_holds_for_every_file_of_the_directory(golden):
    directory = golden.out(USER)
    listed = dict(reversed(line.split("  ", 1)) for line in (directory / "SHA256SUMS").read_text().splitlines())
    present = {path.name for path in directory.iterdir()} - {"SHA256SUMS"}
    assert listed == {name: hashlib.sha256((directory / name).read_bytes()).hexdigest() for name in present}


def test_a_report_without_its_journal_is_still_verified(golden, command):
    golden.journal(USER).unlink()
    ran = command("verify", golden.out(USER) / "report.json", "--json")
    assert ran.code == 0
    assert {check["status"] for check in ran.json["checks"] if check["id"] == "journal"} == {"skip"}


@pytest.mark.parametrize("name", sorted(OPENERS))
def test_an_envelope_is_verified_against_the_report(golden, command, opening, name):
    before, after = opening(name)
    ran = command(*before, "verify", golden.out(USER) / name, *after, "--json")
    assert ran.code == 0, ran.err
    found = {check["id"]: check["status"] for check in ran.json["checks"]}
    assert found == dict.fromkeys(("well-formed", "custodians", "hash", "opens", "binding", "journal", "mode"), "pass")


@pytest.mark.parametrize("name", sorted(OPENERS))
def test_an_envelope_opens(golden, command, opening, name):
    before, after = opening(name)
    ran = command(*before, "open", golden.out(USER) / name, *after, "--reveal")
    assert ran.code == 0, ran.err
    content, contents = ran.json, name.split(".")[1]
    assert (content["version"], content["app"]) == (1, "breakglass-tui")
    assert (content["account"], content["user"], content["contents"]) == (ACCOUNT_ID, USER, contents)
    assert content["run"] == recorded(golden)["run"]["id"]
    assert set(content["secret"]) == SECRETS[contents]
    assert all(content["secret"].values())


def test_one_custodian_does_not_open_what_needs_two(golden, command):
    identity = golden.root / "keys" / "bob.txt"
    ran = command("open", golden.out(USER) / "bg-done.password.1+2.age", "--identity", identity, "--reveal")
    assert (ran.code, ran.out) == (3, "")


def test_all_envelopes_of_one_secret_hold_the_same(golden, command, opening):
    inside = {}
    for name in OPENERS:
        before, after = opening(name)
        ran = command(*before, "open", golden.out(USER) / name, *after, "--reveal")
        inside.setdefault(name.split(".")[1], []).append(ran.json["secret"])
    assert {contents: len(secrets) for contents, secrets in inside.items()} == {
        "access-key": 3,
        "mfa-seed": 1,
        "password": 3,
    }
    assert all(secret == secrets[0] for secrets in inside.values() for secret in secrets)


def test_the_report_and_the_journal_agree(golden):
    report, lines = recorded(golden), golden.journal(USER).read_text().splitlines()
    header = json.loads(lines[0])["header"]
    assert report["schema_version"] == 1
    assert report["request"] == header["request"]
    assert report["integrity"]["journal_head"] == json.loads(lines[-1])["h"]


def test_a_saved_verdict_is_read_and_written_with_the_same_content(golden, tmp_path):
    (path,) = (GOLDEN / "state" / "breakglass-tui" / "proofs").iterdir()
    stored = json.loads(path.read_text())
    now = datetime(2026, 12, 1, tzinfo=UTC)
    found = VerdictStore(golden.state / "breakglass-tui").of_account(ACCOUNT_ID, now, Place.AWS)
    assert list(found) == [USER]
    saved = found[USER]
    assert (saved.account_id, saved.user_name, saved.user_id) == (ACCOUNT_ID, USER, stored["user_id"])
    assert (saved.verdict.value, saved.at) == ("needs-control-plane", datetime.fromisoformat(stored["at"]))
    VerdictStore(tmp_path / "other").save(saved)
    written = json.loads((tmp_path / "other" / "proofs" / path.name).read_text())
    assert written == {**stored, "words": "", "emulator": False}
    assert saved.shown == "STEPS LEFT"
