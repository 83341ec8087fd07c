from __future__ import annotations

import logging
import os
import stat

import pytest

from breakglass_tui import logs

own_log = logging.getLogger("breakglass_tui.some.part")


@pytest.fixture
def opened(tmp_path):
    warning = logs.open_log(tmp_path / "state")
    yield tmp_path / "state" / logs.FILE, warning
    logs.close_log()


def test_own_records_go_to_a_private_file(opened):
    path, warning = opened
    own_log.info("hello")
    assert warning == ""
    assert "INFO breakglass_tui.some.part hello" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["botocore.parsers", "boto3.resources", "urllib3.connectionpool", "werkzeug"])
def test_records_of_libraries_reach_neither_the_file_nor_stderr(opened, capfd, monkeypatch, name):
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    for level in (logging.DEBUG, logging.WARNING, logging.ERROR):
        logging.getLogger(name).log(level, "SecretAccessKey hunter2")
    path, _ = opened
    assert "hunter2" not in path.read_text()
    assert capfd.readouterr() == ("", "")


def test_a_log_that_cannot_be_opened_is_a_warning_and_nothing_more(tmp_path):
    (tmp_path / "state").write_text("")
    assert logs.open_log(tmp_path / "state").startswith("no log file is written: ")
    own_log.error("goes nowhere")


def test_a_link_in_place_of_the_file_is_not_followed(tmp_path):
    (tmp_path / "precious").write_text("precious")
    (tmp_path / logs.FILE).symlink_to(tmp_path / "precious")
    assert logs.open_log(tmp_path) != ""
    own_log.error("hello")
    logs.close_log()
    assert (tmp_path / "precious").read_text() == "precious"


def test_a_file_that_others_can_read_becomes_private(tmp_path):
    (tmp_path / logs.FILE).touch(0o644)
    logs.open_log(tmp_path)
    logs.close_log()
    assert stat.S_IMODE((tmp_path / logs.FILE).stat().st_mode) == 0o600


def test_a_full_disk_raises_no_error(opened, capfd, monkeypatch):
    handler = logging.getLogger("breakglass_tui").handlers[0]

    def full(*_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(handler, "flush", full)
    own_log.info("hello")
    assert capfd.readouterr() == ("", "")


def test_what_has_the_form_of_a_secret_is_not_written(opened):
    path, _ = opened
    own_log.error("a key: %s", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    assert "a key: [hidden]" in path.read_text()


def test_the_places_of_an_exception_are_written_without_its_message(opened):
    path, _ = opened
    try:
        raise ValueError("hunter2")
    except ValueError:
        own_log.exception("it failed")
    written = path.read_text()
    assert "ValueError\n  at " in written
    assert "hunter2" not in written


def test_a_handler_of_a_library_is_removed(opened, tmp_path):
    logger = logging.getLogger("botocore")
    handler = logging.FileHandler(tmp_path / "theirs.log")
    logger.addHandler(handler)
    logs.silence_libraries()
    logging.getLogger("botocore.endpoint").error("SecretAccessKey hunter2")
    handler.close()
    assert (tmp_path / "theirs.log").read_text() == ""


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o707])
def test_no_log_is_written_to_a_directory_that_others_can_write_to(tmp_path, mode):
    directory = tmp_path / "state"
    directory.mkdir()
    directory.chmod(mode)
    warning = logs.open_log(directory)
    assert f"chmod 700 {directory}" in warning
    assert list(directory.iterdir()) == []


def test_created_directories_of_the_log_are_private_with_any_umask(tmp_path):
    before = os.umask(0)
    try:
        logs.open_log(tmp_path / "a" / "b")
    finally:
        os.umask(before)
        logs.close_log()
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "a", tmp_path / "a" / "b")} == {0o700}
