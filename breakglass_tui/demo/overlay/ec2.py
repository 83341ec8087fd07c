"""The simulated EC2: one dry run, which shows whether the caller may write in a Region."""

from __future__ import annotations

from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape

from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.overlay.authorization import AuthorizedRequests


class DemoEc2(AuthorizedRequests):
    """CreateInternetGateway with DryRun, which returns DryRunOperation or UnauthorizedOperation (EC2 API, DryRun)."""

    def __init__(self) -> None:
        super().__init__(service_name="ec2")

    def context(self) -> dict[str, str]:
        """Return the condition keys of the call and their values.

        EC2 is a regional service, so the Region is one of them.
        """
        return {**super().context(), "aws:RequestedRegion": self.region}

    def create_internet_gateway(self) -> Any:
        """Raise ``ApiRefusal`` with DryRunOperation, with which EC2 reports that the request would have succeeded.

        Without DryRun it is not simulated.
        """
        if self._get_param("DryRun") != "true":
            raise NotImplementedError
        raise ApiRefusal("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)

    def call_action(self) -> Any:
        """Answer the call. Errors get the format of EC2, which differs from that of IAM and STS."""
        status, headers, body = super().call_action()
        code = headers.get("x-amzn-errortype", "")
        if not code:
            return status, headers, body
        code = "UnauthorizedOperation" if code == "AccessDenied" else code
        message = body.partition("<Message>")[2].partition("</Message>")[0] or escape(code)
        error = f"<Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
        return status, headers, f"<Response>{error}<RequestID>{uuid4()}</RequestID></Response>"
