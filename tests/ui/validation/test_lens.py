"""The verdict with the steps that clear it, the results by standard, and a long list of checks."""

from __future__ import annotations

import re

import pytest

from breakglass_tui.domain.checks import MISSION, ORDER, CheckResult, CheckStatus
from breakglass_tui.domain.compliance import ControlStatus
from breakglass_tui.domain.controls import CONTROLS
from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.validation.check_list import CheckList
from breakglass_tui.ui.validation.lens import STANDING_SIGNS, controls_by_family, lens
from breakglass_tui.ui.validation.verdict import SHARE
from breakglass_tui.ui.widgets.signs import CHECK_SIGNS

SIZES = [(80, 24), (120, 36)]


def result(id, status, found="found so", **values):
    return CheckResult(id, f"Title {id}", status, "wanted so", found, **values)


@pytest.fixture
def many(fake_cloud, monkeypatch):
    """A cloud that returns every check, in another order than the published one."""
    monkeypatch.setattr("fake_account.CHECKS", tuple((id, f"Title {id}") for id in reversed(ORDER)))
    return fake_cloud


async def checked(pilot, until):
    app = pilot.app
    await until(lambda: app.session.run.record.checks and not app.session.run.validation.inspecting, "the checks")
    await pilot.pause()
    await until(lambda: app.screen._pending is None, "the drawing")
    await pilot.pause()


async def read_all(pilot, screen_text, presses=12):
    """Return the whole document, page by page."""
    pages = [screen_text(pilot.app)]
    for _ in range(presses):
        await pilot.press("space")
        await pilot.pause()
        pages.append(screen_text(pilot.app))
    return "\n".join(pages)


@pytest.mark.parametrize("size", SIZES)
async def test_each_reason_has_the_step_that_clears_it(fake_cloud, validation, until, screen_text, size):
    fake_cloud.results["access"] = result(
        "access", CheckStatus.PASS, pending="the password must be changed", clears="Sign in once."
    )
    fake_cloud.results["mfa-devices"] = result("mfa-devices", CheckStatus.WARN, caution="one device", remedy="Add one.")
    async with validation(fake_cloud, size) as pilot:
        await checked(pilot, until)
        lines = [line.strip() for line in screen_text(pilot.app).splitlines()]
    assert lines[3].startswith("◐ 1 STEP LEFT  Works after this.")
    assert lines[4:6] == ["• Step: the password must be changed", "→ Sign in once."]
    assert lines[6:9] == ["RISKS", "• one device", "→ Add one."]


async def test_a_caution_does_not_take_ready_away(fake_cloud, validation, until, screen_text):
    fake_cloud.results["access"] = result("access", CheckStatus.WARN, caution="one device only", remedy="Add one.")
    async with validation(fake_cloud) as pilot:
        await checked(pilot, until)
        text = screen_text(pilot.app)
    assert "✓ READY  Works now, even if" in text
    assert "• one device only" in text


@pytest.mark.parametrize("size", [*SIZES, (60, 16)])
async def test_reasons_that_do_not_fit_are_a_key_away(many, validation, until, screen_text, size):
    for id in ORDER:
        many.results[id] = result(id, CheckStatus.FAIL, f"broken {id} " * 12, remedy=f"fix {id} with a long remedy")
    async with validation(many, size) as pilot:
        await checked(pilot, until)
        text = screen_text(pilot.app)
        assert "✗ NOT READY" in text
        assert "more: v shows every reason" in text
        assert pilot.app.screen.query_one("#verdict").size.height <= max(4, round(size[1] * SHARE))
        assert "✗ FAIL    Title user-exists" in text
        await pilot.press("v")
        await until(lambda: isinstance(pilot.app.screen, DocumentDialog), "the verdict")
        await pilot.pause()
        text = await read_all(pilot, screen_text, 60 if size == (60, 16) else 24)
    for id in ORDER:
        assert re.search(rf"• (Failed: )?Title {id}: broken", text)
        assert f"→ fix {id}" in text


@pytest.mark.parametrize("size", SIZES)
async def test_all_checks_stand_in_the_published_order_and_can_be_reached(many, validation, until, screen_text, size):
    many.results["sign-in-alert"] = result("sign-in-alert", CheckStatus.SKIP, "access denied")
    async with validation(many, size) as pilot:
        await checked(pilot, until)
        assert tuple(pilot.app.session.run.validation.titles) == ORDER
        text = screen_text(pilot.app)
        assert [text.index(f"Title {id}") for id in MISSION] == sorted(text.index(f"Title {id}") for id in MISSION)
        assert f"{len(ORDER) - 1} pass · 0 fail · 1 skip" in text
        assert "Title user-exists" in text.splitlines()[pilot.app.screen.query_one("#columns").region.y + 0]
        await pilot.press("G")
        await pilot.pause()
        text = screen_text(pilot.app)
        assert "▸ – SKIP    Title sign-in-alert" in text
        assert f"{len(ORDER) - 1} pass" in text
        assert "access denied" in text


