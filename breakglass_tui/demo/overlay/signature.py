"""The verification of AWS Signature Version 4."""

from __future__ import annotations

import hmac
import re

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.core.request import Request

from breakglass_tui.demo.overlay.api_errors import JSON_SERVICES, ApiRefusal
from breakglass_tui.demo.world import SimulatedCaller, World

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/,]+)/[0-9]{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, ?"
    r"SignedHeaders=(?P<headers>[^,]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)


def authenticate(world: World, request: Request) -> SimulatedCaller:
    """Return the caller of ``request``.

    Raises ``ApiRefusal`` for an unknown, inactive or expired key, or a wrong secret.
    """
    claim = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    if claim is None:
        raise ApiRefusal("MissingAuthenticationToken", "Request is missing Authentication Token", 403)
    as_json = claim["service"] in JSON_SERVICES
    caller = world.caller(claim["key"])
    if caller is None or request.headers.get("X-Amz-Security-Token", "") != caller.token:
        code = "UnrecognizedClientException" if as_json else "InvalidClientTokenId"
        raise ApiRefusal(code, "The security token included in the request is invalid.", 403)
    if caller.expired:
        raise ApiRefusal("ExpiredToken", "The security token included in the request is expired", 403)
    if not hmac.compare_digest(_signature(request, claim, caller), claim["signature"]):
        raise ApiRefusal(
            "InvalidSignatureException" if as_json else "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. "
            "Check your AWS Secret Access Key and signing method.",
            403,
        )
    return caller


def signed_with(request: Request) -> str:
    """Return the id of the access key that signed ``request``, or ""."""
    claim = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    return claim["key"] if claim else ""


def _signature(request: Request, claim: re.Match[str], caller: SimulatedCaller) -> str:
    signed = claim["headers"].split(";")
    headers = {name: value for name, value in request.headers.items() if name.lower() in signed}
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    sent = AWSRequest(request.method, request.raw_path + query, headers, request.get_data(cache=True))
    sent.context["timestamp"] = request.headers.get("X-Amz-Date", "")
    auth = SigV4Auth(Credentials(claim["key"], caller.secret, caller.token), claim["service"], claim["region"])
    return str(auth.signature(auth.string_to_sign(sent, auth.canonical_request(sent)), sent))
