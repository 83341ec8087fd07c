"""Refused: AWS's way of saying no."""

from __future__ import annotations

import json
from uuid import uuid4
from xml.sax.saxutils import escape

JSON_SERVICES = frozenset({"account", "cloudtrail", "events", "kms", "organizations"})
"""The services that answer in JSON; IAM and STS answer in XML."""


class ApiRefusal(Exception):  # noqa: N818 - the product's word for it
    """An AWS error by code and message, with its HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status

    def answer(self, service: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and body as ``service`` sends them."""
        request_id = str(uuid4())
        headers = {"x-amzn-requestid": request_id, "x-amzn-errortype": self.code}
        if service in JSON_SERVICES:
            body = json.dumps({"__type": self.code, "message": self.message})
            return self.status, headers | {"Content-Type": "application/x-amz-json-1.1"}, body
        error = f"<Type>Sender</Type><Code>{self.code}</Code><Message>{escape(self.message)}</Message>"
        body = f"<ErrorResponse><Error>{error}</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        return self.status, headers | {"Content-Type": "text/xml"}, body


def invalid(field: str, problem: str) -> ApiRefusal:
    """The ValidationError of a field that breaks its pattern."""
    return ApiRefusal("ValidationError", f"The specified value for {field} is invalid. {problem}")


def too_long(field: str, limit: int) -> ApiRefusal:
    """The ValidationError of a field that is longer than ``limit`` characters."""
    return ApiRefusal(
        "ValidationError",
        f"1 validation error detected: Value at '{field}' failed to satisfy constraint: "
        f"Member must have length less than or equal to {limit}",
    )


def missing(what: str) -> ApiRefusal:
    """The NoSuchEntity of ``what``."""
    return ApiRefusal("NoSuchEntity", f"{what} cannot be found.", 404)


def exists(what: str) -> ApiRefusal:
    """The EntityAlreadyExists of ``what``."""
    return ApiRefusal("EntityAlreadyExists", f"{what} already exists.", 409)


def conflict(what: str) -> ApiRefusal:
    """The DeleteConflict of an entity that still has ``what`` to be done to it."""
    return ApiRefusal("DeleteConflict", f"Cannot delete entity, must {what} first.", 409)


def over_quota(quota: str, limit: int) -> ApiRefusal:
    """The LimitExceeded of an IAM quota, under its name."""
    return ApiRefusal("LimitExceeded", f"Cannot exceed quota for {quota}: {limit}", 409)
