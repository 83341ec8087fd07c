"""Functions that turn a profile, a Region and an endpoint into a ``Cloud``."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import NoReturn, TypeVar

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from breakglass_tui.aws.api_problems import problem_of
from breakglass_tui.aws.aws_cloud import AwsCloud
from breakglass_tui.aws.client_errors import CREDENTIAL_LOOKUP
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.session import GuardedSession
from breakglass_tui.domain import rules
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.cloud import Cloud, SimulatedSignIn

CREDENTIALS_WITHIN_S = 30.0
"""The maximum time in seconds for the lookup of credentials."""
FALLBACK_REGION = "us-east-1"

T = TypeVar("T")


def connect(
    *,
    profile: str | None = None,
    region: str | None = None,
    endpoint_url: str | None = None,
    credentials: tuple[str, str] | None = None,
    demo: bool = False,
    simulated_sign_in: SimulatedSignIn | None = None,
) -> Cloud:
    """Return a ``Cloud`` whose credentials have been found. Raises ``Problem``.

    Only the lookup of the credentials can make a call. ``credentials`` (access key id and secret) replace that lookup.
    ``simulated_sign_in`` replaces the sign-in page of a real account.
    """
    clients = connect_clients(
        profile=profile, region=region, endpoint_url=endpoint_url, credentials=credentials, demo=demo
    )
    return AwsCloud(clients, demo=demo, simulated_sign_in=simulated_sign_in)


def connect_clients(
    *,
    profile: str | None = None,
    region: str | None = None,
    endpoint_url: str | None = None,
    credentials: tuple[str, str] | None = None,
    demo: bool = False,
) -> Clients:
    """Return clients whose credentials have been found. The parameters are those of ``connect``. Raises ``Problem``."""

    def load_session() -> boto3.Session:
        return _load_session(profile, region, credentials, endpoint_url)

    return Clients(
        load_session(),
        endpoint_url=endpoint_url,
        reload_session=load_session,
        profile=profile,
        chosen_region=region,
        demo=demo,
    )


def _load_session(
    profile: str | None, region: str | None, credentials: tuple[str, str] | None, endpoint_url: str | None
) -> boto3.Session:
    """Return a session with credentials that were just read from their source. Raises ``Problem``."""
    try:
        session = (
            _explicit_session(credentials, region)
            if credentials
            else _configured_session(profile, region, endpoint_url)
        )
        if not run_within(CREDENTIALS_WITHIN_S, lambda: _has_credentials(session)):
            raise _no_credentials()
    except (BotoCoreError, ClientError, ValueError, OSError) as error:
        raise problem_of(error, CREDENTIAL_LOOKUP) from None
    return session


def _has_credentials(session: boto3.Session) -> bool:
    """Return whether the session finds credentials.

    If the profile assumes a role, the role is assumed here, so that the time-out of the lookup covers that call.
    """
    credentials = session.get_credentials()
    return credentials is not None and bool(credentials.get_frozen_credentials().access_key)


def _explicit_session(credentials: tuple[str, str], region: str | None) -> boto3.Session:
    return boto3.Session(
        *credentials, region_name=_valid_region(region or FALLBACK_REGION), botocore_session=_isolated_session()
    )


def _configured_session(profile: str | None, region: str | None, endpoint_url: str | None) -> boto3.Session:
    core = GuardedSession(profile, endpoint_url=endpoint_url)
    core.limit_credential_sources()
    assume_role = core.get_component("credential_provider").get_provider("assume-role")
    assume_role._prompter = _refuse_prompt  # noqa: SLF001 - botocore has no public way to set it
    # botocore reads only AWS_DEFAULT_REGION. AWS_REGION has precedence in the AWS CLI and the other SDKs.
    # Source: AWS SDKs and Tools Reference Guide, "AWS Region".
    found = region or os.environ.get("AWS_REGION") or core.get_config_variable("region") or FALLBACK_REGION
    return boto3.Session(botocore_session=core, region_name=_valid_region(found))


def _isolated_session() -> GuardedSession:
    """Return a session for explicit credentials, which reads neither AWS_PROFILE nor the AWS files."""
    nothing = {"profile": None, "config_file": os.devnull, "credentials_file": os.devnull}
    return GuardedSession(session_vars={name: (None, None, value, None) for name, value in nothing.items()})


def _valid_region(region: str) -> str:
    """Return ``region`` if it is a valid Region name, else raise ``Problem``.

    botocore accepts more names, and puts the name into a host name.
    """
    try:
        return rules.region(region)
    except ValueError as error:
        next = "Set one with --region, for example --region eu-west-1."
        raise Problem("No usable Region is set.", why=f"{error}.", next=next, kind=Kind.USAGE) from None


def _refuse_prompt(_: str) -> NoReturn:
    """Raise ``Problem`` when botocore wants an MFA code. It would ask on the terminal on which the app draws."""
    raise Problem(
        "This profile needs an MFA code to assume its role.",
        why="The profile sets mfa_serial, and botocore would ask for the code on the terminal of this app.",
        next="Use a profile without mfa_serial. Or replace the words in capitals, run this command, and export the "
        "credentials that it prints: aws sts assume-role --role-arn ROLE_ARN --role-session-name NAME "
        "--serial-number DEVICE_ARN --token-code CODE",
        kind=Kind.CREDENTIALS,
    )


def _no_credentials() -> Problem:
    return Problem(
        "No AWS credentials were found.",
        why="The environment, the AWS files and the role of this machine have none.",
        next="Run aws sso login, aws login or aws configure. Or choose a profile with --profile.",
        kind=Kind.CREDENTIALS,
        code="NoCredentialsError",
    )


def run_within(seconds: float, work: Callable[[], T]) -> T:
    """Call ``work`` on a thread and return its result. Raises ``Problem`` if it takes longer than ``seconds``.

    The thread is not stopped. It ends by the time-outs of its own calls.
    """
    result: list[T] = []
    raised: list[BaseException] = []

    def body() -> None:
        try:
            result.append(work())
        except BaseException as error:  # noqa: BLE001 - raised in the waiting thread
            raised.append(error)

    thread = threading.Thread(target=body, name="breakglass-credentials", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise Problem(
            f"The lookup of AWS credentials took longer than {seconds:.0f} seconds.",
            why="A credential_process, an SSO refresh or the instance metadata service does not answer.",
            next="Run aws sts get-caller-identity. When that works, try again.",
            kind=Kind.CREDENTIALS,
        )
    if raised:
        raise raised[0]
    return result[0]