async def test_results_are_drawn_in_batches_and_only_changed_rows(many, validation, until, screen_text, monkeypatch):
    drawn, replaced = [], []
    replace = CheckList.replace_option_prompt_at_index
    gates = [many.hold(id) for id in ORDER]
    async with validation(many) as pilot:
        app = pilot.app
        await until(lambda: len(many.inspected) == len(ORDER), "the first calls")
        await until(lambda: app.screen._pending is None, "the drawing")
        await pilot.pause()
        draw = type(app.screen)._draw
        monkeypatch.setattr(type(app.screen), "_draw", lambda self: (drawn.append(1), draw(self)))
        monkeypatch.setattr(
            CheckList,
            "replace_option_prompt_at_index",
            lambda self, index, prompt: (replaced.append(index), replace(self, index, prompt)),
        )
        for gate in gates:
            gate.set()
        await until(lambda: "✓ READY" in screen_text(app), "the verdict")
        await checked(pilot, until)
        assert 1 <= len(drawn) <= len(ORDER) // 2, "one drawing takes in all that came meanwhile"
        assert len(replaced) <= 2 * len(ORDER), "each row once for each change of it"
        replaced.clear()
        app.screen._draw()
        assert replaced == []


@pytest.mark.parametrize("size", SIZES)
async def test_c_opens_the_results_by_standard(many, validation, until, screen_text, size):
    many.results["password-policy"] = result("password-policy", CheckStatus.FAIL, "eight characters will do")
    many.results["trail"] = result("trail", CheckStatus.SKIP, "denied")
    async with validation(many, size) as pilot:
        await checked(pilot, until)
        await pilot.press("c")
        await until(lambda: isinstance(pilot.app.screen, DocumentDialog), "the lens")
        await pilot.pause()
        text = await read_all(pilot, screen_text)
    for part in ("✗ not met  Passwords have at least 14 characters", "eight characters will do"):
        assert part in text
    for part in ("◇ expected exception  ", "on purpose: this user has", "? unknown  ", "✓ met  "):
        assert part in text
    for family in ("CIS AWS  ", "AWS FSBP  ", "NIST 800-53 r5  ", "PCI DSS 4.0  "):
        assert text.count(family) >= 1
    assert "1.8 (3.0, 4.0) · 1.7 (5.0) · 2.7 (6.0) · 2.8 (7.0)" in " ".join(text.replace("│", " ").split())


async def test_the_lens_says_that_checks_are_running(many, validation, until, screen_text):
    gate = many.hold("trail")
    async with validation(many) as pilot:
        app = pilot.app
        await until(lambda: len(app.session.run.record.checks) == len(ORDER) - 1, "all but one")
        await pilot.press("v")
        await until(lambda: any("when they are done" in note.message for note in app._notifications), "the wait")
        assert not isinstance(app.screen, DocumentDialog)
        await pilot.press("c")
        await until(lambda: isinstance(app.screen, DocumentDialog), "the lens")
        await pilot.pause()
        assert "Checks are still running" in screen_text(app)
        await pilot.press("escape")
        gate.set()
        await checked(pilot, until)


def test_every_control_is_in_the_lens_once_with_its_number_and_version(account_proof):
    text = "\n".join(paragraph.body.plain for paragraph in lens(account_proof))
    for control in CONTROLS:
        assert control.title in text
        version = control.standard.removeprefix("CIS AWS ")
        number = f"{control.id} (" if version != control.standard else control.id
        assert number in text
    assert len([line for line in text.splitlines() if line.startswith("? unknown  ")]) == len(
        {(control.standard.startswith("CIS"), control.standard[:8], control.title) for control in CONTROLS}
    )


@pytest.fixture
def account_proof():
    """A validation without results."""
    from breakglass_tui.domain.record import RunRecord
    from breakglass_tui.ui.state.validation import Validation

    return Validation(RunRecord())


def test_every_status_has_its_own_sign_and_word():
    assert set(STANDING_SIGNS) == set(ControlStatus)
    assert len({sign.glyph for sign in STANDING_SIGNS.values()}) == len(ControlStatus)
    assert len({sign.word for sign in (*STANDING_SIGNS.values(), *CHECK_SIGNS.values())}) == len(ControlStatus) + len(
        CHECK_SIGNS
    )


async def test_the_details_of_a_check_list_its_controls(fake_cloud, validation, until, screen_text):
    async with validation(fake_cloud, (120, 36)) as pilot:
        await checked(pilot, until)
        await pilot.press("G", "tab", "G")
        await until(lambda: "NIST 800-53 r5" in screen_text(pilot.app), "the controls")
        text = screen_text(pilot.app)
    assert "maps to" in text
    assert "IA-2(1)" in text
    assert dict(controls_by_family("mfa-devices"))["CIS AWS"] == "1.10 (3.0, 4.0) · 1.9 (5.0) · 2.9 (6.0) · 2.10 (7.0)"


async def test_hostile_reasons_and_findings_are_shown_as_text(fake_cloud, validation, until, screen_text):
    bad = "[/foo]\x1b]0;t\x07 [@click=x]y[/]"
    fake_cloud.results["access"] = result("access", CheckStatus.FAIL, bad, remedy=bad, caution=bad, clears=bad)
    async with validation(fake_cloud, (120, 36)) as pilot:
        await checked(pilot, until)
        for key in ("v", "c"):
            await pilot.press(key)
            await until(lambda: isinstance(pilot.app.screen, DocumentDialog), "the document")
            await pilot.pause()
            text = await read_all(pilot, screen_text, 8)
            assert "\x1b" not in text
            assert "[/foo]\\x1b]0;t\\x07 [@click=x]y[/]" in text
            await pilot.press("escape")
            await until(lambda: not isinstance(pilot.app.screen, DocumentDialog), "the validation")
