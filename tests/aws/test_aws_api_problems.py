"""Every exception of botocore becomes a problem with what happened, why, and what to do next."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import exceptions as b
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from breakglass_tui.aws.api_problems import problem_of, request_id_of
from breakglass_tui.aws.error_classes import code_of, outcome_unknown
from breakglass_tui.domain.problems import Kind, Problem

SECRET = "s3cr3t"
LOCAL = [
    (b.ProfileNotFound(profile="p"), Kind.CREDENTIALS),
    (b.ConfigParseError(path="/p", error="e"), Kind.CREDENTIALS),
    (b.NoCredentialsError(), Kind.CREDENTIALS),
    (b.PartialCredentialsError(provider="env", cred_var="x"), Kind.CREDENTIALS),
    (b.CredentialRetrievalError(provider="custom-process", error_msg=SECRET), Kind.CREDENTIALS),
    (b.UnauthorizedSSOTokenError(), Kind.CREDENTIALS),
    (b.SSOTokenLoadError(error_msg=SECRET), Kind.CREDENTIALS),
    (b.TokenRetrievalError(provider="sso", error_msg=SECRET), Kind.CREDENTIALS),
    (b.LoginRefreshRequired(), Kind.CREDENTIALS),
    (b.LoginTokenLoadError(error_msg=SECRET), Kind.CREDENTIALS),
    (b.RefreshWithMFAUnsupportedError(), Kind.CREDENTIALS),
    (b.InvalidConfigError(error_msg="half a profile"), Kind.CREDENTIALS),
    (b.InfiniteLoopConfigError(source_profile="a", visited_profiles=["a"]), Kind.CREDENTIALS),
    (b.InvalidRetryModeError(provided_retry_mode="x", valid_modes="y"), Kind.CREDENTIALS),
    (b.MissingDependencyException(msg="awscrt"), Kind.CREDENTIALS),
    (b.NoRegionError(), Kind.USAGE),
    (b.InvalidRegionError(region_name="x y"), Kind.USAGE),
    (b.UnknownEndpointError(service_name="iam", region_name="x"), Kind.USAGE),
    (ValueError("Invalid endpoint: nonsense"), Kind.CREDENTIALS),
    (b.ParamValidationError(report=f"Password, value: {SECRET}"), Kind.UNEXPECTED),
]
NETWORK = [
    b.EndpointConnectionError(endpoint_url="https://iam.amazonaws.com"),
    b.ConnectTimeoutError(endpoint_url="https://iam.amazonaws.com"),
    b.ProxyConnectionError(proxy_url=f"http://me:{SECRET}@proxy:8080"),
    b.SSLError(endpoint_url="https://iam.amazonaws.com", error="bad certificate"),
    b.ReadTimeoutError(endpoint_url="https://iam.amazonaws.com"),
    b.ConnectionClosedError(endpoint_url="https://iam.amazonaws.com"),
    b.HTTPClientError(error="broken"),
    b.ResponseStreamingError(error="broken"),
    b.IncompleteReadError(actual_bytes=1, expected_bytes=2),
    ResponseParserError(f"Unable to parse {SECRET}"),
    KeyError("User"),
    ValueError("unreadable date"),
]
REFUSED = [
    ("ExpiredToken", 403, Kind.CREDENTIALS, "Your AWS session has expired."),
    ("ExpiredTokenException", 400, Kind.CREDENTIALS, "Your AWS session has expired."),
    ("InvalidClientTokenId", 403, Kind.CREDENTIALS, "AWS does not accept these credentials."),
    ("UnrecognizedClientException", 400, Kind.CREDENTIALS, "AWS does not accept these credentials."),
    ("SignatureDoesNotMatch", 403, Kind.CREDENTIALS, "AWS does not accept these credentials."),
    ("AccessDenied", 403, Kind.REFUSED, "You are not allowed to call iam:CreateUser."),
    ("AccessDeniedException", 400, Kind.REFUSED, "You are not allowed to call iam:CreateUser."),
    ("NoSuchEntity", 404, Kind.MISSING, "iam:CreateUser did not find the resource."),
    ("NotFoundException", 400, Kind.MISSING, "iam:CreateUser did not find the resource."),
    ("LimitExceeded", 409, Kind.REFUSED, "AWS refused iam:CreateUser."),
    ("EntityAlreadyExists", 409, Kind.REFUSED, "AWS refused iam:CreateUser."),
    ("Throttling", 400, Kind.REFUSED, "AWS refused iam:CreateUser."),
    ("RequestLimitExceeded", 503, Kind.REFUSED, "AWS refused iam:CreateUser."),
    ("MalformedPolicyDocument", 400, Kind.REFUSED, "AWS refused iam:CreateUser."),
    ("InternalFailure", 501, Kind.REFUSED, "This endpoint does not offer iam:CreateUser."),
    ("InvalidAction", 400, Kind.REFUSED, "This endpoint does not offer iam:CreateUser."),
    ("ServiceFailure", 500, Kind.UNREACHABLE, "AWS failed internally in iam:CreateUser."),
    ("InternalFailure", 500, Kind.UNREACHABLE, "AWS failed internally in iam:CreateUser."),
    ("NeverHeardOf", 400, Kind.REFUSED, "AWS refused iam:CreateUser."),
]


UNSENT = (b.EndpointConnectionError, b.ConnectTimeoutError, b.ProxyConnectionError)


def refusal(code: str, status: int, message: str = "Because.") -> ClientError:
    metadata = {"RequestId": "req-1", "HTTPStatusCode": status, "RetryAttempts": 2}
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}, "CreateUser")


def complete(problem: Problem) -> bool:
    return bool(problem.what and problem.why and problem.next and problem.code)


@pytest.mark.parametrize(("error", "kind"), LOCAL, ids=lambda value: type(value).__name__)
def test_a_local_failure_is_described_without_possible_secrets(error: Any, kind: Kind) -> None:
    problem = problem_of(error, "iam:CreateUser")
    assert complete(problem)
    assert problem.kind is kind
    assert not outcome_unknown(problem)
    assert SECRET not in f"{problem}{problem!r}"


@pytest.mark.parametrize("error", NETWORK, ids=lambda value: type(value).__name__)
def test_after_a_network_failure_the_outcome_is_unknown_unless_no_connection_was_made(error: Exception) -> None:
    problem = problem_of(error, "iam:CreateUser")
    assert complete(problem)
    assert outcome_unknown(problem) is not isinstance(error, UNSENT)
    assert problem.code == type(error).__name__
    assert SECRET not in f"{problem}{problem!r}"


@pytest.mark.parametrize(("code", "status", "kind", "what"), REFUSED)
def test_a_refusal_has_the_code_and_the_message_of_aws(code: str, status: int, kind: Kind, what: str) -> None:
    problem = problem_of(refusal(code, status), "iam:CreateUser")
    assert (problem.code, problem.kind, problem.what) == (code, kind, what)
    assert problem.why == "AWS reports: Because."
    assert problem.next


def test_every_exception_of_botocore_becomes_a_complete_problem() -> None:
    kinds = [kind for kind in vars(b).values() if isinstance(kind, type) and issubclass(kind, b.BotoCoreError)]
    assert len(kinds) > 80
    for kind in kinds:
        error = kind.__new__(kind)
        Exception.__init__(error, "text")
        assert complete(problem_of(error, "iam:CreateUser")), kind


def test_escape_bytes_in_a_message_of_aws_are_escaped() -> None:
    problem = problem_of(refusal("AccessDenied", 403, "\x1b[31mno[/]"), "iam:CreateUser")
    assert problem.why == "AWS reports: \\x1b[31mno[/]"


def test_a_problem_is_not_changed() -> None:
    problem = Problem("What.")
    assert problem_of(problem, "iam:CreateUser") is problem


def test_an_http_error_without_a_response_has_a_code_and_no_request_id() -> None:
    error = b.HTTPClientError(error="broken")
    assert (code_of(error), request_id_of(error)) == ("HTTPClientError", "")
    assert (code_of(refusal("X", 400)), request_id_of(refusal("X", 400))) == ("X", "req-1")


def test_a_password_that_a_refusal_quotes_is_masked() -> None:
    said = {"Code": "ValidationError", "Message": f"Value '{SECRET}' at 'password' failed"}
    refusal = ClientError({"Error": said, "ResponseMetadata": {"HTTPStatusCode": 400}}, "CreateLoginProfile")  # type: ignore[typeddict-item]
    problem = problem_of(refusal, "iam:CreateLoginProfile", hide=SECRET)
    assert SECRET not in str(problem)
    assert "at 'password' failed" in problem.why


@pytest.mark.parametrize("password", ["plain", "p@ss", "pa/ss"])
def test_no_part_of_a_password_in_a_url_is_shown(password: str) -> None:
    refused = b.ProxyConnectionError(proxy_url=f"http://me:{password}@proxy:8080")
    problem = problem_of(refused, "iam:GetUser")
    assert '"http://proxy:8080"' in problem.why
