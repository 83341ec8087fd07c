"""Phase 4: the verdict, the checks behind it, and the report."""

from __future__ import annotations

import json

import pytest

from breakglass_tui.domain.account import Caller
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.validation.check_list import CheckList
from breakglass_tui.ui.validation.screen import ValidationScreen
from breakglass_tui.ui.widgets.user_facts import sign_in_url

SIZES = [(80, 24), (120, 36)]
ALL = ["user-exists", "inline-policy", "access", "mfa-devices"]


def result(id: str, status: CheckStatus, found: str = "found so", **values: str) -> CheckResult:
    return CheckResult(id, id.capitalize(), status, "wanted so", found, **values)


async def checked(pilot, until):
    """Wait until every check is done and drawn."""
    app = pilot.app
    await until(lambda: app.session.run.record.checks and not app.session.run.validation.inspecting, "the checks")
    await until(lambda: app.screen._pending is None, "the drawing")
    await pilot.pause()


async def choose(pilot, number):
    """Select the check of that number."""
    await pilot.press("g", *["j"] * number)
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_checks_fill_in_live(fake_cloud, validation, until, screen_text, size):
    gate = fake_cloud.hold("access")
    async with validation(fake_cloud, size) as pilot:
        app = pilot.app
        await until(lambda: "3 of 4 checks done" in screen_text(app), "three checks")
        text = screen_text(app)
        assert "◌ CHECKING…" in text
        assert "✓ PASS    IAM user" in text
        assert "◌ running Credentials  iam:GetUser" in text
        assert "3 pass · 0 fail · 1 to come" in text
        assert "READY" not in text
        gate.set()
        await until(lambda: "✓ READY" in screen_text(app), "the verdict")
        assert "✓ PASS    Credentials" in screen_text(app)


@pytest.mark.parametrize("size", SIZES)
async def test_the_details_of_a_check_are_its_evidence(fake_cloud, validation, until, screen_text, size):
    fake_cloud.results["access"] = result(
        "access", CheckStatus.FAIL, "no answer", why="It has failed people.", remedy="aws iam do-this --now"
    )
    async with validation(fake_cloud, size) as pilot:
        await checked(pilot, until)
        await choose(pilot, 2)
        first = screen_text(pilot.app)
        await pilot.press("tab", "G")
        await until(lambda: "req-access" in screen_text(pilot.app), "the request id")
        text = first + screen_text(pilot.app)
    for part in ("✗ FAIL", "expected", "wanted so", "found", "no answer", "why", "It has failed people."):
        assert part in text
    for part in ("remedy", "aws iam do-this --now", "calls", "iam:GetUser  5 ms, 1 try", "req-access"):
        assert part in text


async def test_attempts_and_errors_of_a_call_are_shown(fake_cloud, validation, until, screen_text):
    async with validation(fake_cloud, (120, 36)) as pilot:
        await checked(pilot, until)
        record = pilot.app.session.run.record
        calls = (Call("sts:GetCallerIdentity", "r-1", 40, 3), Call("iam:GetUser", "", 9, 1, "ReadTimeout"))
        record.checks["user-exists"] = CheckResult("user-exists", "User", CheckStatus.PASS, "", "", calls=calls)
        await choose(pilot, 1)
        await choose(pilot, 0)
        text = screen_text(pilot.app)
    assert "sts:GetCallerIdentity  40 ms, 3 tries" in text
    assert "iam:GetUser  9 ms, 1 try, ReadTimeout" in text
    assert "no request id: AWS did not answer" in text


@pytest.mark.parametrize(
    ("results", "verdict", "reason"),
    [
        ([], "✓ READY", "Works now, even if"),
        (
            [result("access", CheckStatus.PASS, pending="the password must be changed")],
            "◐ 1 STEP LEFT",
            "the password must be changed",
        ),
        ([result("access", CheckStatus.FAIL, "key inactive")], "✗ NOT READY", "Access: key inactive"),
        ([result(id, CheckStatus.SKIP, "denied") for id in ALL], "– NOT PROVEN", ": denied"),
    ],
)
async def test_the_verdict_is_on_top_with_its_reasons(
    fake_cloud, validation, until, screen_text, results, verdict, reason
):
    fake_cloud.results.update({each.id: each for each in results})
    async with validation(fake_cloud) as pilot:
        await checked(pilot, until)
        lines = screen_text(pilot.app).splitlines()
    assert verdict in lines[3]
    assert (reason or "the password must be changed") in "\n".join(lines[3:9])


