"""The errors of the simulated account, with the codes and texts of AWS."""

from __future__ import annotations

import json
from uuid import uuid4
from xml.sax.saxutils import escape

JSON_SERVICES = frozenset({"account", "cloudtrail", "events", "kms", "organizations"})
"""The services whose errors are JSON. Those of the others are XML."""


class ApiRefusal(Exception):  # noqa: N818 - AWS refuses, the program does not fail
    """An error that AWS returns: code, message and HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status

    def answer(self, service: str) -> tuple[int, dict[str, str], str]:
        """Return the HTTP status, headers and body of the error, in the format of ``service``."""
        request_id = str(uuid4())
        headers = {"x-amzn-requestid": request_id, "x-amzn-errortype": self.code}
        if service in JSON_SERVICES:
            body = json.dumps({"__type": self.code, "message": self.message})
            return self.status, headers | {"Content-Type": "application/x-amz-json-1.1"}, body
        error = f"<Type>Sender</Type><Code>{self.code}</Code><Message>{escape(self.message)}</Message>"
        body = f"<ErrorResponse><Error>{error}</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        return self.status, headers | {"Content-Type": "text/xml"}, body


def invalid(field: str, problem: str) -> ApiRefusal:
    """Return the ValidationError for a field whose value does not match its pattern."""
    return ApiRefusal("ValidationError", f"The specified value for {field} is invalid. {problem}")


def too_long(field: str, limit: int) -> ApiRefusal:
    """Return the ValidationError for a field with more than ``limit`` characters."""
    return ApiRefusal(
        "ValidationError",
        f"1 validation error detected: Value at '{field}' failed to satisfy constraint: "
        f"Member must have length less than or equal to {limit}",
    )


def missing(what: str) -> ApiRefusal:
    """Return the NoSuchEntity error for ``what``."""
    return ApiRefusal("NoSuchEntity", f"{what} cannot be found.", 404)


def exists(what: str) -> ApiRefusal:
    """Return the EntityAlreadyExists error for ``what``."""
    return ApiRefusal("EntityAlreadyExists", f"{what} already exists.", 409)


def conflict(what: str) -> ApiRefusal:
    """Return the DeleteConflict error. ``what`` must be done before the deletion, for example 'delete policies'."""
    return ApiRefusal("DeleteConflict", f"Cannot delete entity, must {what} first.", 409)


def over_quota(quota: str, limit: int) -> ApiRefusal:
    """Return the LimitExceeded error for the IAM quota ``quota``."""
    return ApiRefusal("LimitExceeded", f"Cannot exceed quota for {quota}: {limit}", 409)
