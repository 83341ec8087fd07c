"""A botocore session that ignores settings that could redirect its calls or send its secrets elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import botocore.session

from breakglass_tui.aws.answer_limits import LimitedHttpSession
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
        """Return a botocore client that limits the size and the duration of answers.

        A client for STS uses the operator's endpoint.
        """
        if service_name == "sts" and self._endpoint_url:
            options.setdefault("endpoint_url", self._endpoint_url)
        client = super().create_client(service_name, *args, **options)
        # botocore has no public way to choose the HTTP session of a client.
        client._endpoint.http_session = LimitedHttpSession(client._endpoint.http_session)  # noqa: SLF001 - see above
        return client

    def limit_credential_sources(self) -> None:
        """Limit the answers of the instance and of the container metadata service too. botocore uses no client there.

        Call it before the credentials are read.
        """
        providers = self.get_component("credential_provider")
        # botocore has no public way to choose the HTTP sessions of these two.
        instance = providers.get_provider("iam-role")._role_fetcher  # noqa: SLF001 - see above
        container = providers.get_provider("container-role")._fetcher  # noqa: SLF001 - see above
        for source in (instance, container):
            source._session = LimitedHttpSession(source._session)  # noqa: SLF001 - see above
