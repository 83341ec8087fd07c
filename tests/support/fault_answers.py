"""Answers that the account did not give: refusals, the page of a proxy, and those of a stale replica."""

from __future__ import annotations

import json

STALE_READS = 3
"""How many successive answers come from a replica without the latest writes."""

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
    """Return the refusal of AWS, in the format of the operation's service."""
    status, code, message = REFUSALS[kind]
    if operation.startswith(JSON_SERVICES):
        code = {"Throttling": "ThrottlingException", "AccessDenied": "AccessDeniedException"}.get(code, code)
        return _http(status, "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message}))
    if operation.startswith("ec2:"):
        error = f"<Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
        return _http(status, "text/xml", f"<Response>{error}<RequestID>proxy-said-so</RequestID></Response>")
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    return _http(status, "text/xml", f"<ErrorResponse>{error}<RequestId>proxy-said-so</RequestId></ErrorResponse>")


def page() -> bytes:
    """Return the sign-in page of a captive portal: status 200, and well-formed, so that no parser fails."""
    return _http(200, "text/html", "<html><body><p>Please sign in to the guest network.</p></body></html>")


def absent(operation: str) -> bytes:
    """Return the answer of a replica that does not have the user, its key or a thing on it yet."""
    if operation == "iam:UpdateAssumeRolePolicy":
        return refusal(operation, "malformed")
    return refusal(operation, "unknown_key" if operation.startswith("sts:") else "absent")


def empty(operation: str) -> bytes:
    """Return the listing of a replica that has nothing yet, or None if the operation is not a listing."""
    name, key = operation.partition(":")[2], _LISTS.get(operation)
    if key is None:
        return b""
    result = f"<{name}Result><IsTruncated>false</IsTruncated><{key}/></{name}Result>"
    metadata = "<ResponseMetadata><RequestId>proxy-said-so</RequestId></ResponseMetadata>"
    return _http(200, "text/xml", f"<{name}Response>{result}{metadata}</{name}Response>")


def _http(status: int, kind: str, body: str) -> bytes:
    head = f"HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + body).encode()
