"""What became of a request that failed: the one place that tells whether AWS may have carried it out.

What is no refusal in AWS's own words may have been carried out, whoever answered; only a look can tell.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from botocore import exceptions as b

from breakglass_tui.domain.problems import Kind, Problem


class ErrorClass(StrEnum):
    """What a failure says of the request."""

    REFUSED = "definite no"
    AGAIN = "retry"
    UNKNOWN = "unknown"
    CREDENTIALS = "credentials"
    ABSENT = "absent"
    EXISTS = "exists"
    UNSENT = "not sent"


EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
BAD_KEY = frozenset(
    {
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "AuthFailure",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
    }
)
BAD_SECRET = frozenset({"SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature"})
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"})
OVERLOADED = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "SlowDown",
        "429",
    }
)
BUSY = frozenset({"EntityTemporarilyUnmodifiable"})
"""A login profile that was just made cannot be changed yet (IAM API: "try again after several minutes")."""
AGAIN = OVERLOADED | BUSY | {"ConcurrentModification"}
"""Refusals that say nothing was done and that trying again may help (IAM API, common errors)."""
ABSENT = frozenset({"NoSuchEntity", "NoSuchEntityException", "NotFoundException"})
EXISTS = frozenset({"EntityAlreadyExists", "EntityAlreadyExistsException"})
UNSUPPORTED = frozenset({"NotImplemented", "UnknownOperationException", "UnknownOperation", "InvalidAction", "501"})
NO_CODES = frozenset({"", "Unknown", "ClientError"})
"""Stand where an answer has no code: it was no refusal in AWS's own words."""
REFRESHES = frozenset({"AssumeRole", "AssumeRoleWithWebIdentity", "GetRoleCredentials", "CreateToken"})
"""What botocore calls by itself to get credentials, before it sends what it was asked to."""

UNREACHED = (b.EndpointConnectionError, b.ConnectTimeoutError, b.ProxyConnectionError)
"""No connection was made, so nothing can have left."""
LOST = (b.ConnectionError, b.HTTPClientError, b.IncompleteReadError, b.ChecksumError)
"""A connection was made, and what came of it is not known; TLS is here too, as it can break off later."""
WRONG_FORM = (b.ParamValidationError, b.ValidationError, b.MissingParametersError, b.UnknownClientMethodError)
NO_REGION = (b.NoRegionError, b.InvalidRegionError, b.UnknownEndpointError, b.UnknownRegionError)
STILL_EXPIRED = "Credentials were refreshed, but"
"""How botocore's RuntimeError begins when new credentials are no better (botocore.credentials)."""
INVALID_ENDPOINT = "Invalid endpoint"

_NOT_SENT_CODES = frozenset(kind.__name__ for kind in UNREACHED)


def code_of(error: BaseException) -> str:
    """AWS's error code, or the exception's class name."""
    if isinstance(error, Problem):
        return error.code
    response = getattr(error, "response", None)
    if isinstance(error, b.ClientError) and isinstance(response, dict):
        return str(response.get("Error", {}).get("Code") or type(error).__name__)
    return type(error).__name__


def metadata_of(error: BaseException) -> dict[str, Any]:
    """What botocore noted of an answer; empty where there was none."""
    # HTTPClientError has a response too, and it is None.
    response = getattr(error, "response", None)
    found = response.get("ResponseMetadata", {}) if isinstance(response, dict) else {}
    return found if isinstance(found, dict) else {}


def status_of(error: BaseException) -> int:
    """The HTTP status of an answer, or 0."""
    return int(metadata_of(error).get("HTTPStatusCode") or 0)


def error_class(error: BaseException, action: str) -> ErrorClass:
    """What ``error`` says of the request for ``action``, as ``iam:CreateUser``."""
    if isinstance(error, Problem):
        return _of_problem(error)
    if isinstance(error, b.ClientError):
        return ErrorClass.CREDENTIALS if in_refresh(error, action) else _of_answer(code_of(error), status_of(error))
    if isinstance(error, UNREACHED):
        return ErrorClass.UNSENT
    if isinstance(error, (*WRONG_FORM, *NO_REGION)):
        return ErrorClass.REFUSED
    if isinstance(error, b.BotoCoreError):
        return ErrorClass.UNKNOWN if isinstance(error, LOST) else ErrorClass.CREDENTIALS
    return ErrorClass.CREDENTIALS if str(error).startswith((STILL_EXPIRED, INVALID_ENDPOINT)) else ErrorClass.UNKNOWN


def in_refresh(error: b.ClientError, action: str) -> bool:
    """Whether AWS refused new credentials rather than ``action``, which then never left."""
    return error.operation_name in REFRESHES and not action.endswith(f":{error.operation_name}")


def outcome_unknown(problem: Problem) -> bool:
    """Whether AWS may have carried the call out all the same; only a look can tell."""
    return _of_problem(problem) is ErrorClass.UNKNOWN


def _of_problem(problem: Problem) -> ErrorClass:
    if problem.kind is Kind.UNREACHABLE:
        return ErrorClass.UNSENT if problem.code in _NOT_SENT_CODES else ErrorClass.UNKNOWN
    return ErrorClass.CREDENTIALS if problem.kind is Kind.CREDENTIALS else ErrorClass.REFUSED


def _of_answer(code: str, status: int) -> ErrorClass:
    for codes, fate in _ERROR_CLASSES:
        if code in codes:
            return fate
    if status >= 500 and status != 501:
        return ErrorClass.UNKNOWN
    return ErrorClass.UNKNOWN if code in NO_CODES or code.isdigit() else ErrorClass.REFUSED


_ERROR_CLASSES = (
    (AGAIN, ErrorClass.AGAIN),
    (UNSUPPORTED, ErrorClass.REFUSED),
    (EXPIRED | BAD_KEY | BAD_SECRET, ErrorClass.CREDENTIALS),
    (ABSENT, ErrorClass.ABSENT),
    (EXISTS, ErrorClass.EXISTS),
)
