from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from pathlib import Path

import pyrage
import pytest

from breakglass_tui import directories
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.secrets.age_seal import AgeSeal
from breakglass_tui.secrets.envelope_files import Envelopes, make_private_directory, remove, write_private
from breakglass_tui.secrets.secret import Secret


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def identity():
    return pyrage.x25519.Identity.generate()


def kept(directory, identity, **given):
    seals = [AgeSeal([str(identity.to_public())])]
    envelopes = Envelopes(directory, account_id="123456789012", run_id="r1")
    envelopes.require_writable()
    return envelopes, envelopes.write("password", {"password": Secret("hunter2")}, seals, user_name="bg-alice", **given)


def test_an_envelope_for_an_age_recipient_opens_with_its_identity(tmp_path, identity):
    _, (info,) = kept(tmp_path / "out", identity)
    sealed = (tmp_path / "out" / "bg-alice.password.age").read_bytes()
    assert b"hunter2" not in sealed
    assert sealed.startswith(b"-----BEGIN AGE ENCRYPTED FILE-----")
    opened = json.loads(pyrage.decrypt(sealed, [identity]))
    assert opened["secret"] == {"password": "hunter2"}
    assert (opened["account"], opened["user"], opened["run"]) == ("123456789012", "bg-alice", "r1")
    assert info.sha256 == hashlib.sha256(sealed).hexdigest()


@pytest.mark.parametrize("bits", [0o770, 0o775, 0o777, 0o1777])
def test_no_envelope_is_written_to_a_directory_that_others_can_write_to(tmp_path, bits):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(bits)
    with pytest.raises(Problem, match="Nothing was written") as caught:
        make_private_directory(shared)
    assert caught.value.why == "Other users may write to it. Another user could replace its files."
    repair = f"Check its content, then run: chmod 700 {shared}"
    assert caught.value.next == ("Use a directory that only you can write to." if bits & stat.S_ISVTX else repair)
    assert mode(shared) == bits
    shared.chmod(0o700)
    make_private_directory(shared)


def test_a_directory_that_others_can_only_read_is_accepted_and_left_so(tmp_path):
    tmp_path.chmod(0o755)
    make_private_directory(tmp_path)
    assert mode(tmp_path) == 0o755


def test_a_directory_of_the_system_keeps_its_owner(tmp_path, monkeypatch):
    monkeypatch.setattr(directories.os, "geteuid", lambda: 4711)
    monkeypatch.setattr(directories, "make_private", lambda directory: None)
    with pytest.raises(Problem, match="belongs to another user") as caught:
        make_private_directory(Path("/usr"))
    assert "chown" not in caught.value.next


def test_a_new_directory_that_is_refused_does_not_stay(tmp_path):
    tmp_path.chmod(0o777)
    with pytest.raises(Problem, match="Every user of this machine") as caught:
        make_private_directory(tmp_path / "out")
    assert caught.value.next.endswith(f"sudo chmod o-w {tmp_path}")
    assert list(tmp_path.iterdir()) == []


def test_any_one_of_several_recipients_opens_and_a_stranger_does_not(tmp_path, identity):
    other, stranger = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    sealed = AgeSeal([str(identity.to_public()), str(other.to_public())]).encrypt(b"x", {})
    assert pyrage.decrypt(sealed, [other]) == b"x"
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [stranger])


def test_a_recipient_with_a_typing_error_is_a_problem_of_usage():
    good = str(pyrage.x25519.Identity.generate().to_public())
    with pytest.raises(Problem, match="not a valid age recipient") as caught:
        AgeSeal([good[:-1] + ("q" if good[-1] != "q" else "p")])
    assert caught.value.kind is Kind.USAGE


def test_directory_and_files_are_private_with_any_umask(tmp_path, identity):
    before = os.umask(0)
    try:
        kept(tmp_path / "out", identity)
    finally:
        os.umask(before)
    assert mode(tmp_path / "out") == 0o700
    assert [mode(path) for path in (tmp_path / "out").iterdir()] == [0o600]


