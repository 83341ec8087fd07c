"""The last line on stderr of the commands that only read, of wrong command lines, and of the demo."""

from __future__ import annotations

import os
import signal

import envelope_kit as kit
import pytest

from breakglass_tui.cli import running
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.settings import runs_root

PROGRAM = "breakglass-tui --profile 'two words'"
STEPS = ("create-user", "access-key")


@pytest.fixture
def ended(command):
    """Run a command line with a global option, and return its exit code and the last line on stderr."""

    def _ended(*words):
        done = command("--profile", "two words", *words)
        return done.code, done.err.splitlines()[-1]

    return _ended


def signals(context):
    os.kill(os.getpid(), signal.SIGTERM)
    context.wait(60)


@pytest.mark.parametrize("form", [(), ("--json",), ("--junit",)])
def test_validate(ended, connected, fake_cloud, fake_check, tmp_path, form):
    words = ("validate", "--user-name", "bg-alice", *form)
    again = f"{PROGRAM} {' '.join(words)}"
    assert ended(*words) == (0, "Done: READY.")
    assert ended(*words, "--out", tmp_path / "o") == (0, f"Done: READY. Report: {tmp_path}/o/report.md")
    fake_cloud.proofs[2] = fake_check("access", pending="the first sign-in")
    assert ended(*words) == (0, f"Done: 1 STEP LEFT. After the step, run: {again}")
    fake_cloud.proofs[2] = fake_check("access", CheckStatus.SKIP)
    assert ended(*words) == (0, f"Done: NOT PROVEN. Not tested: access. Validate again with: {again}")
    fake_cloud.proofs[2] = fake_check("access", CheckStatus.FAIL)
    assert ended(*words) == (3, f"NOT READY. Failed check: access. After the fix, run: {again}")


def test_an_interrupted_validate(ended, connected, fake_cloud, fake_check):
    class Interrupted(fake_check):
        def inspect(self, context):
            signals(context)

    fake_cloud.proofs = [Interrupted("access")]
    last = (
        f"Interrupted before all checks ran: NOT PROVEN. Validate again with: {PROGRAM} validate --user-name bg-alice"
    )
    assert ended("validate", "--user-name", "bg-alice") == (130, last)


def test_plan(ended, connected, fake_cloud, fake_check, request_file, tmp_path):
    request = ("--request", request_file)
    plan, apply = (f"{PROGRAM} {word} --request {request_file}" for word in ("plan", "apply"))
    assert ended("plan", *request) == (0, f"Done: nothing was written to AWS. Apply the same request: {apply}")
    last = (
        "Done: nothing was written to AWS. Apply the same request (replace PASSPHRASE_FILE): "
        f"{apply} --passphrase-fd 3 3< PASSPHRASE_FILE"
    )
    assert ended("plan", *request, "--passphrase-fd", kit.piped(kit.PASSPHRASE)) == (0, last)
    fake_cloud.looks = [fake_check("seal-works", CheckStatus.FAIL)]
    last = f"Failed preflight check: seal-works. Nothing was written to AWS. After the fix, run: {plan}"
    assert ended("plan", *request) == (2, last)
    unsealed = tmp_path / "unsealed.toml"
    unsealed.write_text('region = "eu-west-1"\n')
    fake_cloud.looks = []
    last = f"Done: nothing was written to AWS. Add a seal to the request, then run: {PROGRAM} plan --request {unsealed}"
    assert ended("plan", "--request", unsealed) == (0, last)


def test_runs(ended, connected, fake_cloud, fake_step, left_run):
    fake_cloud.steps = [fake_step(id, observed=ObservedState(Observation.ABSENT)) for id in STEPS]
    assert ended("runs") == (0, "Done: this machine has no runs.")
    left_run("bb", *STEPS, may_exist=0)
    assert ended("runs") == (0, "Done: 1 run, nothing unfinished.")
    left_run("aa", *STEPS, seal_to=["age1x"])
    last = f"Done: 2 runs, 1 unfinished. Resume with: {PROGRAM} resume aa"
    assert ended("runs") == (0, last)
    assert ended("runs", "--json") == (0, last)
    left_run("cc", *STEPS)
    last = f"Done: 3 runs, 2 unfinished. Resume in the app with: {PROGRAM}"
    assert ended("runs") == (0, last)


