"""Problems whose cause is on this machine: configuration, credentials or network."""

from __future__ import annotations

import errno
import os
import re

from botocore import exceptions as b

from breakglass_tui.aws.error_classes import INVALID_ENDPOINT, LOST, NO_REGION, STILL_EXPIRED, UNREACHED, WRONG_FORM
from breakglass_tui.directories import repair
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show

_SIGNED_OUT = (b.SSOError, b.TokenRetrievalError, b.NoAuthTokenError, b.LoginError, b.RefreshWithMFAUnsupportedError)
_NO_CREDENTIALS = (b.NoCredentialsError, b.PartialCredentialsError, b.CredentialRetrievalError)
CREDENTIAL_LOOKUP = "the credential request"
"""The name, in texts, of an action that failed during the credential lookup, before any call was sent."""
_PASSWORD_IN_URL = re.compile(r'//[^\s"]+@')

SIGN_IN = "Sign in again: run aws sso login or aws login. Then press the retry key, or run this command again."


def client_error(error: Exception, action: str) -> Problem | None:
    """Return the problem for ``error``, or None if its cause is not on this machine.

    ``action`` is the call that failed. None means that the answer may be unreadable, so AWS may have applied the call.
    """
    code = type(error).__name__
    found = _credentials(error) or _settings(error, action) or _network(error, action)
    if found is not None:
        found.code = code
    return found


def _credentials(error: Exception) -> Problem | None:
    kind = Kind.CREDENTIALS
    if isinstance(error, b.ProfileNotFound):
        next = "List the profiles with aws configure list-profiles. Then choose one with --profile."
        return Problem("This AWS profile does not exist.", why=_safe(error), next=next, kind=kind)
    if isinstance(error, b.ConfigParseError):
        next = "Fix that file, or set AWS_CONFIG_FILE to another file."
        return Problem("The AWS config file is broken.", why=_safe(error), next=next, kind=kind)
    if isinstance(error, _SIGNED_OUT) or str(error).startswith(STILL_EXPIRED):
        why = "The sign-in token is missing or expired, or AWS refused it."
        return Problem("You are not signed in to AWS.", why=why, next=SIGN_IN, kind=kind)
    if isinstance(error, _NO_CREDENTIALS):
        # The texts of these contain the output of a credential_process. They are never shown.
        next = "Run aws sso login, aws login or aws configure. Or choose a profile with --profile."
        why = "The environment, the AWS files and the role of this machine have no usable credentials."
        return Problem("No AWS credentials were found.", why=why, next=next, kind=kind)
    return None


def _settings(error: Exception, action: str) -> Problem | None:
    if isinstance(error, NO_REGION):
        next = "Set one with --region, for example --region eu-west-1."
        return Problem("No usable Region is set.", why=_safe(error), next=next, kind=Kind.USAGE)
    if isinstance(error, WRONG_FORM):
        # The texts of these contain the parameters of the call. They are never shown.
        why = f"botocore rejected the call before it was sent ({type(error).__name__})."
        next = "Report this as a bug. This call changed nothing."
        return Problem(f"{action} has invalid parameters.", why=why, next=next)
    if isinstance(error, b.BotoCoreError) and not isinstance(error, (*UNREACHED, *LOST)):
        next = "Correct the AWS config file or the AWS_ environment variables. Then try again."
        why = f"{type(error).__name__}: {_safe(error)}"
        return Problem("The AWS settings of this machine cannot be used.", why=why, next=next, kind=Kind.CREDENTIALS)
    if (action == CREDENTIAL_LOOKUP and isinstance(error, (ValueError, OSError))) or str(error).startswith(
        INVALID_ENDPOINT
    ):
        next = "Correct --endpoint-url, the AWS config file or the AWS_ environment variables. Then try again."
        why = f"{type(error).__name__} before anything was sent."
        return Problem("The AWS settings of this machine cannot be used.", why=why, next=next, kind=Kind.CREDENTIALS)
    return None


def _network(error: Exception, action: str) -> Problem | None:
    kind = Kind.UNREACHABLE
    if isinstance(error, b.SSLError):
        why = "The server certificate was not accepted. Someone may intercept the connection."
        next = "Check the proxy and AWS_CA_BUNDLE. Then try again."
        return Problem("The connection to AWS is not trusted.", why=why, next=next, kind=kind)
    limit = _open_files_limit(error)
    if isinstance(error, UNREACHED) and limit is not None:
        why = f"The system reports for {action}: {os.strerror(limit.errno or 0)}."
        return Problem("No connection to AWS can be opened.", why=why, next=repair(limit, "try again"), kind=kind)
    if isinstance(error, UNREACHED):
        why = f"There is no connection for {action}: {_safe(error)}"
        next = "Check the network, the proxy and the Region. Then try again."
        return Problem("AWS cannot be reached.", why=why, next=next, kind=kind)
    return None


def _open_files_limit(error: BaseException) -> OSError | None:
    """Return the error of the system, among the causes of ``error``, that no further file can be opened, or None."""
    seen = list[BaseException]()
    cause: BaseException | None = error
    while cause is not None and cause not in seen:
        if isinstance(cause, OSError) and cause.errno in (errno.EMFILE, errno.ENFILE):
            return cause
        seen.append(cause)
        given = getattr(cause, "kwargs", {}).get("error")  # where botocore keeps the exception of urllib3
        cause = given if isinstance(given, BaseException) else cause.__cause__ or cause.__context__
    return None


def _safe(error: Exception) -> str:
    """Return the text of the exception, without passwords in URLs and with at most 200 characters."""
    return show(_PASSWORD_IN_URL.sub("//", str(error)), 200)