async def test_a_skip_is_never_a_pass(fake_cloud, validation, until, screen_text):
    fake_cloud.results["mfa-devices"] = result("mfa-devices", CheckStatus.SKIP, "access denied")
    fake_cloud.results["access"] = result("access", CheckStatus.WARN, "old key")
    async with validation(fake_cloud) as pilot:
        await checked(pilot, until)
        text = screen_text(pilot.app)
    assert "– SKIP    MFA device" in text
    assert "⚠ WARN    Credentials" in text
    assert "2 pass · 0 fail · 1 warn · 1 skip" in text
    assert "Not proven: Mfa-devices: access denied" in text


async def test_r_runs_the_chosen_check_again_and_shift_r_all(fake_cloud, validation, until, screen_text):
    fake_cloud.results["inline-policy"] = result("inline-policy", CheckStatus.FAIL)
    async with validation(fake_cloud) as pilot:
        await checked(pilot, until)
        assert "✗ NOT READY" in screen_text(pilot.app)
        fake_cloud.results.clear()
        fake_cloud.inspected.clear()
        await choose(pilot, 1)
        await pilot.press("r")
        await until(lambda: fake_cloud.inspected, "the check")
        await checked(pilot, until)
        assert fake_cloud.inspected == ["inline-policy"]
        assert "✓ READY" in screen_text(pilot.app)
        assert pilot.app.screen.query_one(CheckList).highlighted == 1
        fake_cloud.inspected.clear()
        await pilot.press("R")
        await until(lambda: len(fake_cloud.inspected) == 4, "all checks")
        await checked(pilot, until)
        assert sorted(fake_cloud.inspected) == sorted(ALL)


async def test_checks_do_not_start_twice(fake_cloud, validation, until):
    gate = fake_cloud.hold("access")
    async with validation(fake_cloud) as pilot:
        await until(lambda: len(fake_cloud.inspected) == 4)
        await pilot.press("r", "R", "e")
        await pilot.pause()
        assert len(fake_cloud.inspected) == 4
        assert pilot.app.session.run.validation.exported == ()
        gate.set()
        await checked(pilot, until)
        assert len(fake_cloud.inspected) == 4


@pytest.mark.parametrize("size", SIZES)
async def test_export_writes_the_report_and_shows_and_copies_its_path(fake_cloud, validation, until, screen_text, size):
    async with validation(fake_cloud, size) as pilot:
        app = pilot.app
        await checked(pilot, until)
        await pilot.press("y")
        assert app.clipboard == ""
        await pilot.press("e")
        await until(lambda: app.session.run.validation.exported, "the report")
        await pilot.pause()
        text = "".join(screen_text(app).split())
        assert str(app.session.run.validation.exported[0].parent) in text
        for path in app.session.run.validation.exported:
            assert path.is_file()
            assert path.name in text
        await pilot.press("y")
        await pilot.pause()
        assert app.clipboard == str(app.session.run.validation.exported[0])
        assert any("clipboard" in note.message for note in app._notifications)
    report = json.loads(app.session.run.validation.exported[0].read_text())
    assert {check["id"] for check in report["checks"]} == set(ALL)


async def test_a_directory_that_cannot_be_written_is_a_problem_and_e_tries_again(
    fake_cloud, validation, until, screen_text
):
    async with validation(fake_cloud) as pilot:
        app = pilot.app
        await checked(pilot, until)
        blocked = app.session.run.setup.envelopes.directory
        blocked.parent.mkdir(parents=True, exist_ok=True)
        blocked.write_text("a file where the directory should be")
        await pilot.press("e")
        await until(lambda: "ctrl+r tries again." in screen_text(app), "the problem")
        text = screen_text(app)
        assert "✗ Cannot write to" in text
        assert "The system reports:" in text
        blocked.unlink()
        await pilot.press("e")
        await until(lambda: "Report exported." in screen_text(app), "the report")
        assert "tries again." not in screen_text(app)


