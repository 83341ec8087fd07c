"""Connector: the way to the real account, or to a simulated one that lives as long as the program."""

from __future__ import annotations

import gc
import os
from types import TracebackType
from typing import TYPE_CHECKING, Self

from breakglass_tui.cli.options import Options
from breakglass_tui.cli.process_memory import close_memory
from breakglass_tui.cli.streams import people
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.logs import close_log, open_log
from breakglass_tui.plain.words import NAME

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Cloud


class Connector:
    """Call it for a ``Cloud``, as often as need be and from any thread; leaving it stops the simulated account.

    Entered, the log is open and the libraries that talk of secrets are silent.
    """

    def __init__(self, options: Options) -> None:
        _check_region(options.region)
        self._options = options
        self._demo = DemoAccount() if options.demo else None
        self._endpoint_url = None if options.demo else _endpoint(options)

    def __call__(self) -> Cloud:
        """Connect; raises ``Problem``."""
        gc.enable()
        close_memory()
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
            practice=demo.sign_in,
        )

    def __enter__(self) -> Self:
        warning = open_log()
        if warning:
            people(f"{NAME}: warning: {warning}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._demo is not None:
            self._demo.stop()
        close_log()


def _endpoint(options: Options) -> str | None:
    from breakglass_tui.cli import ca_bundle, endpoint
    from breakglass_tui.domain.endpoints import on_loopback

    environment = _environment(options)
    url, said = options.endpoint_url, list[str]()
    if url is not None:
        endpoint.checked(url)
    else:
        url, ignored = endpoint.chosen_from(environment)
        said += [*ignored, *([f"using the configured endpoint {url}, on this machine"] if url else [])]
    if not (url and on_loopback(url)):
        said.append(ca_bundle.another_list(environment))
    people(*(f"{NAME}: warning: {text}" for text in said if text))
    return url


def _environment(options: Options) -> dict[str, str]:
    """The environment, in which the option has its way with botocore's two names of the profile."""
    chosen = {"AWS_PROFILE": options.profile, "AWS_DEFAULT_PROFILE": options.profile} if options.profile else {}
    return {**os.environ, **chosen}


def _check_region(region: str | None) -> None:
    if region is None:
        return
    from breakglass_tui.cli.failure_report import usage
    from breakglass_tui.domain.rules import region as rule

    try:
        rule(region)
    except ValueError as error:
        raise usage(f"--region: {error}.") from None
