"""The script for a live account runs only in the account that its operator names."""

from __future__ import annotations

import sys

import live_account
import pytest
from live_experiments import EXPERIMENTS

ACCOUNT = "123456789012"

REFUSALS = [
    (("--account-id", "210987654321"), "--account-id is 210987654321, and the credentials belong to account"),
    (("--account-id", "acme"), "An account id has 12 digits."),
    (("--endpoint-url", "http://example.com"), "--endpoint-url http://example.com"),
]


@pytest.mark.parametrize(("more", "message"), REFUSALS)
def test_it_refuses_another_account(run, contents, more, message):
    before = contents()
    code, document, messages = run(*more)
    assert (code, document) == (live_account.USAGE, None)
    assert message in messages
    assert contents() == before


@pytest.mark.parametrize(
    ("answer", "message"),
    [(True, "This is the management account of an organization."), (None, "It is not known whether")],
)
def test_it_refuses_the_management_account_unless_it_is_allowed(run, monkeypatch, answer, message):
    monkeypatch.setattr("live_experiments.account_guard.manages_organization", lambda *_: answer)
    code, document, messages = run(experiments=EXPERIMENTS[8:9])
    assert (code, document) == (live_account.USAGE, None)
    assert message in messages
    assert run("--management", experiments=EXPERIMENTS[8:9])[0] == live_account.DONE


@pytest.mark.parametrize(
    ("typed", "terminal", "code"),
    [(ACCOUNT, True, live_account.DONE), ("yes", True, live_account.USAGE), (ACCOUNT, False, live_account.USAGE)],
)
def test_without_yes_the_account_id_is_typed(arguments, monkeypatch, typed, terminal, code):
    class Keyboard:
        def isatty(self):
            return terminal

        def readline(self):
            return f"{typed}\n"

    monkeypatch.setattr(sys, "stdin", Keyboard())
    asked = [word for word in arguments if word != "--yes"]
    assert live_account.main(asked, EXPERIMENTS[8:9]) == code


def test_without_credentials_it_ends_with_the_exit_code_for_that(run, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert run()[0] == live_account.CREDENTIALS
