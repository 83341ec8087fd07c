"""Failures on this side of AWS: configuration, credentials, the network."""

from __future__ import annotations

import re

from botocore import exceptions as b

from breakglass_tui.aws.error_classes import INVALID_ENDPOINT, LOST, NO_REGION, STILL_EXPIRED, UNREACHED, WRONG_FORM
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show

_SIGNED_OUT = (b.SSOError, b.TokenRetrievalError, b.NoAuthTokenError, b.LoginError, b.RefreshWithMFAUnsupportedError)
_NO_CREDENTIALS = (b.NoCredentialsError, b.PartialCredentialsError, b.CredentialRetrievalError)
LOOKING_UP = "credentials"
"""What stands for an action while credentials are looked up and nothing can have been sent."""
_PASSWORD_IN_URL = re.compile(r'//[^\s"]+@')

SIGN_IN = "Sign in again, for example with: aws sso login, or aws login; then press the retry key or run this again."


def client_error(error: Exception, action: str) -> Problem | None:
    """The problem that ``error`` means, or None if AWS may have answered with something unreadable."""
    code = type(error).__name__
    found = _credentials(error) or _settings(error, action) or _network(error, action)
    if found is not None:
        found.code = code
    return found


def _credentials(error: Exception) -> Problem | None:
    kind = Kind.CREDENTIALS
    if isinstance(error, b.ProfileNotFound):
        next = "List the profiles with: aws configure list-profiles; then name one with --profile."
        return Problem("This AWS profile does not exist.", why=_safe(error), next=next, kind=kind)
    if isinstance(error, b.ConfigParseError):
        next = "Mend that file, or point AWS_CONFIG_FILE at another."
        return Problem("The AWS config file is broken.", why=_safe(error), next=next, kind=kind)
    if isinstance(error, _SIGNED_OUT) or str(error).startswith(STILL_EXPIRED):
        why = "The sign-in token is missing, expired or refused."
        return Problem("You are not signed in to AWS.", why=why, next=SIGN_IN, kind=kind)
    if isinstance(error, _NO_CREDENTIALS):
        # The text of these holds what a credential_process wrote: never shown.
        next = "Sign in with: aws sso login, aws login or aws configure; or name a profile with --profile."
        why = "Neither the environment nor the AWS files nor this machine's role gave usable ones."
        return Problem("No AWS credentials were found.", why=why, next=next, kind=kind)
    return None


def _settings(error: Exception, action: str) -> Problem | None:
    if isinstance(error, NO_REGION):
        next = "Name one with --region, as --region eu-west-1."
        return Problem("No usable Region is set.", why=_safe(error), next=next, kind=Kind.USAGE)
    if isinstance(error, WRONG_FORM):
        # The text of these holds the values that were sent: never shown.
        why = f"botocore stopped it before it was sent ({type(error).__name__})."
        next = "Please report it; nothing was changed by this call."
        return Problem(f"{action} was put together wrongly.", why=why, next=next)
    if isinstance(error, b.BotoCoreError) and not isinstance(error, (*UNREACHED, *LOST)):
        next = "Correct the AWS config file or the AWS_ variables of the environment; then try again."
        why = f"{type(error).__name__}: {_safe(error)}"
        return Problem("The AWS settings of this machine cannot be used.", why=why, next=next, kind=Kind.CREDENTIALS)
    if (action == LOOKING_UP and isinstance(error, (ValueError, OSError))) or str(error).startswith(INVALID_ENDPOINT):
        next = "Correct --endpoint-url, the AWS config file or the AWS_ variables of the environment; then try again."
        why = f"{type(error).__name__} before anything was sent."
        return Problem("The AWS settings of this machine cannot be used.", why=why, next=next, kind=Kind.CREDENTIALS)
    return None


def _network(error: Exception, action: str) -> Problem | None:
    kind = Kind.UNREACHABLE
    if isinstance(error, b.SSLError):
        why = "The certificate of the other side was not accepted; somebody may be in between."
        next = "Check the proxy and AWS_CA_BUNDLE; then try again."
        return Problem("The connection to AWS is not trusted.", why=why, next=next, kind=kind)
    if isinstance(error, UNREACHED):
        why = f"{action} could not be sent: {_safe(error)}"
        next = "Check the network, the proxy and the Region; then try again."
        return Problem("AWS cannot be reached.", why=why, next=next, kind=kind)
    return None


def _safe(error: Exception) -> str:
    """The exception's text without a password that stands in a URL."""
    return show(_PASSWORD_IN_URL.sub("//", str(error)), 200)
