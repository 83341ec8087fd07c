"""Evidence of before and after a first sign-in, which removes the envelopes of the temporary password."""

from __future__ import annotations

import json

import envelope_kit as kit
import pytest

from breakglass_tui.domain.events import PermanentPasswordSealed
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.recovery_events import FirstSignInDone
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.secrets.age_seal import age_seals
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.settings import runs_root

TEMPORARY, PERMANENT = "bg-alice.password.age", "bg-alice.password.lasting.age"


@pytest.fixture
def signed_in(command, connected, fake_cloud, fake_step, request_file, tmp_path, clock):
    """Return the directory with the evidence of a run whose first sign-in is done since."""
    alice = kit.custodian(tmp_path, "alice")

    def seal(name=""):
        return fake_cloud.setups[-1].envelopes.write(
            "password",
            {"password": Secret(kit.PASSWORD)},
            age_seals([alice.recipient], 1),
            user_name="bg-alice",
            name=name,
        )

    fake_cloud.steps = [fake_step("login-profile", work=lambda _: StepOutcome(envelopes=seal()))]
    out = tmp_path / "out"
    ran = command("apply", "--yes", "--json", "--request", request_file, "--out", out)
    assert ran.code == ExitCode.DONE
    store = RunStore(runs_root(demo=False))
    (listed,) = store.runs()
    stored = store.load(listed.id)
    with store.open_journal(stored.record.header, stored.length) as journal:
        journal.write(PermanentPasswordSealed(clock.now(), "login-profile", seal("password.lasting")))
        journal.write(FirstSignInDone(clock.now(), "login-profile"))
    (out / TEMPORARY).unlink()
    return out


def verified(command, path):
    ran = command("verify", "--json", path)
    return ran.code, {check["id"]: check for check in ran.json["checks"]}


def test_verify_says_that_the_sign_in_removed_the_envelope(command, signed_in):
    code, found = verified(command, signed_in / "report.json")
    removed = found[f"envelope:{TEMPORARY}"]
    assert (code, removed["status"]) == (ExitCode.DONE, "warn")
    assert f"{TEMPORARY} was removed by the first sign-in at 2026-11-22" in removed["found"]
    assert "breakglass-tui validate --user-name" in removed["remedy"]


def test_without_the_journal_it_is_missing_and_a_later_report_is_suggested(command, signed_in):
    (journal,) = runs_root(demo=False).rglob("runs/*/journal.jsonl")
    journal.unlink()
    code, found = verified(command, signed_in / "report.json")
    removed = found[f"envelope:{TEMPORARY}"]
    assert (code, removed["status"]) == (ExitCode.CHECK_FAILED, "fail")
    assert "verify a later report" in removed["remedy"]


def test_an_envelope_that_was_put_in_its_place_fails(command, signed_in):
    (signed_in / TEMPORARY).write_bytes(b"another")
    code, found = verified(command, signed_in / "report.json")
    assert (code, found[f"envelope:{TEMPORARY}"]["status"]) == (ExitCode.CHECK_FAILED, "fail")


def test_a_later_report_lists_the_new_envelope_and_verify_finds_it_there(command, signed_in):
    document = json.loads((signed_in / "report.json").read_text())
    checked = command("verify", "--json", signed_in / PERMANENT).json["checks"]
    assert next(check["status"] for check in checks_of(checked, "hash")) == "skip"
    later = signed_in / "export-20261123T080000Z"
    later.mkdir()
    sealed = RunStore(runs_root(demo=False)).load(document["run"]["id"]).record.envelopes[0]
    document["envelopes"][0].update(path=f"../{PERMANENT}", sha256=sealed.sha256)
    (later / "report.json").write_text(json.dumps(document))
    checked = command("verify", "--json", signed_in / PERMANENT).json["checks"]
    assert next(check["status"] for check in checks_of(checked, "hash")) == "pass"


def checks_of(checks, id):
    return [check for check in checks if check["id"] == id]