@pytest.mark.parametrize(
    ("number", "next"),
    [
        (errno.ENOSPC, "Free disk space, or choose another directory with --out."),
        (errno.EDQUOT, "Free space in your disk quota, or choose another directory with --out."),
    ],
)
def test_a_full_disk_or_quota_leaves_no_partial_file_and_keeps_the_old_one(tmp_path, monkeypatch, number, next):
    path = tmp_path / "report.json"
    write_private(path, b"old")

    def full(descriptor):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Problem) as caught:
        write_private(path, b"new and longer")
    assert caught.value.kind is Kind.LOCAL
    assert caught.value.why == f"The system reports: {os.strerror(number)}."
    assert caught.value.next == next
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]
    assert path.read_bytes() == b"old"


def test_a_symbolic_link_in_the_way_is_replaced_and_not_followed(tmp_path):
    target = tmp_path / "precious"
    target.write_text("precious")
    link = tmp_path / "report.json"
    link.symlink_to(target)
    write_private(link, b"new")
    assert target.read_text() == "precious"
    assert not link.is_symlink()
    assert link.read_bytes() == b"new"


def test_a_file_where_the_directory_should_be_is_a_problem(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(Problem, match="Cannot write") as caught:
        make_private_directory(tmp_path / "out")
    assert caught.value.next


def test_a_directory_that_cannot_be_written_is_a_problem_before_anything_is_created(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(Problem, match="permission denied"):
        Envelopes(tmp_path, account_id="1", run_id="r").require_writable()
    assert list(tmp_path.iterdir()) == []


def test_a_seal_that_fails_leaves_no_file_of_its_own(tmp_path):
    class Broken:
        kind, suffix = "kms", "kms.json"

        def encrypt(self, content, context):
            raise Problem("The key is disabled.")

    envelopes = Envelopes(tmp_path, account_id="1", run_id="r")
    with pytest.raises(Problem, match="disabled"):
        envelopes.write("password", {"password": Secret("x")}, [Broken()], user_name="bg")
    assert list(tmp_path.iterdir()) == []


def test_a_run_replaces_its_own_envelope_and_never_that_of_another(tmp_path, identity):
    seals = [AgeSeal([str(identity.to_public())])]
    one, other = (Envelopes(tmp_path, account_id="1", run_id=run) for run in ("r1", "r2"))
    own_paths = set()
    for _ in range(2):
        given = {"user_name": "a", "own_paths": own_paths, "before_write": own_paths.add}
        (info,) = one.write("password", {"password": "again"}, seals, **given)
    kept = Path(info.path).read_bytes()
    with pytest.raises(Problem, match="already") as caught:
        other.write("password", {"password": "other"}, seals, user_name="a")
    assert caught.value.kind is Kind.LOCAL
    assert Path(info.path).read_bytes() == kept
    assert not one.is_unmanaged(Path(info.path), own_paths)
    assert other.is_unmanaged(Path(info.path))


def test_a_directory_name_that_controls_the_terminal_is_escaped(tmp_path):
    (tmp_path / "a\x1b[2J").write_text("")
    with pytest.raises(Problem) as caught:
        make_private_directory(tmp_path / "a\x1b[2J")
    assert "\x1b" not in str(caught.value)


def test_created_parent_directories_are_private_too(tmp_path):
    make_private_directory(tmp_path / "a" / "b" / "c")
    assert [mode(tmp_path / part) for part in ("a", "a/b", "a/b/c")] == [0o700] * 3


def test_an_envelope_is_named_so_that_a_process_elsewhere_finds_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = Envelopes(Path("out"), account_id="1", run_id="r").path("password", "age", user_name="a")
    assert path == tmp_path / "out" / "a.password.age"


def test_remove_deletes_the_temporary_files_of_a_killed_process_too(tmp_path):
    path, other = tmp_path / "a.password.age", tmp_path / ".a.password.age.notours-at-all"
    for file in (path, tmp_path / ".a.password.age.0badc0de", other):
        file.write_bytes(b"sealed")
    remove(path)
    remove(path)
    assert list(tmp_path.iterdir()) == [other]
