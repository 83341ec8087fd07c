from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from breakglass_tui import settings

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)


def test_directories_follow_the_xdg_variables(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert settings.state_dir() == tmp_path / "state" / "breakglass-tui"
    assert settings.data_dir() == tmp_path / "data" / "breakglass-tui"


def test_a_relative_xdg_value_is_ignored(monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", "state")
    monkeypatch.setenv("XDG_DATA_HOME", "./data")
    assert settings.state_dir() == Path.home() / ".local/state/breakglass-tui"
    assert settings.data_dir() == Path.home() / ".local/share/breakglass-tui"


def test_exports_of_the_demo_are_separate_and_each_run_has_its_own_directory():
    real, demo = (settings.export_dir("bg-alice", NOW, demo=demo) for demo in (False, True))
    assert real.name == demo.name == "20261122T090500Z-bg-alice"
    assert (real.parent.name, demo.parent.name) == ("reports", "demo")


def test_style_sheets_are_found_beside_the_checkout_and_inside_a_package(monkeypatch, tmp_path):
    assert sorted(settings.styles_dir().glob("*.tcss"))
    package = tmp_path / "breakglass_tui"
    (package / "styles").mkdir(parents=True)
    monkeypatch.setattr(settings, "_PACKAGE", package)
    assert settings.styles_dir() == package / "styles"
