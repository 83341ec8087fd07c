"""The classes of failed requests. This table alone decides whether AWS may have applied a request.

If AWS did not refuse the request, it may have applied it despite the failure. Then only a read of the resource can
decide.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from botocore import exceptions as b

from breakglass_tui.aws.answer_limits import AnswerLimitError
from breakglass_tui.domain.problems import Kind, Problem


class ErrorClass(StrEnum):
    """What a failure means for the request.

    REFUSED: AWS did nothing. RETRY: AWS did nothing, and a retry may help. UNKNOWN: AWS may have applied the request.
    CREDENTIALS: the credentials do not work. ABSENT and EXISTS: the resource does not exist, or it exists already.
    NOT_SENT: the request never left this machine.
    """

    REFUSED = "refused"
    RETRY = "retry"
    UNKNOWN = "unknown"
    CREDENTIALS = "credentials"
    ABSENT = "absent"
    EXISTS = "exists"
    NOT_SENT = "not sent"


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
DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "AuthorizationError", "NotAuthorized", "UnauthorizedOperation"}
)
"""Error codes of a missing permission. AuthorizationError is the code of SNS (SNS API, AuthorizationErrorException)."""
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
"""The error code for a login profile that is too new to be changed (IAM API: "try again after several minutes")."""
RETRYABLE = OVERLOADED | BUSY | {"ConcurrentModification"}
"""Error codes after which AWS did nothing and a retry may help (IAM API, common errors)."""
ABSENT = frozenset({"NoSuchEntity", "NoSuchEntityException", "NotFoundException"})
EXISTS = frozenset({"EntityAlreadyExists", "EntityAlreadyExistsException"})
UNSUPPORTED = frozenset({"NotImplemented", "UnknownOperationException", "UnknownOperation", "InvalidAction", "501"})
NO_CODES = frozenset({"", "Unknown", "ClientError"})
"""What botocore reports for an answer without an error code. Such an answer is not a refusal by AWS."""
REFRESHES = frozenset({"AssumeRole", "AssumeRoleWithWebIdentity", "GetRoleCredentials", "CreateToken"})
"""Operations that botocore calls by itself to get credentials, before it sends the requested call."""

UNREACHED = (b.EndpointConnectionError, b.ConnectTimeoutError, b.ProxyConnectionError)
"""Exceptions of botocore that mean that no connection was made, so the request was not sent."""
LOST = (b.ConnectionError, b.HTTPClientError, b.IncompleteReadError, b.ChecksumError, AnswerLimitError)
"""Exceptions after a connection was made. The outcome of the request is unknown.

TLS errors are included, because TLS can also fail after the request was sent.
"""
WRONG_FORM = (b.ParamValidationError, b.ValidationError, b.MissingParametersError, b.UnknownClientMethodError)
NO_REGION = (b.NoRegionError, b.InvalidRegionError, b.UnknownEndpointError, b.UnknownRegionError)
STILL_EXPIRED = "Credentials were refreshed, but"
"""The start of botocore's RuntimeError when refreshed credentials are expired too (botocore.credentials)."""
INVALID_ENDPOINT = "Invalid endpoint"

_NOT_SENT_CODES = frozenset(kind.__name__ for kind in UNREACHED)


def code_of(error: BaseException) -> str:
    """Return the error code of AWS, or the class name of the exception if there is no code."""
    if isinstance(error, Problem):
        return error.code
    response = getattr(error, "response", None)
    if isinstance(error, b.ClientError) and isinstance(response, dict):
        return str(response.get("Error", {}).get("Code") or type(error).__name__)
    return type(error).__name__


def metadata_of(error: BaseException) -> dict[str, Any]:
    """Return botocore's ResponseMetadata, or an empty dict if there was no answer."""
    # HTTPClientError has the attribute too, and its value is None.
    response = getattr(error, "response", None)
    found = response.get("ResponseMetadata", {}) if isinstance(response, dict) else {}
    return found if isinstance(found, dict) else {}


def status_of(error: BaseException) -> int:
    """Return the HTTP status of the answer, or 0 if there was no answer."""
    return int(metadata_of(error).get("HTTPStatusCode") or 0)


def error_class(error: BaseException, action: str) -> ErrorClass:
    """Return the class of ``error`` for a call of ``action``, for example ``iam:CreateUser``."""
    if isinstance(error, Problem):
        return _of_problem(error)
    if isinstance(error, b.ClientError):
        return (
            ErrorClass.CREDENTIALS if failed_in_refresh(error, action) else _of_answer(code_of(error), status_of(error))
        )
    if isinstance(error, UNREACHED):
        return ErrorClass.NOT_SENT
    if isinstance(error, (*WRONG_FORM, *NO_REGION)):
        return ErrorClass.REFUSED
    if isinstance(error, b.BotoCoreError):
        return ErrorClass.UNKNOWN if isinstance(error, LOST) else ErrorClass.CREDENTIALS
    return ErrorClass.CREDENTIALS if str(error).startswith((STILL_EXPIRED, INVALID_ENDPOINT)) else ErrorClass.UNKNOWN


def failed_in_refresh(error: b.ClientError, action: str) -> bool:
    """Return whether a refresh of the credentials failed, so that the call of ``action`` was never sent."""
    return error.operation_name in REFRESHES and not action.endswith(f":{error.operation_name}")


def outcome_unknown(problem: Problem) -> bool:
    """Return whether AWS may have applied the call despite the failure. Then only a read of the resource can decide."""
    return _of_problem(problem) is ErrorClass.UNKNOWN


def _of_problem(problem: Problem) -> ErrorClass:
    if problem.kind is Kind.UNREACHABLE:
        return ErrorClass.NOT_SENT if problem.code in _NOT_SENT_CODES else ErrorClass.UNKNOWN
    return ErrorClass.CREDENTIALS if problem.kind is Kind.CREDENTIALS else ErrorClass.REFUSED


def _of_answer(code: str, status: int) -> ErrorClass:
    for codes, failure in _ERROR_CLASSES:
        if code in codes:
            return failure
    if status >= 500 and status != 501:
        return ErrorClass.UNKNOWN
    return ErrorClass.UNKNOWN if code in NO_CODES or code.isdigit() else ErrorClass.REFUSED


_ERROR_CLASSES = (
    (RETRYABLE, ErrorClass.RETRY),
    (UNSUPPORTED, ErrorClass.REFUSED),
    (EXPIRED | BAD_KEY | BAD_SECRET, ErrorClass.CREDENTIALS),
    (ABSENT, ErrorClass.ABSENT),
    (EXISTS, ErrorClass.EXISTS),
)
