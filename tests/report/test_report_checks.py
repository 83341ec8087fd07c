"""The checks of a report: changed or moved files, and a changed journal."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.events import RunStarted, StepNoted, StepStarted
from breakglass_tui.domain.problems import Problem
from breakglass_tui.report.export import export
from breakglass_tui.report.journal_comparison import JournalEvidence
from breakglass_tui.report.report_checks import report_checks
from breakglass_tui.report.report_file import is_report, read_report

JOURNAL = ("11" * 32, "22" * 32, "33" * 32)
SEALED = "bg-alice.access-key.1+2.age"


@pytest.fixture
def out(finished, tmp_path):
    """Return a directory with a report, its files and its envelope."""
    (tmp_path / SEALED).write_bytes(b"sealed")
    finished.envelopes[0] = replace(finished.envelopes[0], sha256=hashlib.sha256(b"sealed").hexdigest())
    export(finished, tmp_path, JOURNAL[-1])
    return tmp_path


def verdicts(out, journal=JOURNAL):
    """Return the status of each check by id. ``journal`` has the hashes of the lines of the run's journal."""
    evidence = journal if isinstance(journal, Problem) else JournalEvidence(journal)
    checks = report_checks(read_report(out / "report.json"), evidence)
    return {check.id: check.status for check in checks if check.id not in ("journal:verdict", "signature")}


def test_unchanged_files_pass(out):
    *found, verdict = report_checks(read_report(out / "report.json"), JournalEvidence(JOURNAL))
    checks = [check for check in found if check.id != "signature"]
    assert {check.status for check in checks} == {CheckStatus.PASS}
    assert (verdict.id, verdict.status) == ("journal:verdict", CheckStatus.SKIP)
    assert {check.id for check in checks} >= {
        "well-formed", "file:report.json", "file:report.html", "file:runbook.md", f"envelope:{SEALED}", "journal"
    }  # fmt: skip
    assert all(check.id.partition(":")[2] in check.found for check in checks)


@pytest.mark.parametrize("name", ["report.html", "mutelist.yaml", SEALED])
def test_a_changed_or_missing_file_fails_by_name(out, name):
    (out / name).write_bytes(b"another")
    (failed,) = [id for id, status in verdicts(out).items() if status is not CheckStatus.PASS]
    assert failed.endswith(f":{name}")
    (out / name).unlink()
    checks = report_checks(read_report(out / "report.json"), JournalEvidence(JOURNAL))
    (missing,) = [check for check in checks if check.status is CheckStatus.FAIL]
    assert missing.id == failed
    assert "cannot be read" in missing.found


def test_a_result_that_was_changed_later_is_found(out):
    path = out / "report.json"
    path.write_text(path.read_text().replace('"warn"', '"pass"'))
    assert verdicts(out)["file:report.json"] is CheckStatus.FAIL
    (out / "SHA256SUMS").unlink()
    assert verdicts(out)["file:report.json"] is CheckStatus.SKIP


@pytest.mark.parametrize(
    ("journal", "expected"),
    [
        (JOURNAL, CheckStatus.PASS),
        ((), CheckStatus.SKIP),
        (JOURNAL[:-1], CheckStatus.FAIL),
        ((*JOURNAL, "44" * 32), CheckStatus.WARN),
        (("55" * 32,), CheckStatus.FAIL),
        (Problem("The journal cannot be used."), CheckStatus.FAIL),
    ],
)
def test_the_journal_must_end_with_the_line_of_the_report(out, journal, expected):
    assert verdicts(out, journal)["journal"] is expected


def test_a_report_without_a_journal_skips_it(finished, tmp_path):
    export(finished, tmp_path)
    assert verdicts(tmp_path, ())["journal"] is CheckStatus.SKIP
    assert verdicts(tmp_path)["journal"] is CheckStatus.FAIL


@pytest.mark.parametrize("content", ["", "[]", "{", '{"schema_version": 1}', "[" * 100_000])
def test_a_file_that_is_not_a_report_fails_one_check(tmp_path, content):
    path = tmp_path / "report.json"
    path.write_text(content)
    assert is_report(path)
    assert verdicts(tmp_path) == {"well-formed": CheckStatus.FAIL}


def test_a_report_with_another_name_is_recognized_by_its_content(out):
    path = (out / "report.json").rename(out / "evidence.json")
    assert is_report(path)
    assert not is_report(out / SEALED)
    assert not is_report(out / "runbook.md")
    assert not is_report(out / "nothing")
    (out / "other.json").write_text(json.dumps({"version": 1, "key_arn": "arn"}))
    assert not is_report(out / "other.json")


def test_a_file_name_outside_the_directory_is_a_flaw(out):
    path = out / "report.json"
    document = json.loads(path.read_text())
    document["integrity"]["files"]["../secret"] = "ab" * 32
    path.write_text(json.dumps(document))
    assert verdicts(out) == {"well-formed": CheckStatus.FAIL}


def test_a_journal_truncated_at_a_line_has_another_head(store, header, clock, finished):
    with store.open_journal(header) as journal:
        journal.write(RunStarted(clock.now(), header, ()))
        journal.write(StepStarted(clock.now(), "create-user"))
        journal.write(StepNoted(clock.now(), "create-user", "text"))
        head = journal.head
    assert (store.hashes(header.id)[-1], store.head(finished), len(store.hashes(header.id))) == (head, head, 3)
    path = store.root / "runs" / header.id / "journal.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    assert head not in store.hashes(header.id)
    path.write_bytes(path.read_bytes().replace(b"create-user", b"create-mole"))
    with pytest.raises(Problem, match="cannot be used"):
        store.hashes(header.id)
    assert store.head(finished) == ""


@pytest.mark.parametrize("id", ["", "..", "../runs/00aa11bb22cc33dd", "a/b", "x" * 65, "00aa11bb22cc33dd\n"])
def test_a_hostile_run_id_does_not_leave_the_store(store, header, clock, id):
    with store.open_journal(header) as journal:
        journal.write(RunStarted(clock.now(), header, ()))
    assert store.hashes(id) == ()
