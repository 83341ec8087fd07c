"""What botocore raises, in the operator's words: what happened, why, what to do next."""

from __future__ import annotations

from botocore import exceptions as b

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

_NEXT = {
    "LimitExceeded": "Remove what is no longer needed, or ask AWS for a higher quota; then try again.",
    "EntityAlreadyExists": "Something of this name exists and was not made by this run. Choose another name.",
    "PasswordPolicyViolation": "The account's password policy has changed; go back and try again.",
    "DisabledException": "Choose an enabled KMS key.",
    "KMSInvalidStateException": "Choose a KMS key in state Enabled.",
    "OptInRequired": "Enable the Region for this account, or choose another.",
    **dict.fromkeys(OVERLOADED, "Too many calls at once in this account; wait a minute and try again."),
}


def request_id_of(error: Exception) -> str:
    """The request id of a refusal, where there was an answer at all."""
    return str(metadata_of(error).get("RequestId", ""))


def retries_of(error: Exception) -> int:
    """How often botocore itself sent a refused request again."""
    return int(metadata_of(error).get("RetryAttempts", 0))


def lost_answer(action: str, reason: str, code: str = "LostAnswer") -> Problem:
    """The problem of a call that may or may not have been carried out."""
    return Problem(
        f"The answer to {action} was lost.",
        why=f"No usable answer came ({reason}); AWS may or may not have carried it out.",
        next="Check the network. What this run made is looked up in AWS before anything is sent again.",
        kind=Kind.UNREACHABLE,
        code=code,
    )


def problem_of(error: Exception, action: str, *, hide: str = "") -> Problem:
    """The problem that ``error`` means for ``action``; its ``code`` is AWS's own.

    ``hide`` was sent and is secret: whoever answers may quote it.
    """
    if isinstance(error, Problem):
        return error
    if isinstance(error, b.ClientError):
        return _refusal(error, action, hide)
    return client_error(error, action) or _unreadable(error, action)


def _unreadable(error: Exception, action: str) -> Problem:
    if isinstance(error, b.BotoCoreError):
        return lost_answer(action, type(error).__name__, code_of(error))
    return Problem(
        f"{action} got no usable answer.",
        why=f"{type(error).__name__}: not the form AWS answers in; a proxy or a sign-in page may be in between, "
        "or the endpoint does not offer this call.",
        next="Check the network and the endpoint; what this run made is looked up before anything is sent again.",
        kind=Kind.UNREACHABLE,
        code=code_of(error),
    )


def _refusal(error: b.ClientError, action: str, hide: str) -> Problem:
    code, fate = code_of(error), error_class(error, action)
    if fate is ErrorClass.UNKNOWN and status_of(error) < 500:
        return lost_answer(action, f"HTTP {status_of(error)} without a reason of AWS", code)
    said = str(error.response.get("Error", {}).get("Message", "")).strip() or code
    said = show(said.replace(hide, MASK) if hide else said)
    what, kind, next = f"AWS refused {action}.", Kind.REFUSED, "Read the reason, correct it, and try again."
    if fate is ErrorClass.CREDENTIALS:
        what, kind, next = _credentials(code)
    elif code in DENIED:
        what = f"You are not allowed to call {action}."
        next = f"Ask for {action}, or use a profile that has it (--profile NAME)."
    elif fate is ErrorClass.ABSENT:
        what, kind = f"{action} did not find what it needs.", Kind.MISSING
        next = "It may have been removed meanwhile; go back, choose again, and try again."
    elif code in UNSUPPORTED or status_of(error) == 501:
        what, next = f"This endpoint does not offer {action}.", "What depends on it is left out or must be typed."
    elif fate is ErrorClass.UNKNOWN:
        # Nothing but a look can tell whether a request that ended in a 5xx was carried out.
        what, kind = f"AWS had a fault of its own in {action}.", Kind.UNREACHABLE
        next = "Wait a minute and try again; what this run made is looked up before anything is sent again."
    return Problem(what, why=f"AWS says: {said}", next=_NEXT.get(code, next), kind=kind, code=code)


def _credentials(code: str) -> tuple[str, Kind, str]:
    if code in EXPIRED:
        return "Your AWS session has expired.", Kind.CREDENTIALS, SIGN_IN
    next = "Check the access key and secret, or name another profile with --profile; then try again."
    return "AWS does not accept these credentials.", Kind.CREDENTIALS, next
