"""The last line on stderr of apply: how it ended, and the one command that continues."""

from __future__ import annotations

import errno
import io
import os
import signal
from dataclasses import replace
from types import SimpleNamespace

import pytest
from last_line_bench import PROGRAM, USER, refuses, signals

from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.settings import runs_root

VALIDATE = f"{PROGRAM} validate --user-name bg-alice"


def one_step(bench, **work):
    bench.cloud.steps = [bench.step("create-user", **work), bench.step("access-key", USER)]


def proofs(bench, **checks):
    ids = {id.replace("_", "-"): given for id, given in checks.items()}
    bench.cloud.proofs = [replace(check, **ids.get(check.id, {})) for check in bench.cloud.proofs]


def interrupted_validation(bench):
    class Interrupted(bench.check):
        def inspect(self, context):
            signals(context)

    bench.cloud.proofs = [Interrupted("access")]


def late_signal(bench):
    class Late(bench.check):
        def inspect(self, context):
            os.kill(os.getpid(), signal.SIGHUP)
            return super().inspect(context)

    bench.cloud.proofs[-1] = Late(bench.cloud.proofs[-1].id)


def interrupted_preflight(bench):
    class Interrupted(bench.check):
        def inspect(self, context):
            signals(context)
            return super().inspect(context)

    bench.cloud.looks = [Interrupted("quotas")]


def full_disk(bench):
    def full(*given, **named):
        raise Problem("Cannot write to report.json.", kind=Kind.LOCAL)

    bench.patch.setattr("breakglass_tui.cli.execution.export", full)


def no_descriptors(bench):
    def too_many(*given, **named):
        raise OSError(errno.EMFILE, "Too many open files")

    bench.patch.setattr("breakglass_tui.report.export.make_private_directory", too_many)


def broken_printer(bench):
    one_step(bench)

    def broken(self, event):
        if type(event).__name__ == "StepStarted":
            raise RuntimeError("no room to draw")

    bench.patch.setattr("breakglass_tui.plain.event_printer.EventPrinter.print", broken)


def failed_preflight(bench):
    bench.cloud.looks = [bench.check("seal-works", CheckStatus.FAIL)]


def unusable_output(bench):
    bench.cloud.looks = [bench.check("output-writable", CheckStatus.FAIL)]


def file_as_output(bench):
    bench.out.write_text("")


FAIL, SKIP = {"status": CheckStatus.FAIL}, {"status": CheckStatus.SKIP}
STEP = {"pending": "the first sign-in"}

