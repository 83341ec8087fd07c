"""Runs of version 968da27 are listed, resumed and rolled back."""

from __future__ import annotations

import json

import pyrage
import pytest
from golden_kit import expected, folded, journals, lines_of

REAL = sorted(name for name in journals() if name != "bg-simulated")
OPEN = ("bg-foreign", "bg-kept", "bg-killed")
UNREADABLE = ("cannot be used", "another version", "unexpected")


def subset(small, large):
    """Whether ``large`` has all that ``small`` has. It may have more fields."""
    if isinstance(small, dict) and isinstance(large, dict):
        return all(name in large and subset(value, large[name]) for name, value in small.items())
    if isinstance(small, list) and isinstance(large, list):
        return len(small) == len(large) and all(map(subset, small, large))
    return small == large


def run_of(story):
    return lines_of(journals()[story])[0]["header"]["id"]


def identity(golden):
    return pyrage.x25519.Identity.from_str((golden.root / "keys" / "alice.txt").read_text().split()[-1])


def opened(golden, path):
    return json.loads(pyrage.decrypt(path.read_bytes(), [identity(golden)]))["secret"]


def understood(ran):
    return not any(words in ran.err for words in UNREADABLE)


@pytest.mark.parametrize(("words", "kind"), [((), "real"), (("--demo",), "simulated")])
def test_every_run_is_listed_as_it_was(golden, command, words, kind):
    ran = command(*words, "runs", "--json")
    assert ran.code == 0
    assert subset(expected("runs")[kind], ran.json), ran.out


def test_the_list_says_what_the_account_holds_of_open_runs(golden, command, world):
    world.add_user("bg-kept")
    listed = command("--endpoint-url", world.url, "runs", "--json").json["runs"]
    held = {run["user_name"]: {step["id"]: step["aws"] for step in run["steps"]} for run in listed}
    assert (held["bg-kept"]["create-user"], held["bg-kept"]["login-profile"]) == ("there", "not there")
    assert held["bg-killed"]["create-user"] == "not there"


@pytest.fixture
def kept(golden, world):
    """The account with what the stopped run left. Returns the run's id."""
    world.add_user("bg-kept")
    run_id = golden.move_here("bg-kept")
    password = opened(golden, golden.out("bg-kept") / "bg-kept.password.age")["password"]
    world.iam.create_login_profile(UserName="bg-kept", Password=password, PasswordResetRequired=True)
    return run_id


def test_a_stopped_run_is_resumed_to_its_end(golden, command, world, kept):
    envelope = (golden.out("bg-kept") / "bg-kept.password.age").read_bytes()
    ran = command("--endpoint-url", world.url, "resume", kept, "--json")
    assert ran.code == 0, ran.err
    assert (ran.json["run"]["id"], ran.json["run"]["status"]) == (kept, "done")
    groups = world.iam.list_groups_for_user(UserName="bg-kept")["Groups"]
    assert [group["GroupName"] for group in groups] == ["emergency"]
    assert world.iam.list_user_policies(UserName="bg-kept")["PolicyNames"] == ["BreakGlassAdministratorAccess"]
    assert (golden.out("bg-kept") / "bg-kept.password.age").read_bytes() == envelope
    assert folded(golden.journal("bg-kept"))["status"] == "done"
    assert command("verify", golden.out("bg-kept") / "report.json").code == 0


