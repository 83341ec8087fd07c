"""The class of a failed request: one table of every way in which a call can fail."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import exceptions as b
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from breakglass_tui.aws.api_problems import lost_answer_problem, problem_of
from breakglass_tui.aws.error_classes import (
    LOST,
    REFRESHES,
    UNREACHED,
    ErrorClass,
    code_of,
    error_class,
    outcome_unknown,
    status_of,
)
from breakglass_tui.domain.problems import Kind, Problem

ACTION = "iam:CreateAccessKey"
ANSWERS = {
    ErrorClass.RETRY: [
        ("Throttling", 400),
        ("ThrottlingException", 400),
        ("ThrottledException", 400),
        ("RequestThrottled", 400),
        ("RequestThrottledException", 400),
        ("TooManyRequestsException", 429),
        ("RequestLimitExceeded", 503),
        ("RequestLimitExceeded", 400),
        ("SlowDown", 503),
        ("429", 429),
        ("ConcurrentModification", 409),
        ("EntityTemporarilyUnmodifiable", 409),
    ],
    ErrorClass.CREDENTIALS: [
        ("ExpiredToken", 403),
        ("ExpiredTokenException", 400),
        ("RequestExpired", 400),
        ("TokenRefreshRequired", 400),
        ("InvalidClientTokenId", 403),
        ("UnrecognizedClientException", 400),
        ("InvalidAccessKeyId", 403),
        ("AuthFailure", 401),
        ("MissingAuthenticationToken", 403),
        ("SignatureDoesNotMatch", 403),
        ("InvalidSignatureException", 400),
        ("IncompleteSignature", 400),
    ],
    ErrorClass.ABSENT: [("NoSuchEntity", 404), ("NotFoundException", 400)],
    ErrorClass.EXISTS: [("EntityAlreadyExists", 409)],
    ErrorClass.REFUSED: [
        ("AccessDenied", 403),
        ("AccessDeniedException", 400),
        ("UnauthorizedOperation", 403),
        ("LimitExceeded", 409),
        ("DeleteConflict", 409),
        ("MalformedPolicyDocument", 400),
        ("PasswordPolicyViolation", 400),
        ("InvalidAuthenticationCode", 403),
        ("InvalidInput", 400),
        ("ValidationError", 400),
        ("InvalidUserType", 400),
        ("UnmodifiableEntity", 400),
        ("PolicyNotAttachable", 400),
        ("DisabledException", 409),
        ("KMSInvalidStateException", 400),
        ("OptInRequired", 403),
        ("InvalidAction", 400),
        ("NotImplemented", 501),
        ("InternalFailure", 501),
        ("501", 501),
        ("NeverHeardOf", 400),
        ("NeverHeardOf", 0),
    ],
    ErrorClass.UNKNOWN: [
        ("ServiceFailure", 500),
        ("InternalFailure", 500),
        ("InternalError", 500),
        ("ServiceUnavailable", 503),
        ("ServiceUnavailableException", 503),
        ("RequestTimeout", 504),
        ("KMSInternalException", 500),
        ("DependencyTimeoutException", 503),
        ("NeverHeardOf", 502),
        ("500", 500),
        ("502", 502),
        ("503", 503),
        ("403", 403),
        ("Unknown", 400),
        ("", 400),
        ("", 302),
        ("", 200),
    ],
}
URL = {"endpoint_url": "https://iam.amazonaws.com"}
EXCEPTIONS = {
    ErrorClass.NOT_SENT: [
        b.EndpointConnectionError(**URL),
        b.ConnectTimeoutError(**URL),
        b.ProxyConnectionError(proxy_url="http://proxy:8080"),
    ],
    ErrorClass.UNKNOWN: [
        b.ReadTimeoutError(**URL),
        b.ConnectionClosedError(**URL),
        b.HTTPClientError(error="broken"),
        b.ConnectionError(error="broken"),
        b.SSLError(**URL, error="broken off"),
        b.ResponseStreamingError(error="broken"),
        b.IncompleteReadError(actual_bytes=1, expected_bytes=2),
        b.ChecksumError(checksum_type="x", expected_checksum="a", actual_checksum="b"),
        ResponseParserError("Unable to parse response"),
        KeyError("AccessKey"),
        TypeError("NoneType"),
        ValueError("unreadable date"),
        RuntimeError("garbage"),
        lost_answer_problem(ACTION, "the answer has no AccessKeyId"),
        Problem("Lost.", kind=Kind.UNREACHABLE, code="LostAnswer"),
    ],
    ErrorClass.CREDENTIALS: [
        b.NoCredentialsError(),
        b.PartialCredentialsError(provider="env", cred_var="x"),
        b.CredentialRetrievalError(provider="custom-process", error_msg="x"),
        b.TokenRetrievalError(provider="sso", error_msg="x"),
        b.UnauthorizedSSOTokenError(),
        b.LoginRefreshRequired(),
        b.RefreshWithMFAUnsupportedError(),
        b.ProfileNotFound(profile="p"),
        b.ConfigParseError(path="/p", error="e"),
        b.MetadataRetrievalError(error_msg="x"),
        RuntimeError("Credentials were refreshed, but the refreshed credentials are still expired."),
        ValueError("Invalid endpoint: nonsense"),
        Problem("This profile needs an MFA code.", kind=Kind.CREDENTIALS),
    ],
    ErrorClass.REFUSED: [
        b.ParamValidationError(report="x"),
        b.NoRegionError(),
        b.UnknownEndpointError(service_name="iam", region_name="x"),
        Problem("The journal cannot be written.", kind=Kind.LOCAL, code="JournalUnwritable"),
    ],
}


def answer(code: str, status: int, operation: str = "CreateAccessKey") -> ClientError:
    error = {"Error": {"Code": code, "Message": "Because."}} if code else {}
    body: Any = {**error, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(body, operation)


@pytest.mark.parametrize(
    ("failure", "code", "status"), [(failure, *row) for failure, rows in ANSWERS.items() for row in rows]
)
def test_the_class_of_an_answer(failure: ErrorClass, code: str, status: int) -> None:
    error = answer(code, status)
    assert error_class(error, ACTION) is failure
    assert outcome_unknown(problem_of(error, ACTION)) is (failure is ErrorClass.UNKNOWN)
    assert (problem_of(error, ACTION).kind is Kind.CREDENTIALS) is (failure is ErrorClass.CREDENTIALS)


@pytest.mark.parametrize(
    ("failure", "error"),
    [(failure, error) for failure, errors in EXCEPTIONS.items() for error in errors],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_the_class_of_a_failure_without_an_answer(failure: ErrorClass, error: Exception) -> None:
    problem = problem_of(error, ACTION)
    assert error_class(error, ACTION) is failure
    assert error_class(problem, ACTION) is failure
    assert outcome_unknown(problem) is (failure is ErrorClass.UNKNOWN)


def test_every_exception_of_botocore_has_a_class_that_fits_its_problem() -> None:
    kinds = [kind for kind in vars(b).values() if isinstance(kind, type) and issubclass(kind, b.BotoCoreError)]
    assert len(kinds) > 80
    for kind in kinds:
        error = kind.__new__(kind)
        Exception.__init__(error, "text")
        unknown = error_class(error, ACTION) is ErrorClass.UNKNOWN
        assert unknown is outcome_unknown(problem_of(error, ACTION)), kind
        assert unknown is (issubclass(kind, LOST) and not issubclass(kind, UNREACHED)), kind


@pytest.mark.parametrize("operation", sorted(REFRESHES))
@pytest.mark.parametrize("code", ["AccessDenied", "ExpiredToken", "InvalidGrantException"])
def test_refused_new_credentials_mean_that_the_call_was_not_sent(operation: str, code: str) -> None:
    error = answer(code, 403, operation)
    assert error_class(error, ACTION) is ErrorClass.CREDENTIALS
    assert problem_of(error, ACTION).kind is Kind.CREDENTIALS


def test_a_role_that_the_program_may_not_assume_is_a_refusal() -> None:
    assert error_class(answer("AccessDenied", 403, "AssumeRole"), "sts:AssumeRole") is ErrorClass.REFUSED


def test_an_http_error_without_a_response_has_a_code_and_no_status() -> None:
    error = b.HTTPClientError(error="broken")
    assert (code_of(error), status_of(error)) == ("HTTPClientError", 0)
