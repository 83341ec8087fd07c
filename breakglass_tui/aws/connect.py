"""The way in: profile, Region and endpoint become a Cloud."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import NoReturn, TypeVar

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from breakglass_tui.aws.api_problems import problem_of
from breakglass_tui.aws.aws_cloud import AwsCloud
from breakglass_tui.aws.client_errors import LOOKING_UP
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.session import GuardedSession
from breakglass_tui.domain import rules
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.cloud import Cloud, Practice

CREDENTIALS_WITHIN_S = 30.0
FALLBACK_REGION = "us-east-1"

T = TypeVar("T")


def connect(
    *,
    profile: str | None = None,
    region: str | None = None,
    endpoint_url: str | None = None,
    credentials: tuple[str, str] | None = None,
    demo: bool = False,
    practice: Practice | None = None,
) -> Cloud:
    """A cloud with credentials in hand; nothing but these has been asked of AWS. Raises ``Problem``.

    ``credentials`` (access key id and secret) stand in for what boto3 would look up, ``practice`` for a sign-in page.
    """

    def look() -> boto3.Session:
        return _signed_in(profile, region, credentials, endpoint_url)

    return AwsCloud(Clients(look(), endpoint_url=endpoint_url, look_again=look), demo=demo, practice=practice)


def _signed_in(
    profile: str | None, region: str | None, credentials: tuple[str, str] | None, endpoint_url: str | None
) -> boto3.Session:
    """A session with credentials in hand, read from where they are now. Raises ``Problem``."""
    try:
        session = _given(credentials, region) if credentials else _found(profile, region, endpoint_url)
        if not within(CREDENTIALS_WITHIN_S, lambda: _usable(session)):
            raise _none_found()
    except (BotoCoreError, ClientError, ValueError, OSError) as error:
        raise problem_of(error, LOOKING_UP) from None
    return session


def _usable(session: boto3.Session) -> bool:
    """Whether there are credentials; a role is assumed here and now, so that its time is bounded too."""
    credentials = session.get_credentials()
    return credentials is not None and bool(credentials.get_frozen_credentials().access_key)


def _given(credentials: tuple[str, str], region: str | None) -> boto3.Session:
    return boto3.Session(
        *credentials, region_name=_well_formed(region or FALLBACK_REGION), botocore_session=_unconfigured()
    )


def _found(profile: str | None, region: str | None, endpoint_url: str | None) -> boto3.Session:
    core = GuardedSession(profile, endpoint_url=endpoint_url)
    assume_role = core.get_component("credential_provider").get_provider("assume-role")
    assume_role._prompter = _refuse_prompt  # noqa: SLF001 - botocore has no public way to say it
    found = region or core.get_config_variable("region") or FALLBACK_REGION
    return boto3.Session(botocore_session=core, region_name=_well_formed(found))


def _unconfigured() -> GuardedSession:
    """A session that reads neither AWS_PROFILE nor the AWS files: given credentials are all it needs."""
    nothing = {"profile": None, "config_file": os.devnull, "credentials_file": os.devnull}
    return GuardedSession(session_vars={name: (None, None, value, None) for name, value in nothing.items()})


def _well_formed(region: str) -> str:
    """botocore takes more for a Region than AWS does, and puts it into a host name."""
    try:
        return rules.region(region)
    except ValueError as error:
        next = "Name one with --region, as --region eu-west-1."
        raise Problem("No usable Region is set.", why=f"{error}.", next=next, kind=Kind.USAGE) from None


def _refuse_prompt(_: str) -> NoReturn:
    """botocore would ask for the code on the terminal that the app is drawing on."""
    raise Problem(
        "This profile needs an MFA code to assume its role.",
        why="It has mfa_serial set, and asking would break the screen.",
        next="Get a session first, for example with: aws sts assume-role; then use that profile.",
        kind=Kind.CREDENTIALS,
    )


def _none_found() -> Problem:
    return Problem(
        "No AWS credentials were found.",
        why="Neither the environment nor the AWS files nor this machine's role gave any.",
        next="Sign in with: aws sso login, aws login or aws configure; or name a profile with --profile.",
        kind=Kind.CREDENTIALS,
        code="NoCredentialsError",
    )


def within(seconds: float, work: Callable[[], T]) -> T:
    """The result of ``work``, or a ``Problem`` when it takes longer; the thread is left to its own time-outs."""
    result: list[T] = []
    raised: list[BaseException] = []

    def body() -> None:
        try:
            result.append(work())
        except BaseException as error:  # noqa: BLE001 - handed to the waiting thread
            raised.append(error)

    thread = threading.Thread(target=body, name="breakglass-credentials", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise Problem(
            f"Looking for AWS credentials took longer than {seconds:.0f} seconds.",
            why="A credential_process, an SSO refresh or the instance metadata service does not answer.",
            next="Run: aws sts get-caller-identity; when that works, try again.",
            kind=Kind.CREDENTIALS,
        )
    if raised:
        raise raised[0]
    return result[0]
