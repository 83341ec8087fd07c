"""The errors of the simulated account, in the words of AWS."""

from __future__ import annotations

import json
from uuid import uuid4
from xml.sax.saxutils import escape

JSON_SERVICES = frozenset({"account", "cloudtrail", "events", "kms", "organizations"})
"""The services that answer in JSON. IAM and STS answer in XML."""


class ApiRefusal(Exception):  # noqa: N818 - AWS refuses, the program does not fail
    """An AWS error: code, message and HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status

    def answer(self, service: str) -> tuple[int, dict[str, str], str]:
        """Return status, headers and body in the format of ``service``."""
        request_id = str(uuid4())
        headers = {"x-amzn-requestid": request_id, "x-amzn-errortype": self.code}
        if service in JSON_SERVICES:
            body = json.dumps({"__type": self.code, "message": self.message})
            return self.status, headers | {"Content-Type": "application/x-amz-json-1.1"}, body
        error = f"<Type>Sender</Type><Code>{self.code}</Code><Message>{escape(self.message)}</Message>"
        body = f"<ErrorResponse><Error>{error}</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        return self.status, headers | {"Content-Type": "text/xml"}, body


def invalid(field: str, problem: str) -> ApiRefusal:
    """Return the ValidationError for a field that does not match its pattern."""
    return ApiRefusal("ValidationError", f"The specified value for {field} is invalid. {problem}")


def too_long(field: str, limit: int) -> ApiRefusal:
    """Return the ValidationError for a field that is longer than ``limit`` characters."""
    return ApiRefusal(
        "ValidationError",
        f"1 validation error detected: Value at '{field}' failed to satisfy constraint: "
        f"Member must have length less than or equal to {limit}",
    )


def missing(what: str) -> ApiRefusal:
    """Return the NoSuchEntity for ``what``."""
    return ApiRefusal("NoSuchEntity", f"{what} cannot be found.", 404)


def exists(what: str) -> ApiRefusal:
    """Return the EntityAlreadyExists for ``what``."""
    return ApiRefusal("EntityAlreadyExists", f"{what} already exists.", 409)


def conflict(what: str) -> ApiRefusal:
    """Return the DeleteConflict for an entity that first needs ``what``, such as 'delete policies'."""
    return ApiRefusal("DeleteConflict", f"Cannot delete entity, must {what} first.", 409)


def over_quota(quota: str, limit: int) -> ApiRefusal:
    """Return the LimitExceeded for an IAM quota."""
    return ApiRefusal("LimitExceeded", f"Cannot exceed quota for {quota}: {limit}", 409)