def test_a_run_with_a_damaged_journal(ended, connected, left_run):
    path = left_run("aa", *STEPS)
    path.write_text(path.read_text().replace("bg-aa", "bg-zz"))
    assert ended("runs") == (0, "Done: 1 run, nothing unfinished, 1 damaged.")


def test_a_run_that_is_not_there_or_not_open(ended, connected, left_run, fake_cloud, fake_step):
    fake_cloud.steps = [fake_step(id, observed=ObservedState(Observation.ABSENT)) for id in STEPS]
    listed = f"List the runs with: {PROGRAM} runs"
    assert ended("resume", "aa") == (2, f"Usage error: nothing was written. {listed}")
    assert ended("undo", "aa", "--yes") == (2, f"Usage error: nothing was written. {listed}")
    left_run("aa", *STEPS, may_exist=0)
    assert ended("resume", "aa") == (2, f"Usage error: nothing was written. {listed}")
    assert ended("undo", "aa") == (0, "Done: nothing of run aa is left in AWS. There was nothing to remove.")
    left_run("bb", *STEPS, seal_to=["age1x"])
    last = f"Usage error: nothing was written. To remove without a question, run: {PROGRAM} undo bb --yes"
    assert ended("undo", "bb") == (2, last)
    left_run("cc", *STEPS)
    assert ended("resume", "cc") == (2, f"Usage error: nothing was written. Resume it in the app with: {PROGRAM}")


def test_an_undo_that_is_declined(ended, connected, fake_cloud, fake_step, left_run, monkeypatch):
    fake_cloud.steps = [fake_step(id) for id in STEPS]
    monkeypatch.setattr(Terminal, "attached", lambda self: True)
    monkeypatch.setattr(Terminal, "read_line", lambda self: "no")
    left_run("aa", *STEPS, seal_to=["age1x"])
    last = f"Cancelled: nothing was changed. Resume with: {PROGRAM} resume aa"
    assert ended("undo", "aa") == (6, last)


def test_a_signal_before_an_undo(ended, connected, fake_cloud, left_run):
    left_run("aa", *STEPS, seal_to=["age1x"])
    fake_cloud.identify = lambda: signal.raise_signal(signal.SIGINT)
    last = f"Interrupted: nothing was changed. Start again with: {PROGRAM} undo aa --yes"
    assert ended("undo", "aa", "--yes") == (6, last)
    assert ended("resume", "aa") == (6, f"Interrupted: nothing was changed. Resume with: {PROGRAM} resume aa")


def test_a_run_that_another_process_works_on(ended, connected, left_run):
    left_run("aa", *STEPS, seal_to=["age1x"])
    with RunStore(runs_root(demo=False)).claim("123456789012", "bg-aa"):
        last = f"Busy: another process works on this user. When it has ended, run: {PROGRAM} resume aa"
        assert ended("resume", "aa") == (7, last)


def test_open_and_verify(ended, connected, tmp_path):
    alice, other = (kit.custodian(tmp_path, name) for name in ("alice", "other"))
    (info,) = kit.sealed(tmp_path, [alice.recipient])
    path = tmp_path / info.path
    reveal = ("open", path, "--reveal")
    assert ended(*reveal, "-i", alice.file) == (0, "Done: the secret was written to stdout.")
    verify = f"{PROGRAM} verify {path}"
    last = f"The envelope does not open with what was given. See who can open it with: {verify}"
    assert ended(*reveal, "-i", other.file) == (3, last)
    last = (
        "Usage error: nothing was written. Add an identity (replace IDENTITY_FILE): "
        f"{PROGRAM} open {path} --reveal --identity IDENTITY_FILE"
    )
    assert ended(*reveal) == (2, last)
    assert ended("open", path, "-i", alice.file)[0] == ExitCode.USAGE
    assert ended("verify", path, "-i", alice.file) == (0, "Done: no check failed. Not tested: hash, journal.")
    last = f"Failed check: opens. After the fix, run: {verify} -i {other.file}"
    assert ended("verify", path, "-i", other.file) == (3, last)
    (tmp_path / "e").write_text("hello")
    last = "Usage error: nothing was written. Show the help with: breakglass-tui verify --help"
    assert ended("verify", tmp_path / "e") == (2, last)


