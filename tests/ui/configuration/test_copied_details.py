"""ARNs and paths: whole in the details of a row, and copied as one line."""

from __future__ import annotations

import pytest

from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.ui.configuration.step_list import StepList


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_an_arn_is_named_in_its_row_complete_in_the_details_and_copied_as_one_line(
    configuration, fake_cloud, sees, until, size
):
    arn = "arn:aws:iam::123456789012:user/breakglass/break-glass-20261122-k7qm3x-of-the-night-shift"
    fake_cloud.on_apply["create-user"] = lambda context: StepOutcome(f"{arn}, new")

    def row() -> str:
        return str(pilot.app.screen.query_one(StepList).get_option_at_index(0).prompt).rstrip()

    async with configuration(fake_cloud, size) as pilot:
        await sees(pilot, "3 of 3 done in")
        name = "break-glass-20261122-k7qm3x-of-the-night-shift"
        # A row has its text only after it has been laid out.
        await until(lambda: row().endswith((name, "…")), "the name in the row")
        assert "arn:" not in row()
        await pilot.press("g", "c")
        await sees(pilot, "Create user ✓ done")
        _, *details = str(pilot.app.screen.query_one("#story").render()).split("iam:CreateUser")[0].splitlines()
        assert "".join("".join(details).split()) == f"{arn},new"
        assert all(line.rstrip().endswith(("/", ":", ",", "new")) for line in details), "folded at separators only"
        assert f"{arn}, new" in pilot.app.clipboard


async def test_the_result_has_each_envelope_with_its_whole_path_and_c_copies_it(configuration, fake_cloud, sees):
    path = "/srv/break glass/reports of the night shift/2026-11-22/break-glass-20261122-k7qm3x.password.age"
    envelope = EnvelopeInfo(path, ("password",), ("age",), "0" * 64)
    fake_cloud.on_apply["login-profile"] = lambda context: StepOutcome("sealed", envelopes=(envelope,))
    async with configuration(fake_cloud) as pilot:
        await sees(pilot, "3 of 3 done in", "c copy")
        story = str(pilot.app.screen.query_one("#story").render())
        assert "password, sealed with age" in story
        assert path.replace(" ", "") in "".join(story.split())
        assert all(len(line) <= 78 for line in story.splitlines())
        await pilot.press("c")
        assert f"    {path}" in pilot.app.clipboard.splitlines()
