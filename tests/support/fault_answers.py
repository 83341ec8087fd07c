"""Answers that the account itself did not give: refusals, a proxy's page, and those of a replica that lags behind."""

from __future__ import annotations

import json

STALE_READS = 3
"""How many answers in a row come from a replica that has not heard of the latest writes."""

REFUSALS = {
    "throttled": (400, "Throttling", "Rate exceeded"),
    "fault": (500, "InternalFailure", "An internal error has occurred"),
    "denied": (403, "AccessDenied", "User is not authorized to perform this action"),
    "expired": (403, "ExpiredToken", "The security token included in the request is expired"),
    "absent": (404, "NoSuchEntity", "The user with name that was asked for cannot be found."),
    "unknown_key": (403, "InvalidClientTokenId", "The security token included in the request is invalid."),
    "malformed": (400, "MalformedPolicyDocument", "Invalid principal in policy"),
}
JSON_SERVICES = ("cloudtrail:", "events:", "kms:")
_LISTS = {
    "iam:ListAccessKeys": "AccessKeyMetadata",
    "iam:ListGroupsForUser": "Groups",
    "iam:ListMFADevices": "MFADevices",
    "iam:ListVirtualMFADevices": "VirtualMFADevices",
}


def refusal(operation: str, kind: str) -> bytes:
    """AWS's own no, in the form of the operation's service."""
    status, code, message = REFUSALS[kind]
    if operation.startswith(JSON_SERVICES):
        code = {"Throttling": "ThrottlingException", "AccessDenied": "AccessDeniedException"}.get(code, code)
        return _http(status, "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message}))
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    return _http(status, "text/xml", f"<ErrorResponse>{error}<RequestId>proxy-said-so</RequestId></ErrorResponse>")


def page() -> bytes:
    """The sign-in page of a captive portal: status 200, and well-formed, so that no parser stumbles over it."""
    return _http(200, "text/html", "<html><body><p>Please sign in to the guest network.</p></body></html>")


def absent(operation: str) -> bytes:
    """What a replica says that has not heard of the user, its key or a thing on it yet."""
    if operation == "iam:UpdateAssumeRolePolicy":
        return refusal(operation, "malformed")
    return refusal(operation, "unknown_key" if operation.startswith("sts:") else "absent")


def empty(operation: str) -> bytes:
    """The listing of a replica that has not heard of anything yet; nothing for what is no listing."""
    name, key = operation.partition(":")[2], _LISTS.get(operation)
    if key is None:
        return b""
    result = f"<{name}Result><IsTruncated>false</IsTruncated><{key}/></{name}Result>"
    metadata = "<ResponseMetadata><RequestId>proxy-said-so</RequestId></ResponseMetadata>"
    return _http(200, "text/xml", f"<{name}Response>{result}{metadata}</{name}Response>")


def _http(status: int, kind: str, body: str) -> bytes:
    head = f"HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + body).encode()
