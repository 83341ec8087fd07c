"""The export of the app is signed with the configured key. It never asks for a passphrase on the terminal."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from signing_kit import require_programs, ssh_key

from breakglass_tui.report.signatures import SSH_SIGNATURE
from breakglass_tui.report.ssh_signer import SshSigner
from breakglass_tui.ui.state.phase import Phase

SIZES = [(80, 24), (120, 40)]


@pytest.fixture(autouse=True)
def _programs():
    require_programs()


async def checked(pilot, until):
    await until(
        lambda: not pilot.app.session.run.validation.inspecting and pilot.app.session.run.record.checks, "the checks"
    )
    await pilot.pause()


async def exported(pilot, until):
    """Press e, wait for the export, and return the names of its files."""
    await pilot.press("e")
    await until(lambda: not pilot.app.screen._exporting, "the export")
    await pilot.pause()
    return [path.name for path in pilot.app.session.run.validation.exported]


@pytest.mark.parametrize("size", SIZES)
async def test_a_key_that_asks_for_a_passphrase_leaves_an_unsigned_report_and_says_so(
    fake_cloud, validation, until, screen_text, tmp_path, size
):
    key = ssh_key(tmp_path / "locked", "correct horse")
    async with validation(fake_cloud, size) as pilot:
        await checked(pilot, until)
        pilot.app.session.connection.choose_signer = lambda *_: SshSigner(key)
        assert "report.json" in await exported(pilot, until)
        text = " ".join(screen_text(pilot.app).split())
        assert "✗ The evidence cannot be signed" in text
        assert "ssh-add" in text
        assert "The report is written, without a signature" in text
        assert pilot.app.session.run.validation.exported[0].is_file()
        key.unlink()
        key.with_name("locked.pub").unlink()
        ssh_key(key)
        assert SSH_SIGNATURE in await exported(pilot, until)
        assert "Report exported." in screen_text(pilot.app)
        assert SSH_SIGNATURE in "".join(screen_text(pilot.app).split())


async def test_an_export_after_more_checks_keeps_the_earlier_one(fake_cloud, validation, until):
    async with validation(fake_cloud) as pilot:
        await checked(pilot, until)
        await exported(pilot, until)
        first = pilot.app.session.run.validation.exported[0]
        before = first.read_bytes()
        await exported(pilot, until)
        assert pilot.app.session.run.validation.exported[0] == first
        checks = pilot.app.session.run.record.checks
        checks["access"] = replace(checks["access"], found="another result")
        await exported(pilot, until)
        later = pilot.app.session.run.validation.exported[0]
        assert later.parent.parent == first.parent
        assert first.read_bytes() == before


async def test_the_plan_of_the_app_tests_the_key_before_anything_is_written(fake_cloud, open_at, until, tmp_path):
    def choose(app):
        app.session.connection.choose_signer = lambda *_: SshSigner(tmp_path / "nothing")

    async with open_at(Phase.ASSESSMENT, fake_cloud, (80, 24), choose) as pilot:
        await until(lambda: pilot.app.session.connection.is_read, "the account")
        await pilot.press("ctrl+n")
        await until(lambda: "evidence-signing" in pilot.app.session.run.preflight, "the preflight check")
        assert pilot.app.session.run.preflight["evidence-signing"].status == "fail"


async def test_a_security_key_asks_for_its_touch_until_it_has_signed(
    fake_cloud, validation, until, screen_text, tmp_path, monkeypatch
):
    (tmp_path / "sk.pub").write_text("sk-ssh-ed25519@openssh.com AAAA alice\n")
    os.mkfifo(tmp_path / "touch")
    # No security key is at hand, so this program waits as ssh-keygen waits for the touch.
    program = tmp_path / "ssh-keygen"
    program.write_text(f"#!/bin/sh\nread line < '{tmp_path / 'touch'}'\necho '-----BEGIN SSH SIGNATURE-----'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    async with validation(fake_cloud, (80, 24)) as pilot:
        await checked(pilot, until)
        pilot.app.session.connection.choose_signer = lambda _, notify: SshSigner(tmp_path / "sk.pub", notify=notify)
        await pilot.press("e")
        await until(lambda: "touch the security key" in screen_text(pilot.app), "the sentence about the touch")
        assert "within 60 seconds" in " ".join(screen_text(pilot.app).split())
        (tmp_path / "touch").write_text("touched\n")
        await until(lambda: not pilot.app.screen._exporting, "the export")
        await pilot.pause()
        assert "touch the security key" not in screen_text(pilot.app)
        assert "Report exported." in screen_text(pilot.app)
        assert pilot.app.session.run.validation.exported[-1].name == SSH_SIGNATURE
