"""Tests of the tests: each promise is broken in a copy of the package, and the tests that guard it must fail.

``make test`` breaks the promises on which all others depend, ``make matrix`` all of them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(300)

ROOT = Path(__file__).parents[2]
PASSED, FAILED = 0, 1
"""The exit codes of pytest that are results. With any other it could not run the tests."""

GUARD = """
from pathlib import Path
import breakglass_tui

def pytest_sessionstart(session):
    where = Path(breakglass_tui.__file__).resolve()
    assert where.is_relative_to(Path(__file__).resolve().parent), f"the copy was not imported, but {where}"
"""
"""A pytest plugin for the directory of the copy: a mutation without effect on the imported code proves nothing."""


@dataclass(frozen=True)
class Mutation:
    """A mutation: ``old``, which occurs once in ``file``, becomes ``new``. Then ``tests`` must fail."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    always: bool = False


MUTATIONS = (
    Mutation(
        "botocore sends writes again",
        "aws/clients.py",
        '"total_max_attempts": 1 if writes else READ_ATTEMPTS',
        '"total_max_attempts": 3',
        ("tests/aws/test_aws_api.py::test_a_write_is_sent_once_whatever_the_environment_sets",),
        always=True,
    ),
    Mutation(
        "every unknown key counts as ours",
        "aws/steps/access_key.py",
        "        if len(unknown) <= lost:\n",
        "        if unknown:\n",
        ("tests/aws/test_aws_foreign.py::test_a_key_that_someone_else_created_stops_the_run_and_is_not_changed",),
        always=True,
    ),
    Mutation(
        "the user's own id is not compared",
        "aws/steps/own_user.py",
        'if user_id and user.get("UserId") != user_id:',
        "if False:",
        ("tests/aws/test_aws_foreign.py::test_a_user_that_someone_else_created_again_is_not_changed_by_the_undo",),
    ),
    Mutation(
        "the key's step is done before it is sealed",
        "aws/steps/access_key.py",
        "        envelopes = self._seal(api, key_id, secret)\n",
        "        __import__('threading').Timer(0.3, self._seal, (api, key_id, secret)).start()\n"
        "        return StepOutcome(key_id, {FACT: key_id})\n",
        ("tests/state_machine/test_sealed_first.py",),
        always=True,
    ),
    Mutation(
        "a resume leaves a key whose secret is lost",
        "aws/steps/access_key.py",
        "                return self._stored(api)\n            self._clear(api)\n",
        "                return self._stored(api)\n",
        ("tests/state_machine/test_sealed_first.py",),
    ),
    Mutation(
        "grants do not wait for the credentials",
        "aws/steps/plan_builder.py",
        "    credentials = user | {id for id, wanted in requested.items() if wanted}\n",
        "    credentials = user\n",
        ("tests/aws/test_aws_whole_runs.py::test_credentials_wait_for_the_user_and_grants_for_every_credential",),
    ),
    Mutation(
        "SIGHUP is ignored",
        "cli/signals.py",
        "        again, self.hit = self.hit, True\n",
        "        if _number == signal.SIGHUP:\n            return\n        again, self.hit = self.hit, True\n",
        ("tests/cli/test_signals.py::test_a_signal_before_the_first_write_leaves_nothing_and_is_exit_130",),
        always=True,
    ),
    Mutation(
        "a request is sent although it could not be recorded",
        "engine/run_log.py",
        "                    self.broken = self.broken or problem\n                    raise\n",
        "                    self.broken = self.broken or problem\n",
        ("tests/engine/test_run_unrecorded.py", "tests/engine/test_run_log.py"),
    ),
    Mutation(
        "the journal is not made durable",
        "engine/journal.py",
        "                os.fsync(self._descriptor)\n",
        "",
        ("tests/engine/test_journal.py::test_a_write_is_on_the_disk_when_it_returns",),
    ),
    Mutation(
        "a journal that failed once is written to again",
        "engine/journal.py",
        "            if self._broken is not None:\n",
        "            if False:\n",
        ("tests/engine/test_journal.py::test_after_one_failure_nothing_more_is_written",),
    ),
    Mutation(
        "a run continues from an outdated record",
        "engine/run_store.py",
        "                if journal.length != length:\n",
        "                if False:\n",
        ("tests/engine/test_run_store.py::test_a_process_with_an_outdated_record_does_not_write",),
    ),
    Mutation(
        "the logs of libraries with secrets are not muted",
        "logs.py",
        "        logger.setLevel(logging.WARNING)\n        logger.propagate = False\n",
        "        logger.setLevel(logging.DEBUG)\n        logger.propagate = True\n",
        ("tests/cli/test_library_logs.py",),
        always=True,
    ),
    Mutation(
        "a crash shows the text of the exception",
        "traces.py",
        'lines.append(f"caused by {type(one).__name__}" if lines else type(one).__name__)',
        "lines.append(repr(one))",
        ("tests/test_traces.py",),
    ),
    Mutation(
        "the environment redirects the clients of botocore itself",
        "aws/session.py",
        '        self.set_config_variable("ignore_configured_endpoint_urls", True)',
        '        self.set_config_variable("ignore_configured_endpoint_urls", False)',
        ("tests/aws/test_aws_redirection.py::test_the_clients_of_the_credential_lookup_go_to_aws_only",),
    ),
    Mutation(
        "a secret stays on the screen of a window without focus",
        "ui/shell/secrecy.py",
        '"""Hide the secret when the terminal loses the focus."""\n        self.hide_secrets()',
        '"""Hide the secret when the terminal loses the focus."""',
        ("tests/ui/shell/test_envelope_app.py::test_a_revealed_secret_is_hidden_when_something_happens",),
    ),
    Mutation(
        "a passphrase is in the process list",
        "secrets/passphrase_seal.py",
        "str(Path(scrypt_child.__file__).resolve())]",
        "str(Path(scrypt_child.__file__).resolve()), passphrase.reveal()]",
        ("tests/secrets/test_passphrase_seal.py::test_neither_a_process_list_nor_an_environment_shows_the_words",),
    ),
    Mutation(
        "the seed is sealed to the custodians of the password too",
        "aws/kms_seal.py",
        "    if contents == MFA_SEED and request.seal_mfa_to:\n",
        "    if False:\n",
        ("tests/aws/test_aws_whole_runs.py::test_only_the_other_custodians_can_open_the_mfa_seed",),
    ),
    Mutation(
        "an MFA code is submitted twice",
        "aws/mfa_codes.py",
        "int(last.reveal() or 0) + 1 if last",
        "int(last.reveal() or 0) if last",
        ("tests/aws_checks/test_mfa_session.py",),
    ),
    Mutation(
        "a failed sign-in has the ARN of the user",
        "aws/checks/sign_in_event.py",
        "    if failed:\n        identity = {",
        "    if failed:\n        identity |= {",
        ("tests/aws_checks/test_sign_in_alert.py::test_a_rule_by_arn_does_not_hear_failed_sign_ins",),
    ),
    Mutation(
        "a pending subscription counts",
        "aws/checks/alert_topics.py",
        'if any(arn.startswith("arn:") for arn in arns):',
        "if arns:",
        ("tests/aws_checks/test_alert_targets.py::test_a_pending_subscription_receives_nothing",),
    ),
)


