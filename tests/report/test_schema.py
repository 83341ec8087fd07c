"""The published schema: the package contains the one that `verify` uses, and every report matches it."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from breakglass_tui.domain import events as e
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.report.report_document import report_document
from breakglass_tui.report.schema import flaws, json_schema

PUBLISHED = json.loads((files("breakglass_tui.report") / "report.schema.json").read_text())
VALIDATOR = Draft202012Validator(PUBLISHED)


def broken(document):
    """Return the paths that violate the published schema."""
    return [error.json_path for error in VALIDATOR.iter_errors(json.loads(json.dumps(document)))]


def test_the_schema_in_the_package_matches_the_code():
    Draft202012Validator.check_schema(PUBLISHED)
    assert json_schema() == PUBLISHED


@pytest.mark.parametrize("status", e.RunStatus)
def test_a_run_with_any_status_matches(finished, interrupted, status):
    for record in (finished, interrupted):
        record.status = status
        document = report_document(record, journal_head="ab" * 32)
        assert broken(document) == []
        assert flaws(document) == ()


@pytest.mark.parametrize("status", e.StepStatus)
def test_a_step_with_any_status_matches(interrupted, status):
    interrupted.steps["access-key"].status = status
    assert broken(report_document(interrupted)) == []


def test_an_empty_record_matches():
    assert broken(report_document(RunRecord())) == []
    assert flaws(report_document(RunRecord())) == ()


def test_fields_of_a_newer_version_are_accepted(finished):
    document = report_document(finished)
    document["more"] = document["checks"][0]["more"] = 1
    assert broken(document) == []
    assert flaws(document) == ()


def drop(*path):
    def _drop(document):
        for name in path[:-1]:
            document = document[name]
        del document[path[-1]]

    return _drop


def put(value, *path):
    def _put(document):
        for name in path[:-1]:
            document = document[name]
        document[path[-1]] = value

    return _put


@pytest.mark.parametrize(
    "spoil",
    [
        drop("integrity"),
        drop("checks", 0, "controls"),
        drop("envelopes", 0, "sha256"),
        put(3, "schema_version"),
        put("fine", "checks", 0, "status"),
        put("42", "steps", 0, "elapsed_ms"),
        put("AB" * 32, "envelopes", 0, "sha256"),
        put("../../etc", "run", "id"),
        put({"../secret": "ab" * 32}, "integrity", "files"),
        put({"/etc/passwd": "ab" * 32}, "integrity", "files"),
        put("ab" * 31, "integrity", "journal_head"),
        put("maybe", "compliance", 0, "standing"),
        put("yesterday", "run", "started_at"),
        put("", "envelopes", 0, "path"),
    ],
)
def test_missing_and_wrong_fields_are_found_by_both(finished, spoil):
    document = report_document(finished)
    spoil(document)
    assert broken(document)
    assert flaws(document)


def test_flaws_are_a_few_printable_lines(finished):
    document = report_document(finished)
    document["integrity"]["files"] = {f"\x1b[31m{number}": "no hash" for number in range(50)}
    found = flaws(document)
    assert 0 < len(found) <= 5
    assert all(line.isprintable() for line in found)


def test_a_report_of_version_1_is_read_with_its_own_form_of_the_verdict(finished):
    document = report_document(finished)
    document |= {"schema_version": 1, "readiness": {"verdict": "ready", "reasons": ["one"], "steps": [""]}}
    assert flaws(document) == ()
    document["schema_version"] = 2
    assert flaws(document)


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("run", "account_id", "$(id)"),
        ("run", "account_id", "1234567890123"),
        ("run", "account_id", "123456789012\n"),
        ("run", "region", "eu-west-1;id"),
        ("run", "caller_arn", "arn:aws:iam::1:user/a b"),
        ("user", "name", "../x"),
        ("user", "name", "\x1b[31m"),
        ("user", "arn", "[/]"),
        ("user", "id", "AIDA`id`"),
    ],
)
def test_an_identifier_of_another_form_is_a_violation(finished, part, field, value):
    document = report_document(finished)
    document[part][field] = value
    assert broken(document) == [f"$.{part}.{field}"] or "\n" in value
    assert [flaw.partition(":")[0] for flaw in flaws(document)] == [f"{part}.{field}"]
