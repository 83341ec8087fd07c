from __future__ import annotations

import io
import json
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from breakglass_tui.cli.request_file import read_request
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import BadRequest, Problem
from breakglass_tui.domain.text import show


@pytest.fixture
def written(tmp_path):
    def _written(content):
        path = tmp_path / "request"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _written


@pytest.mark.parametrize("command_line", [("plan",), ("apply", "--yes")])
@pytest.mark.parametrize("recipient", ["age1zzz", "ssh-ed25519 AAAA", "ssh-rsa zzz"])
@pytest.mark.parametrize("field", ["seal_to", "seal_mfa_to"])
def test_a_recipient_that_cannot_be_used_is_a_bad_request(command, connected, written, command_line, recipient, field):
    request = {"region": "eu-west-1", "mfa": "sealed", "kms_key_id": "alias/break-glass", field: [recipient]}
    ran = command(*command_line, "--request", written(json.dumps(request)), "--json")
    assert ran.code == ExitCode.USAGE
    assert [error["field"] for error in ran.json["errors"]] == [field]
    assert recipient in ran.json["errors"][0]["message"]
    assert connected == []


@pytest.mark.parametrize(
    "content",
    [
        'region = "eu-west-1"\nuser_name = "bg"\n',
        '{"region": "eu-west-1", "user_name": "bg"}',
        '\n\t {"region": "eu-west-1",\n "user_name": "bg"}\n',
        '\ufeffregion = "eu-west-1"\nuser_name = "bg"\n',
        '"region" = "eu-west-1"\n"user_name" = "bg"\n',
    ],
)
def test_a_request_is_toml_or_json_by_what_is_in_it(written, content):
    assert read_request(str(written(content))).user_name == "bg"


def test_a_dash_reads_stdin(monkeypatch):
    stdin = SimpleNamespace(buffer=io.BytesIO(b'region = "eu-west-1"'))
    monkeypatch.setattr("sys.stdin", stdin)
    assert read_request("-").region == "eu-west-1"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "not UTF-8"),
        ("region = ", "neither TOML nor JSON"),
        ('{"region": ', "neither TOML nor JSON"),
        ('["a", "b"]', "does not hold a table"),
        ('"region"', "does not hold a table"),
        ("[" * 100_000, "nested too deeply"),
        (b"#" * (1 << 20) + b"x", "larger than 1 MiB"),
        ('{"region": "eu-west-1", "region": "eu-west-2"}', "'region' twice"),
        ('region = "a"\nregion = "b"\n', "neither TOML nor JSON"),
        ('{"region": "eu-west-1", "tags": {"a": "1", "a": "2"}}', "'a' twice"),
    ],
)
def test_a_file_without_a_request_ends_in_one_clear_line_and_the_last_one(command, written, content, said):
    ran = command("plan", "--request", written(content))
    assert ran.code == ExitCode.USAGE
    assert said in ran.err.splitlines()[0]
    assert len(ran.err.splitlines()) == 2
    assert ran.out == ""


@pytest.mark.parametrize("name", ["no-such-file", "/", "nul\0byte"])
def test_a_file_that_cannot_be_read_ends_in_one_clear_line_and_the_last_one(command, name):
    ran = command("plan", "--request", name)
    assert ran.code == ExitCode.USAGE
    assert "cannot be read" in ran.err.splitlines()[0]
    assert len(ran.err.splitlines()) == 2


def test_each_bad_field_has_a_line_of_its_own(command, written):
    ran = command("apply", "--request", written('region = "mars"\nuser_name = "two words"\nusr = 1\n'))
    assert ran.code == ExitCode.USAGE
    *lines, last = ran.err.splitlines()
    assert last.startswith("Usage error: nothing was written. Correct the request, then run: ")
    assert [line.split(": ")[:2] for line in lines] == [["breakglass-tui", f] for f in ("region", "user_name", "usr")]


def test_with_json_the_errors_are_one_document(command, written):
    ran = command("plan", "--json", "--request", written('region = "mars"\n'))
    assert ran.json["errors"][0]["field"] == "region"
    assert ran.json["problem"]["kind"] == "usage"


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass")))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_end_in_a_request_or_in_a_problem_that_is_safe_to_show(written, content):
    path, said = written(content), ""
    try:
        read_request(str(path))
    except BadRequest as error:
        said = error.why
    except Problem as problem:
        said = problem.what
    assert show(said, 99_999) == said


def test_json_and_toml_of_the_same_request_are_the_same(written):
    table = {"region": "eu-west-1", "groups": ["emergency"], "require_mfa": True, "mfa": "sealed"}
    toml = 'region = "eu-west-1"\ngroups = ["emergency"]\nrequire_mfa = true\nmfa = "sealed"\n'
    assert read_request(str(written(json.dumps(table)))) == read_request(str(written(toml)))


def test_the_demo_plans_with_a_request_of_its_own_and_says_so(command, connected):
    ran = command("--demo", "plan", "--script")
    assert ran.code == ExitCode.DONE
    assert ran.out.startswith("#!")
    assert "No --request FILE: using the request of the demo." in ran.err


@pytest.mark.parametrize("name", ["plan", "apply"])
def test_without_a_request_no_account_is_reached_and_an_example_is_named(command, connected, name):
    ran = command(name)
    assert ran.code == ExitCode.USAGE
    assert "--request FILE is missing." in ran.err
    assert "See an example: breakglass-tui --demo plan" in ran.err
    assert connected == []


@pytest.mark.parametrize("name", [".", "..", ".hidden"])
def test_a_name_of_a_hidden_file_is_refused_before_any_call(command, connected, tmp_path, name):
    path = tmp_path / "dot.toml"
    path.write_text(f'region = "eu-west-1"\nuser_name = "{name}"\n')
    ran = command("plan", "--request", path)
    assert ran.code == ExitCode.USAGE
    assert "user_name: a user name cannot start with a dot, because its envelopes would be hidden files" in ran.err
    assert not list(tmp_path.glob("..*"))
