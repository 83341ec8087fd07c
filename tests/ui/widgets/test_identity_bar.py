"""The identity bar names what answers the calls, and is red where it may be an emulator."""

from __future__ import annotations

import pytest

from breakglass_tui.domain.endpoints import Endpoint
from breakglass_tui.ui.widgets.identity_bar import IdentityBar

URL = "http://127.0.0.1:4566"


@pytest.mark.parametrize(
    ("endpoint", "mark", "red"),
    [
        (None, "AWS", False),
        (Endpoint(URL), "EMULATOR", True),
        (Endpoint("https://vpce.example.com", emulator=False), "CUSTOM ENDPOINT", False),
    ],
)
async def test_it_names_what_answers_the_calls(fake_cloud, summary, screen_text, endpoint, mark, red):
    fake_cloud.endpoint = endpoint
    async with summary(fake_cloud, (80, 24), demo=False) as pilot:
        app = pilot.app
        assert screen_text(app).splitlines()[0].split("  ")[0].strip() == mark
        colour = app.screen.query_one(IdentityBar).styles.color.hex.lower()
        assert (colour == app.theme_variables["error"].lower()) is red


async def test_before_the_connection_a_named_endpoint_is_an_emulator(make_app, fake_cloud, until, screen_text):
    fake_cloud.hold("identify")
    app = make_app(fake_cloud, demo=False)
    app.session.connection.endpoint = URL
    async with app.run_test(size=(80, 24)):
        await until(lambda: "EMULATOR" in screen_text(app), "the mark")
        assert " AWS " not in screen_text(app).splitlines()[0]
        fake_cloud.release()