def test_a_stopped_run_is_rolled_back(golden, command, world, kept):
    ran = command("--endpoint-url", world.url, "undo", kept, "--yes", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["run"]["status"] == "undone"
    assert not world.has_user("bg-kept")
    assert not (golden.out("bg-kept") / "bg-kept.password.age").exists()


def test_a_stopped_run_whose_user_is_gone_is_not_resumed(golden, command, world):
    run_id = golden.move_here("bg-kept")
    ran = command("--endpoint-url", world.url, "resume", run_id, "--json")
    assert ran.code == 6
    assert ran.json["run"]["status"] == "incomplete"
    assert understood(ran)
    assert not world.has_user("bg-kept")


def test_another_user_of_the_name_is_neither_resumed_nor_deleted(golden, command, world):
    world.add_user("bg-kept", successor=True)
    run_id = golden.move_here("bg-kept")
    assert command("--endpoint-url", world.url, "resume", run_id).code == 6
    command("--endpoint-url", world.url, "undo", run_id, "--yes")
    assert world.has_user("bg-kept")


def test_the_key_that_the_journal_names_is_the_one_that_is_deleted(golden, command, world):
    world.add_user("bg-stored")
    world.add_key("bg-stored", expected("records")["bg-stored"]["facts"]["access_key_id"])
    ran = command("--endpoint-url", world.url, "undo", golden.move_here("bg-stored"), "--yes")
    assert ran.code == 0, ran.err
    assert not world.has_user("bg-stored")


@pytest.fixture
def killed(golden, world):
    """The account with what the killed run left: a user, and a key whose secret never arrived."""
    world.add_user("bg-killed")
    world.add_key_of_lost_request("bg-killed")
    return golden.move_here("bg-killed")


def test_a_killed_run_is_resumed_and_the_key_of_its_lost_request_is_replaced(golden, command, world, killed):
    (orphan,) = world.keys("bg-killed")
    ran = command("--endpoint-url", world.url, "resume", killed, "--json")
    assert ran.code == 0, ran.err
    (key,) = world.keys("bg-killed")
    assert key != orphan
    sealed = opened(golden, golden.out("bg-killed") / "bg-killed.access-key.age")
    assert sealed["access_key_id"] == key
    facts = folded(golden.journal("bg-killed"))["facts"]
    assert (set(facts), facts["access_key_id"]) == ({"user_arn", "user_id", "access_key_id"}, key)


def test_a_killed_run_is_rolled_back_with_the_key_of_its_lost_request(golden, command, world, killed):
    ran = command("--endpoint-url", world.url, "undo", killed, "--yes")
    assert ran.code == 0, ran.err
    assert not world.has_user("bg-killed")


def test_a_key_that_the_run_did_not_create_is_still_known_as_such(golden, command, world):
    world.add_user("bg-foreign")
    stored = next(line for line in lines_of(journals()["bg-foreign"]) if line["event"] == "ForeignFound")["thing"]
    world.add_key("bg-foreign", stored)
    words = ("--endpoint-url", world.url, "undo", golden.move_here("bg-foreign"), "--yes")
    ran = command(*words)
    assert ran.code == 6
    assert stored in ran.out + ran.err
    assert world.keys("bg-foreign") == [stored]
    world.iam.delete_access_key(UserName="bg-foreign", AccessKeyId=stored)
    assert command(*words).code == 0
    assert not world.has_user("bg-foreign")


@pytest.mark.parametrize("story", [name for name in REAL if name not in OPEN])
def test_a_run_that_has_ended_is_not_resumed(golden, command, world, story):
    ran = command("--endpoint-url", world.url, "resume", run_of(story))
    assert (ran.code, ran.out) == (2, "")
    assert run_of(story) in ran.err
    assert understood(ran)


@pytest.mark.parametrize("story", REAL)
def test_in_an_account_that_holds_nothing_of_it_every_run_is_rolled_back(golden, command, world, story):
    run_id = golden.move_here(story)
    ran = command("--endpoint-url", world.url, "undo", run_id, "--yes", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["run"]["id"] == run_id
    assert ran.json["run"]["status"] == "undone"
    assert command("resume", run_id).code == 2


def test_a_simulated_run_of_another_process_is_rolled_back(golden, command, haste):
    run_id = golden.move_here("bg-simulated")
    assert command("--demo", "resume", run_id).code == 2
    ran = command("--demo", "undo", run_id, "--yes", "--json")
    assert (ran.code, ran.json["run"]["status"]) == (0, "undone")


def test_a_first_sign_in_that_was_cut_off_keeps_the_envelopes_of_both_passwords(golden):
    lines = lines_of(journals()["bg-signed-in"])
    sealed = next(n for n, line in enumerate(lines, start=1) if line["event"] == "LastingSealed")
    golden.move_here("bg-signed-in", keep=sealed)
    record = folded(golden.journal("bg-signed-in"))
    assert record["signed_in_at"] is None
    assert [path["path"].rpartition("/")[2] for path in record["envelopes"]] == [
        "bg-signed-in.password.age",
        "bg-signed-in.password.lasting.age",
    ]
