"""A botocore session that ignores settings that could redirect its calls or send its secrets elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import botocore.session

from breakglass_tui.aws.service_data import builtin_loader


class GuardedSession(botocore.session.Session):  # type: ignore[misc] # botocore has no types
    """A botocore session that ignores configured endpoints, client-side monitoring and external service models.

    It ignores endpoints in the environment and in the config file, ``csm_enabled`` (which would send tokens),
    ``data_path`` and ``~/.aws/models``. botocore creates clients of its own for roles and sign-ins. They are protected
    too, because they come from ``create_client``.
    """

    def __init__(
        self,
        profile: str | None = None,
        *,
        endpoint_url: str | None = None,
        session_vars: Mapping[str, Any] | None = None,
    ) -> None:
        """Create a session for ``profile``. ``endpoint_url`` is the endpoint that the operator chose, or None.

        AssumeRole uses that endpoint too, because a simulator has its own roles.
        """
        super().__init__(profile=profile, session_vars=session_vars)
        self._endpoint_url = endpoint_url
        self.set_config_variable("ignore_configured_endpoint_urls", True)  # noqa: FBT003 - botocore's signature
        self.set_config_variable("csm_enabled", False)  # noqa: FBT003 - botocore's signature
        self.register_component("data_loader", builtin_loader())

    def create_client(self, service_name: str, *args: Any, **options: Any) -> Any:
        """Return a botocore client. A client for STS uses the operator's endpoint."""
        if service_name == "sts" and self._endpoint_url:
            options.setdefault("endpoint_url", self._endpoint_url)
        return super().create_client(service_name, *args, **options)