ALWAYS = tuple(mutation for mutation in MUTATIONS if mutation.always)


def ran_with(where: Path, tests: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Run ``tests`` with the package in ``where``."""
    (where / "mutant_guard.py").write_text(GUARD)
    # -P: the source directory, in which pytest runs, is not searched.
    command = [sys.executable, "-P", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "mutant_guard"]
    return subprocess.run(
        [*command, *tests],
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(where), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=280,
    )


def copied(where: Path) -> Path:
    """Return a copy of the package, and of the files beside it that it reads."""
    shutil.copytree(ROOT / "breakglass_tui", where / "breakglass_tui")
    shutil.copytree(ROOT / "styles", where / "styles")
    return where / "breakglass_tui"


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_the_text_of_a_mutation_occurs_in_the_code_once(mutation: Mutation) -> None:
    source = (ROOT / "breakglass_tui" / mutation.file).read_text()
    assert source.count(mutation.old) == 1, f"{mutation.file} has changed: update the mutation"


@pytest.mark.parametrize(
    "mutation",
    [pytest.param(one, marks=() if one.always else pytest.mark.matrix, id=one.name) for one in MUTATIONS],
)
def test_a_broken_promise_makes_a_test_fail(mutation: Mutation, tmp_path: Path) -> None:
    file = copied(tmp_path) / mutation.file
    file.write_text(file.read_text().replace(mutation.old, mutation.new))
    ran = ran_with(tmp_path, mutation.tests)
    assert ran.returncode == FAILED, ran.stdout + ran.stderr


@pytest.mark.parametrize("mutations", [ALWAYS, pytest.param(MUTATIONS, marks=pytest.mark.matrix)], ids=["some", "all"])
def test_the_same_tests_pass_while_the_promises_are_kept(mutations: tuple[Mutation, ...], tmp_path: Path) -> None:
    copied(tmp_path)
    tests = tuple(dict.fromkeys(test for mutation in mutations for test in mutation.tests))
    ran = ran_with(tmp_path, tests)
    assert ran.returncode == PASSED, ran.stdout + ran.stderr
