"""Functions that turn an exception of botocore into a ``Problem``: what happened, why, and what to do next."""

from __future__ import annotations

from botocore import exceptions as b

from breakglass_tui.aws.answer_limits import AnswerLimitError
from breakglass_tui.aws.client_errors import SIGN_IN, client_error
from breakglass_tui.aws.error_classes import (
    DENIED,
    EXPIRED,
    OVERLOADED,
    UNSUPPORTED,
    ErrorClass,
    code_of,
    error_class,
    metadata_of,
    status_of,
)
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.secrets.secret import MASK

READS_FIRST = "This run first reads from AWS what already exists, before it sends anything again."
_NEXT = {
    "LimitExceeded": "Remove resources that are no longer needed, or ask AWS for a higher quota. Then try again.",
    "EntityAlreadyExists": "A resource of this name exists and was not created by this run. Choose another name.",
    "PasswordPolicyViolation": "The account's password policy has changed. Go back and try again.",
    "DisabledException": "Choose an enabled KMS key.",
    "KMSInvalidStateException": "Choose a KMS key in the state Enabled.",
    "OptInRequired": "Enable the Region for this account, or choose another Region.",
    **dict.fromkeys(OVERLOADED, "This account makes too many calls at once. Wait a minute and try again."),
}


def request_id_of(error: Exception) -> str:
    """Return the AWS request id of a refused call, or "" if AWS did not answer."""
    return str(metadata_of(error).get("RequestId", ""))


def retries_of(error: Exception) -> int:
    """Return how many times botocore itself retried the request before it raised ``error``."""
    return int(metadata_of(error).get("RetryAttempts", 0))


def lost_answer_problem(action: str, reason: str, code: str = "LostAnswer") -> Problem:
    """Return the problem of a call whose outcome is unknown: AWS may or may not have applied it.

    ``reason`` is the cause in a few words. It is shown in parentheses.
    """
    return Problem(
        f"The answer to {action} was lost.",
        why=f"No usable answer arrived ({reason}). AWS may or may not have applied the call.",
        next=f"Check the network, then try again. {READS_FIRST}",
        kind=Kind.UNREACHABLE,
        code=code,
    )


def problem_of(error: Exception, action: str, *, hide: str = "") -> Problem:
    """Return the ``Problem`` for an exception that a call of ``action`` raised. Its ``code`` is the error code of AWS.

    ``hide`` is a secret parameter of the call. AWS may quote it in its message, so it is masked there.
    """
    if isinstance(error, Problem):
        return error
    if isinstance(error, b.ClientError):
        return _refusal(error, action, hide)
    return client_error(error, action) or _unreadable(error, action)


def _unreadable(error: Exception, action: str) -> Problem:
    if isinstance(error, AnswerLimitError):
        return Problem(
            f"The answer to {action} was not read to its end.",
            why=f"{error}. AWS may or may not have applied the call.",
            next=f"Check the network, the proxy and the endpoint, then try again. {READS_FIRST}",
            kind=Kind.UNREACHABLE,
            code=code_of(error),
        )
    if isinstance(error, b.BotoCoreError):
        return lost_answer_problem(action, type(error).__name__, code_of(error))
    return Problem(
        f"{action} got no usable answer.",
        why=f"{type(error).__name__}: this is not an answer of AWS. A proxy or a sign-in page may have answered, "
        "or the endpoint does not offer this call.",
        next=f"Check the network and the endpoint, then try again. {READS_FIRST}",
        kind=Kind.UNREACHABLE,
        code=code_of(error),
    )


def _refusal(error: b.ClientError, action: str, hide: str) -> Problem:
    code, failure = code_of(error), error_class(error, action)
    if failure is ErrorClass.UNKNOWN and status_of(error) < 500:
        return lost_answer_problem(action, f"HTTP {status_of(error)} without an AWS error code", code)
    message = str(error.response.get("Error", {}).get("Message", "")).strip() or code
    message = show(message.replace(hide, MASK) if hide else message)
    what, kind, next = f"AWS refused {action}.", Kind.REFUSED, "Correct the cause that AWS reports, then try again."
    if failure is ErrorClass.CREDENTIALS:
        what, kind, next = _credentials(code)
    elif code in DENIED:
        what = f"You are not allowed to call {action}."
        next = f"Ask for the permission {action}, or use another profile with --profile."
    elif failure is ErrorClass.ABSENT:
        what, kind = f"{action} did not find the resource.", Kind.MISSING
        next = "It may have been deleted in the meantime. Go back, choose again, and try again."
    elif code in UNSUPPORTED or status_of(error) == 501:
        what, next = f"This endpoint does not offer {action}.", "Leave out what depends on it, or type the value."
    elif failure is ErrorClass.UNKNOWN:
        # AWS may have applied a request that ended in a 5xx. Only a read can decide.
        what, kind = f"AWS failed internally in {action}.", Kind.UNREACHABLE
        next = f"Wait a minute, then try again. {READS_FIRST}"
    return Problem(what, why=f"AWS reports: {message}", next=_NEXT.get(code, next), kind=kind, code=code)


def _credentials(code: str) -> tuple[str, Kind, str]:
    if code in EXPIRED:
        return "Your AWS session has expired.", Kind.CREDENTIALS, SIGN_IN
    next = "Check the access key and its secret, or choose another profile with --profile. Then try again."
    return "AWS does not accept these credentials.", Kind.CREDENTIALS, next
