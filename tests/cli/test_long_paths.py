"""A path that no system can create is a usage error, found before anything is sent."""

from __future__ import annotations

import pytest

from breakglass_tui.domain.exit_codes import ExitCode


@pytest.mark.parametrize("command_line", [("apply", "--yes"), ("validate", "--user-name", "bg-night")])
@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("x" * 256, "A name in this path has more than 255 bytes."),
        ("new/" + "\u00e9" * 128, "A name in this path has more than 255 bytes."),
        ("/".join(["d" * 200] * 25), "This path has more than 3840 bytes."),
    ],
)
def test_an_output_directory_that_cannot_exist_is_a_usage_error(
    command, connected, request_file, command_line, path, why
):
    ran = command(*command_line, "--request", request_file, "--out", path)
    assert ran.code == ExitCode.USAGE
    assert why in ran.err
    assert "Unexpected" not in ran.err
    assert connected == []
