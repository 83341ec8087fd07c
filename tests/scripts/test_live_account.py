"""The script for a live account, on the simulated account: every experiment runs and shows what it can."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import live_account
import pytest
from live_experiments import EXPERIMENTS
from live_experiments.browser_sign_in import browser_sign_in
from live_experiments.lab import EMULATOR, Lab, Person
from live_experiments.stopping import StopFlag
from live_facts import facts_with

from breakglass_tui.aws.assess import identify
from breakglass_tui.aws.connect import connect_clients
from breakglass_tui.secrets.secret import Secret

SCRIPT = Path(live_account.__file__)
ONLY_AWS = {
    "young_principal": 1,
    "device_deletion": 1,
    "simulator_context": 2,
    "simulator_rate": 1,
    "fips_hosts": 1,
    "browser_sign_in": 3,
}
"""The number of facts of each experiment that the simulated account cannot show."""
SHOWN = {"mfa_codes_ahead": 3, "late_mfa_codes": 3, "guardrail": 3, "password_date": 1, "simulator_context": 2}


@pytest.fixture(scope="module")
def untouched(contents):
    """Return what the account has before the first run."""
    return contents()


@pytest.fixture(scope="module")
def complete(demo, untouched):
    """Run all experiments in a process of their own. Return the exit code, the document and the messages."""
    keys = {"AWS_ACCESS_KEY_ID": demo.access_key_id, "AWS_SECRET_ACCESS_KEY": demo.secret_access_key}
    words = ["--account-id", demo.account_id, "--endpoint-url", demo.start(), "--yes", "--rate-seconds", "0.5"]
    environment = {**keys, "AWS_CONFIG_FILE": os.devnull, "AWS_EC2_METADATA_DISABLED": "true"}
    command = [sys.executable, SCRIPT, *words, "--json"]
    ran = subprocess.run(command, env=environment, text=True, capture_output=True, timeout=100, check=False)
    return ran.returncode, json.loads(ran.stdout), ran.stderr


def test_every_experiment_runs_and_everything_is_removed(complete, contents, untouched):
    code, document, messages = complete
    assert contents() == untouched
    assert (code, document["left"], document["run"]["status"]) == (live_account.DONE, [], "done")
    assert facts_with(document, "as-expected") == SHOWN, document["facts"]
    assert facts_with(document, "not-shown") == ONLY_AWS
    assert facts_with(document, "different", "failed") == {}
    assert {fact["experiment"] for fact in document["facts"]} == {one.__name__ for one in EXPERIMENTS}
    assert "EMULATOR" in messages
    assert document["run"]["live"] is False


def test_a_fact_has_what_was_expected_and_found_and_the_request_ids(complete):
    _, document, _ = complete
    for fact in document["facts"]:
        assert fact["fact"].endswith(".")
        assert fact["expected"]
        assert fact["found"] or fact["why_not_shown"]
        if fact["status"] == "as-expected":
            assert all(request["request_id"] for request in fact["requests"]), fact
            assert fact["requests"]
    reasons = {fact["why_not_shown"] for fact in document["facts"] if fact["status"] == "not-shown"}
    assert EMULATOR in reasons


def test_the_readme_lists_every_experiment():
    readme = (SCRIPT.parents[1] / "README.md").read_text()
    section = readme.split("## What is proven where")[1].split("\n## ")[0]
    assert sorted(re.findall(r"\| `(\w+)` \|", section)) == sorted(one.__name__ for one in EXPERIMENTS)


def test_no_secret_is_printed(run, demo, monkeypatch):
    created: list[str] = []
    real = Lab.new_password, Lab.device

    def password(lab, user):
        created.append(real[0](lab, user).reveal())
        return Secret(created[-1])

    def device(lab):
        made = real[1](lab)
        created.append(made.seed.reveal())
        return made

    monkeypatch.setattr(Lab, "new_password", password)
    monkeypatch.setattr(Lab, "device", device)
    _, document, messages = run()
    assert len(created) > 5
    assert not [secret for secret in created if secret in json.dumps(document) + messages]


def test_text_names_each_fact_with_its_evidence(arguments, capsys):
    assert live_account.main(arguments, EXPERIMENTS[:2]) == live_account.DONE
    shown = capsys.readouterr()
    assert "as expected  mfa_codes_ahead: GetSessionToken accepts the code of the next period." in shown.out
    assert f"not shown because {EMULATOR}" in shown.out
    assert "iam:EnableMFADevice " in shown.out
    assert "4 facts: 3 as expected, 1 not shown. Everything that the run created was removed." in shown.err


def test_something_different_from_the_documents_is_no_success(run):
    def surprise(lab):
        yield lab.fact("Water flows up.", expected="down", found="up", holds=False)

    code, document, messages = run(experiments=(surprise,))
    assert (code, facts_with(document, "different")) == (live_account.DIFFERENT, {"surprise": 1})
    assert "1 different" in messages


@pytest.fixture
def lab(demo, environment, contents):
    """Return a function that makes a lab with a person, whose resources are removed by --clean."""

    def make(person):
        clients = connect_clients(endpoint_url=demo.start())
        return Lab(clients, identify(clients), run_id="person", stop=StopFlag(), notify=list, person=person)

    return make


def test_a_person_makes_the_forced_first_sign_in(demo, lab, run, contents):
    before, shown = contents(), []

    def show(line):
        shown.append(line)
        if "temporary password: " in line:
            name, password = line.split()[3], line.split(": ")[1]
            demo.sign_in(name, Secret(password), Secret("A-Permanent-One-77!"))

    person = Person(show, within_s=5, events_within_s=0, poll_s=0.1)
    facts = list(browser_sign_in(lab(person)))
    assert [fact.found for fact in facts] == ["the password is replaced", "", ""]
    assert [fact.why_not_shown for fact in facts] == [EMULATOR, *["CloudTrail has no event of it within 0 s"] * 2]
    assert any(line.startswith("aws login --profile") for line in shown)
    assert "https://123456789012.signin.aws.amazon.com/console" in shown[0]
    assert run("--clean")[0] == live_account.DONE
    assert contents() == before


def test_a_sign_in_that_is_not_made_in_time_shows_nothing(lab, run):
    facts = list(browser_sign_in(lab(Person(lambda _: None, within_s=0.1, poll_s=0.1))))
    assert facts[0].found == "not within 0 s"
    assert {fact.why_not_shown for fact in facts[1:]} == {"the password was not replaced"}
    assert run("--clean")[0] == live_account.DONE
