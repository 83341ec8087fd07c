"""GuardedSession: botocore's session, deaf to the settings that would lead it or its secrets elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import botocore.session
from botocore.loaders import Loader


class GuardedSession(botocore.session.Session):  # type: ignore[misc] # botocore has no types
    """Also the clients that botocore makes itself, for roles and sign-ins, come from ``create_client``.

    No endpoint of the environment or the config file is used, no token is sent to client-side monitoring
    (``csm_enabled``), and no service model comes from elsewhere (``data_path``, ``~/.aws/models``).
    """

    def __init__(
        self,
        profile: str | None = None,
        *,
        endpoint_url: str | None = None,
        session_vars: Mapping[str, Any] | None = None,
    ) -> None:
        """``endpoint_url``, which the operator chose, serves AssumeRole too: a simulator's roles are its own."""
        super().__init__(profile=profile, session_vars=session_vars)
        self._endpoint_url = endpoint_url
        self.set_config_variable("ignore_configured_endpoint_urls", True)  # noqa: FBT003 - botocore's signature
        self.set_config_variable("csm_enabled", False)  # noqa: FBT003 - botocore's signature
        builtin = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
        self.register_component("data_loader", builtin)

    def create_client(self, service_name: str, *args: Any, **options: Any) -> Any:
        """A client, as botocore makes it."""
        if service_name == "sts" and self._endpoint_url:
            options.setdefault("endpoint_url", self._endpoint_url)
        return super().create_client(service_name, *args, **options)
