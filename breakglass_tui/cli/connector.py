"""``Connector``, which connects to the real account, or to a simulated account that ends with the process."""

from __future__ import annotations

import gc
import os
from types import TracebackType
from typing import TYPE_CHECKING, Self

from breakglass_tui.cli.command_words import PROGRAM
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.problem_report import usage
from breakglass_tui.cli.streams import warn
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain.endpoints import on_loopback
from breakglass_tui.domain.rules import region as rule
from breakglass_tui.logs import close_log, open_log

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Cloud


class Connector:
    """A callable that returns a ``Cloud``. It can be called any number of times and from any thread.

    As a context manager it opens the log, and at the end stops the simulated account. The constructor raises
    ``Problem`` for an invalid Region or endpoint.
    """

    def __init__(self, options: Options) -> None:
        _require_region(options.region)
        self._options = options
        self._demo = DemoAccount() if options.demo else None
        self._endpoint_url = None if options.demo else _choose_endpoint(options)

    def __call__(self) -> Cloud:
        """Connect to AWS or to the simulated account, and return the ``Cloud``. Raises ``Problem``."""
        try:
            return self._connect()
        finally:
            gc.enable()

    def _connect(self) -> Cloud:
        from breakglass_tui.aws.connect import connect

        options, demo = self._options, self._demo
        if demo is None:
            return connect(profile=options.profile, region=options.region, endpoint_url=self._endpoint_url)
        return connect(
            profile=None,
            region=options.region or demo.default_region,
            endpoint_url=demo.start(),
            credentials=(demo.access_key_id, demo.secret_access_key),
            demo=True,
            simulated_sign_in=demo.sign_in,
        )

    def __enter__(self) -> Self:
        warning = open_log()
        if warning:
            warn(warning)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._demo is not None:
            self._demo.stop()
        close_log()


def _choose_endpoint(options: Options) -> str | None:
    """Return the endpoint to use, or None for AWS itself. Prints warnings about configured endpoints and CA bundles."""
    from breakglass_tui.cli import ca_bundle, endpoint

    environment = _environment_with_profile(options)
    url, warnings = options.endpoint_url, list[str]()
    if url is None:
        warnings += endpoint.ignored_endpoints(environment)
    else:
        endpoint.require_allowed(url)
    if not (url and on_loopback(url)):
        warnings.append(ca_bundle.custom_ca_warning(environment))
    warn(*filter(None, warnings))
    return url


def _environment_with_profile(options: Options) -> dict[str, str]:
    """Return the environment variables. ``--profile`` replaces both of botocore's variables for the profile."""
    chosen = {"AWS_PROFILE": options.profile, "AWS_DEFAULT_PROFILE": options.profile} if options.profile else {}
    return {**os.environ, **chosen}


def _require_region(region: str | None) -> None:
    if region is None:
        return

    try:
        rule(region)
    except ValueError as error:
        raise usage(f"--region: {error}.", next="Show the help with", command=f"{PROGRAM} --help") from None