async def test_the_facts_of_the_user_are_one_key_away(fake_cloud, validation, until, screen_text):
    envelope = EnvelopeInfo("/out/me.access-key.kms.json", ("access-key",), ("kms",), "00")
    arn = "arn:aws:iam::123456789012:user/breakglass/me"
    fake_cloud.on_apply["create-user"] = lambda context: StepOutcome(facts={"user_arn": arn, "user_id": "AIDA"})
    fake_cloud.on_apply["access-key"] = lambda context: StepOutcome(
        facts={"access_key_id": "AKIAX"}, envelopes=(envelope,)
    )
    fake_cloud.on_apply["mfa-device"] = lambda context: StepOutcome(
        facts={"mfa_serial": "arn:aws:iam::123456789012:mfa/me"}
    )
    async with validation(fake_cloud, user_name="me", access="both", mfa="authenticator") as pilot:
        await pilot.press("i")
        await until(lambda: isinstance(pilot.app.screen, DocumentDialog))
        await pilot.pause()
        text = screen_text(pilot.app)
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, ValidationScreen))
    for part in (arn, "AKIAX", "mfa/me", "https://123456789012.signin.aws.amazon.com/console"):
        assert part in text
    assert "access-key, sealed with KMS" in text
    assert envelope.path in text


def test_the_sign_in_page_is_that_of_the_partition():
    def url(partition, region=""):
        return sign_in_url(Caller("123456789012", f"arn:{partition}:iam::123456789012:user/x", "AIDA"), region)

    assert url("aws") == "https://123456789012.signin.aws.amazon.com/console"
    assert url("aws-cn") == "https://123456789012.signin.amazonaws.cn/console/"
    assert url("aws-us-gov") == "https://123456789012.signin.amazonaws-us-gov.com/console"
    assert url("aws-eusc", "eusc-de-east-1") == "https://eusc-de-east-1.signin.amazonaws-eusc.eu/"
    assert url("aws-iso") == url("aws-moon", "moon-1") == ""


async def test_hostile_results_are_shown_as_text(fake_cloud, validation, until, screen_text):
    bad = CheckResult(
        "access", "[/] \x1b[31m", CheckStatus.FAIL, "[bold]", "[/foo]\x1b]0;t\x07", remedy="[@click=x]y[/]"
    )
    fake_cloud.results["access"] = bad
    async with validation(fake_cloud, (120, 36)) as pilot:
        await checked(pilot, until)
        await choose(pilot, 2)
        text = screen_text(pilot.app)
    assert "[/foo]\\x1b]0;t\\x07" in text
    assert "[@click=x]y[/]" in text
    assert "\x1b" not in text


async def test_coming_back_shows_what_is_known_and_checks_nothing_again(fake_cloud, validation, until, screen_text):
    async with validation(fake_cloud) as pilot:
        app = pilot.app
        await checked(pilot, until)
        await pilot.press("escape")
        await until(lambda: app.phase is Phase.CONFIGURATION, "the steps of the run")
        fake_cloud.inspected.clear()
        await until(lambda: app.screen.focused, "the screen")
        app.screen.move(Phase.VALIDATION)
        await until(lambda: app.screen.query("#checks") and app.screen.focused, "the validation")
        await until(lambda: "✓ READY" in screen_text(app), "the verdict")
    assert fake_cloud.inspected == []


@pytest.mark.parametrize("size", [(80, 24), (60, 16)])
async def test_it_works_at_small_sizes(fake_cloud, validation, until, screen_text, size):
    async with validation(fake_cloud, size) as pilot:
        await checked(pilot, until)
        text = screen_text(pilot.app)
        assert "✓ READY" in text
        assert "✓ PASS    IAM user" in text
        if size == (80, 24):
            footer = pilot.app.screen.query_one("Footer")
            assert footer.max_scroll_x == 0
            assert 4 <= len(footer.query("FooterKey")) <= 6


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_the_verdict_shows_a_reason_as_a_whole_or_not_at_all(fake_cloud, validation, until, screen_text, size):
    found = "the access key answers as another user than the one that this run created in this account"
    for id in ALL:
        fake_cloud.results[id] = result(id, CheckStatus.FAIL, f"{id}: {found}")
    async with validation(fake_cloud, size) as pilot:
        await checked(pilot, until)
        lines = str(pilot.app.screen.query_one("#verdict").render()).splitlines()
    assert "✗ NOT READY" in lines[0]
    assert "more: v shows every reason and risk" in lines[-1]
    assert "…" not in "".join(lines[:-1])
    assert "".join(lines[:-1]).count("•") == " ".join(" ".join(lines).split()).count(found) >= 1
