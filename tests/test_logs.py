from __future__ import annotations

import logging
import os
import stat

import pytest

from breakglass_tui import logs

ours = logging.getLogger("breakglass_tui.some.part")


@pytest.fixture
def opened(tmp_path):
    warning = logs.open_log(tmp_path / "state")
    yield tmp_path / "state" / logs.FILE, warning
    logs.close_log()


def test_our_own_words_go_to_a_private_file(opened):
    path, warning = opened
    ours.info("hello")
    assert warning == ""
    assert "INFO breakglass_tui.some.part hello" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["botocore.parsers", "boto3.resources", "urllib3.connectionpool", "werkzeug"])
def test_what_libraries_say_reaches_neither_the_file_nor_stderr(opened, capfd, monkeypatch, name):
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    for level in (logging.DEBUG, logging.WARNING, logging.ERROR):
        logging.getLogger(name).log(level, "SecretAccessKey hunter2")
    path, _ = opened
    assert "hunter2" not in path.read_text()
    assert capfd.readouterr() == ("", "")


def test_a_log_that_cannot_be_opened_is_a_warning_and_nothing_more(tmp_path):
    (tmp_path / "state").write_text("")
    assert logs.open_log(tmp_path / "state").startswith("there will be no log file: ")
    ours.error("goes nowhere")


def test_a_link_in_place_of_the_file_is_not_followed(tmp_path):
    (tmp_path / "precious").write_text("precious")
    (tmp_path / logs.FILE).symlink_to(tmp_path / "precious")
    assert logs.open_log(tmp_path) != ""
    ours.error("hello")
    logs.close_log()
    assert (tmp_path / "precious").read_text() == "precious"


def test_a_file_that_is_open_to_others_is_closed_to_them(tmp_path):
    (tmp_path / logs.FILE).touch(0o644)
    logs.open_log(tmp_path)
    logs.close_log()
    assert stat.S_IMODE((tmp_path / logs.FILE).stat().st_mode) == 0o600


def test_a_full_disk_is_no_trouble_to_whoever_logs(opened, capfd, monkeypatch):
    handler = logging.getLogger("breakglass_tui").handlers[0]

    def full(*_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(handler, "flush", full)
    ours.info("hello")
    assert capfd.readouterr() == ("", "")