def test_an_envelope_on_a_screen(ended, tmp_path, monkeypatch):
    alice = kit.custodian(tmp_path, "alice")
    (info,) = kit.sealed(tmp_path, [alice.recipient])
    monkeypatch.setattr("breakglass_tui.cli.open_envelope.has_screen", lambda: True)
    monkeypatch.setattr("breakglass_tui.ui.envelope_app.show_envelope", lambda *_: None)
    last = "Done: bg-alice.password.age was opened."
    assert ended("open", tmp_path / info.path, "-i", alice.file) == (0, last)


USAGE = "Usage error: nothing was written."


@pytest.mark.parametrize(
    ("words", "last"),
    [
        (("plan", "--demo"), "--demo goes before the command: breakglass-tui --demo plan"),
        (
            ("apply", "--yes", "--region=eu-west-1", "--request", "my request.toml", "--profile", "ops"),
            (
                "--region goes before the command: "
                "breakglass-tui --region=eu-west-1 --profile ops apply --yes --request 'my request.toml'"
            ),
        ),
        (
            ("--region", "eu-west-1", "resume", "aa", "--passphrase-fd", "hunter2", "--demo"),
            (
                "--demo goes before the command (replace PASSPHRASE_FILE): "
                "breakglass-tui --region eu-west-1 --demo resume aa --passphrase-fd 3 3< PASSPHRASE_FILE"
            ),
        ),
        (("--demo", "plan", "--demo"), "--demo goes before the command: breakglass-tui --demo plan"),
        (("--region=a", "plan", "--region", "b"), "--region goes before the command: breakglass-tui --region b plan"),
        (("plan", "--bogus"), "Show the help with: breakglass-tui plan --help"),
        (("--demo", "plan", "--bogus"), "Show the help with: breakglass-tui plan --help"),
        (("planet",), "Show the help with: breakglass-tui --help"),
        (("validate",), "Show the help with: breakglass-tui validate --help"),
        (("completion", "tcsh"), "Show the help with: breakglass-tui completion --help"),
        (("--region", "mars", "plan", "--request", "-"), "Show the help with: breakglass-tui --help"),
        ((), "Create a user (replace REQUEST_FILE): breakglass-tui apply --request REQUEST_FILE"),
        (("--plain",), "Create a user (replace REQUEST_FILE): breakglass-tui apply --request REQUEST_FILE"),
        (("plan",), "See an example: breakglass-tui --demo plan"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_command_line(command, connected, monkeypatch, words, last):
    monkeypatch.setattr("breakglass_tui.cli.request_file.read_request", lambda name: None)
    ran = command(*words)
    assert (ran.code, ran.err.splitlines()[-1]) == (ExitCode.USAGE, f"{USAGE} {last}")
    assert "hunter2" not in ran.err
    assert connected == []


def test_a_word_that_no_shell_reads_in_quotes_is_spelled_out(command):
    ran = command("plan", "--demo", "--request", "a\nb\x1b's\\")
    assert ran.err.splitlines()[-1].endswith("breakglass-tui --demo plan --request $'a\\x0ab\\x1b\\'s\\\\'")


def test_a_defect_before_any_command_is_known(command, monkeypatch):
    monkeypatch.setattr("breakglass_tui.cli.default_command.open_app", lambda options: 1 / 0)
    ran = command("--demo")
    last = "Unexpected error. List what is left in AWS with: breakglass-tui --demo runs"
    assert (ran.code, ran.err.splitlines()[-1]) == (ExitCode.UNEXPECTED, last)


def test_commands_whose_output_a_shell_reads_end_without_a_line_unless_a_terminal_shows_it(command, monkeypatch):
    for words in (("completion", "bash"), ("man",)):
        assert (command(*words).code, command(*words).err) == (ExitCode.DONE, "")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert command("completion", "bash").err == 'Done. Load the script: eval "$(breakglass-tui completion bash)"\n'
    assert command("man").err == "Done. Read the page: breakglass-tui man | man -l -\n"


def test_the_demo_offers_nothing_that_needs_its_account(
    command, connected, fake_cloud, fake_step, request_file, tmp_path
):
    gone = "The simulated account ended with this process."
    words = ("--demo", "apply", "--yes", "--request", str(request_file), "--out", str(tmp_path / "o"))
    fake_cloud.steps = [fake_step("create-user", work=signals)]
    ran = command(*words)
    again = f"breakglass-tui {' '.join(words)}"
    last = f"Stopped. {gone} Start again with: {again}"
    assert (ran.code, ran.err.splitlines()[-1]) == (ExitCode.INCOMPLETE, last)
    assert not [line for line in ran.err.splitlines() if " resume " in line or " undo " in line]
    run_id = RunStore(runs_root(demo=True)).runs()[0].id
    listed = command("--demo", "runs")
    assert listed.err.splitlines()[-1] == "Done: 1 run, 1 unfinished. Its simulated account ended with its process."
    assert "resume" not in listed.out
    undone = command("--demo", "undo", run_id, "--yes")
    assert undone.err.splitlines()[-1] == (
        f"Done: nothing of run {run_id} is left in AWS. Not found in AWS: create-user."
    )


def test_a_verdict_of_the_demo(command, connected, fake_cloud, fake_check, request_file, tmp_path):
    gone = "The simulated account ended with this process."
    words = ("--demo", "apply", "--yes", "--request", request_file, "--out", tmp_path / "o")
    report = f"Report: {tmp_path}/o/report.md."
    fake_cloud.proofs[2] = fake_check("access", pending="the first sign-in")
    assert command(*words).err.splitlines()[-1] == f"Done: 1 STEP LEFT. {report} {gone}"
    fake_cloud.proofs[2] = fake_check("access", CheckStatus.FAIL)
    last = command(*words).err.splitlines()[-1]
    (later,) = (tmp_path / "o").glob("export-*/report.md")
    assert last == f"NOT READY. Failed check: access. Report: {later}. {gone}"
    ran = command("--demo", "validate", "--user-name", "bg-alice")
    assert ran.err.splitlines()[-1] == f"NOT READY. Failed check: access. {gone}"


def test_a_simulated_run_resumes_from_the_start_in_a_new_process(
    command, connected, fake_cloud, fake_step, request_file
):
    fake_cloud.steps = [fake_step("create-user", work=signals)]
    assert command("--demo", "apply", "--yes", "--request", request_file).code == ExitCode.INCOMPLETE
    fake_cloud.steps[0].work = lambda context: StepOutcome("made")
    run_id = RunStore(runs_root(demo=True)).runs()[0].id
    ran = command("--demo", "resume", run_id)
    assert (ran.code, ran.err.splitlines()[-1][:12]) == (ExitCode.DONE, "Done: READY.")


def test_a_problem_with_the_account_in_a_read_command(ended, connected, fake_cloud, request_file):
    def refuse():
        raise Problem("No.", kind=Kind.MISSING)

    fake_cloud.identify = refuse
    again = f"{PROGRAM} plan --request {request_file}"
    last = f"Not found in AWS: nothing was written to AWS. After the fix, run: {again}"
    assert ended("plan", "--request", request_file) == (5, last)


def test_every_ending_of_the_process_goes_through_one_place():
    assert running.run(["--version"]) == 0
