"""``plan``: what would happen; zero writes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.journals import journals
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.prepare import reviewed
from breakglass_tui.cli.request_file import read_request
from breakglass_tui.cli.streams import data, json_text, people
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.text import show
from breakglass_tui.plain.words import NAME


def run_plan(options: Options, request_file: str, *, as_json: bool) -> int:
    """Print the plan; a look before the first write that failed makes the request unusable."""
    request = read_request(request_file)
    with Connector(options) as connect, tempfile.TemporaryDirectory() as directory:
        cloud = connect()
        review = reviewed(cloud, cloud.identify(), request, Path(directory), journals(options))
    data(*([json_text(review.document())] if as_json else review.lines()))
    if not request.has_seal:
        people(f"{NAME}: warning: apply needs kms_key_id or seal_to, because there is no screen to show a secret on")
    failed = [result for result in review.preflight if result.status is CheckStatus.FAIL]
    people(*(f"{NAME}: {result.title}: {show(result.found)}" for result in failed))
    return ExitCode.USAGE if failed else ExitCode.DONE