APPLY = {
    "ready": (lambda bench: None, 0, "Done: READY. Report: {out}/report.md"),
    "one step left": (
        lambda bench: proofs(bench, access=STEP),
        0,
        f"Done: 1 STEP LEFT. Report: {{out}}/report.md. After the step, run: {VALIDATE}",
    ),
    "two steps left": (
        lambda bench: proofs(bench, access=STEP, mfa_devices=STEP),
        0,
        f"Done: 2 STEPS LEFT. Report: {{out}}/report.md. After the steps, run: {VALIDATE}",
    ),
    "a failed check": (
        lambda bench: proofs(bench, access=FAIL),
        3,
        f"NOT READY. Failed check: access. Report: {{out}}/report.md. After the fix, run: {VALIDATE}",
    ),
    "two failed checks": (
        lambda bench: proofs(bench, access=FAIL, inline_policy=FAIL),
        3,
        f"NOT READY. Failed checks: inline-policy, access. Report: {{out}}/report.md. After the fix, run: {VALIDATE}",
    ),
    "not proven": (
        lambda bench: proofs(bench, access=SKIP),
        0,
        f"Done: NOT PROVEN. Not tested: access. Report: {{out}}/report.md. Validate again with: {VALIDATE}",
    ),
    "an interrupted validation": (
        interrupted_validation,
        6,
        f"Created, not validated: NOT PROVEN. Report: {{out}}/report.md. Validate with: {VALIDATE}",
    ),
    "a signal that stops no check": (
        late_signal,
        0,
        "Done: READY. Report: {out}/report.md",
    ),
    "a failed step": (
        lambda bench: one_step(bench, work=refuses()),
        5,
        "Rolled back: create-user failed. Everything this run created was removed. After the fix, run: {again}",
    ),
    "a failed preflight check": (
        failed_preflight,
        5,
        (
            "Not started: preflight check seal-works failed. Nothing was created, so nothing is left in AWS. "
            "After the fix, run: {again}"
        ),
    ),
    "a directory with envelopes": (
        unusable_output,
        5,
        (
            "Not started: preflight check output-writable failed. Nothing was created, so nothing is left in AWS. "
            "With another directory, run (replace NEW_DIR): {elsewhere}"
        ),
    ),
    "a directory that cannot be written": (
        file_as_output,
        2,
        "Stopped: nothing was written to AWS. With another directory, run (replace NEW_DIR): {elsewhere}",
    ),
    "an incomplete rollback": (
        lambda bench: one_step(bench, work=refuses(), unwork=refuses()),
        6,
        f"Removal incomplete. Left in AWS: create-user. Continue the removal with: {PROGRAM} resume {{id}}",
    ),
    "a signal": (
        lambda bench: one_step(bench, work=signals),
        6,
        f"Stopped, resources kept: create-user. Resume with: {PROGRAM} resume {{id}}",
    ),
    "a signal before the first write": (
        interrupted_preflight,
        130,
        "Interrupted: nothing was written to AWS. Start again with: {again}",
    ),
    "expired credentials": (
        lambda bench: one_step(bench, work=refuses(Kind.CREDENTIALS)),
        6,
        f"Incomplete, resources kept: create-user. Resume with: {PROGRAM} resume {{id}}",
    ),
    "an error of its own": (
        broken_printer,
        6,
        f"Stopped by an error, resources kept: create-user. Resume with: {PROGRAM} resume {{id}}",
    ),
    "a full disk": (
        full_disk,
        1,
        (
            "The user is created, and each secret is sealed or stored. Done: READY, but the report was not written. "
            f"Write it with (replace NEW_DIR): {VALIDATE} --out NEW_DIR"
        ),
    ),
    "no descriptors": (
        no_descriptors,
        1,
        (
            "The user is created, and each secret is sealed or stored. Done: READY, but the report was not written. "
            f"Write it with (replace NEW_DIR): {VALIDATE} --out NEW_DIR"
        ),
    ),
    "no credentials": (
        lambda bench: bench.patch.setattr(bench.cloud, "identify", refuses(Kind.CREDENTIALS)),
        4,
        "No usable credentials: nothing was written to AWS. After the fix, run: {again}",
    ),
    "a refusal before the run": (
        lambda bench: bench.patch.setattr(bench.cloud, "identify", refuses()),
        5,
        "AWS refused the request: nothing was written to AWS. After the fix, run: {again}",
    ),
    "no network": (
        lambda bench: bench.patch.setattr(bench.cloud, "identify", refuses(Kind.UNREACHABLE)),
        5,
        "AWS is unreachable: nothing was written to AWS. After the fix, run: {again}",
    ),
    "a defect": (
        lambda bench: bench.patch.setattr(bench.cloud, "identify", lambda: 1 / 0),
        1,
        f"Unexpected error. List what is left in AWS with: {PROGRAM} runs",
    ),
    "a bad request": (
        lambda bench: bench.request.write_text(bench.request.read_text().replace("bg-alice", "two words")),
        2,
        "Usage error: nothing was written. Correct the request, then run: {again}",
    ),
}


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
@pytest.mark.parametrize("case", APPLY)
def test_apply(bench, ran, case, form):
    arrange, code, last = APPLY[case]
    arrange(bench)
    done = ran(*bench.apply, *form)
    runs = [stored.id for stored in RunStore(runs_root(demo=False)).runs()]
    words = {"again": " ".join((bench.again, *form)), "id": runs[0] if runs else "", "out": bench.out}
    words["elsewhere"] = " ".join((bench.again.removesuffix(f" --out {bench.out}"), *form, "--out NEW_DIR"))
    assert done.err.splitlines()[-1] == last.format(**words)
    assert done.code == code
    if code == ExitCode.INCOMPLETE and "Removal" not in last:
        instead = f"To remove the resources instead: {PROGRAM} undo {runs[0]}"
        assert done.err.splitlines()[-2] == instead


def test_a_user_that_another_process_works_on(bench, ran):
    with RunStore(runs_root(demo=False)).claim("123456789012", "bg-alice"):
        done = ran(*bench.apply)
    assert done.code == ExitCode.ALREADY_RUNNING
    last = f"Busy: another process works on this user. When it has ended, run: {bench.again}"
    assert done.err.splitlines()[-1] == last


def test_an_operator_who_declines(bench, ran):
    bench.patch.setattr(Terminal, "attached", lambda self: True)
    bench.patch.setattr(Terminal, "read_line", lambda self: "no")
    words = [word for word in bench.apply if word != "--yes"]
    done = ran(*words)
    again = bench.again.replace(" --yes", "")
    assert done.code == ExitCode.INTERRUPTED
    assert done.err.splitlines()[-1] == f"Cancelled: nothing was written to AWS. Start again with: {again}"


def test_no_terminal_to_ask_on(bench, ran):
    done = ran(*(word for word in bench.apply if word != "--yes"))
    again = bench.again.replace(" --yes", "")
    assert done.code == ExitCode.USAGE
    last = f"Usage error: nothing was written. To apply without a question, run: {again} --yes"
    assert done.err.splitlines()[-1] == last


@pytest.mark.parametrize(
    ("words", "again"),
    [
        (("--request", "-"), "--request - < REQUEST_FILE"),
        (("--passphrase-fd", "987"), "--passphrase-fd 987 987< PASSPHRASE_FILE"),
        (("--passphrase-fd=hunter2",), "--passphrase-fd 3 3< PASSPHRASE_FILE"),
    ],
)
def test_what_a_shell_redirects_is_a_placeholder_and_no_secret_is_repeated(bench, ran, words, again):
    bench.patch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(), isatty=lambda: False))
    done = ran("apply", "--yes", *words)
    last = done.err.splitlines()[-1]
    assert last.endswith(f" (replace {again.split()[-1]}): {PROGRAM} apply --yes {again}")
    assert "hunter2" not in done.err
