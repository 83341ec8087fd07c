"""SetupRequest: all choices of the operator for one emergency user."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, ValidationError

from breakglass_tui.domain import rules
from breakglass_tui.domain.access_keys import NOT_HERE, contains_access_key
from breakglass_tui.domain.problems import BadRequest, FieldError
from breakglass_tui.domain.seals import distinct, is_sealed, only_kms, threshold_error
from breakglass_tui.domain.text import show

Access = Literal["console", "programmatic", "both"]
Mfa = Literal["none", "authenticator", "sealed"]
Threshold = Annotated[StrictInt, Field(ge=1)]

DEFAULT_PATH = "/breakglass/"


class SetupRequest(BaseModel):
    """A request to create an emergency user. The fields are a published format: extend them, never rename them."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, str_max_length=4096)

    region: Annotated[str, AfterValidator(rules.region)]
    user_name: Annotated[str, AfterValidator(rules.new_user_name)] = ""
    path: Annotated[str, AfterValidator(rules.path)] = DEFAULT_PATH
    access: Access = "console"
    mfa: Mfa = "none"
    require_mfa: StrictBool = False
    groups: tuple[Annotated[str, AfterValidator(rules.group_name)], ...] = ()
    role_arn: Annotated[str, AfterValidator(rules.role_arn)] = ""
    kms_key_id: Annotated[str, AfterValidator(rules.kms_key_id)] = ""
    seal_to: tuple[Annotated[str, AfterValidator(rules.age_recipient)], ...] = ()
    seal_threshold: Threshold = 1
    seal_mfa_to: tuple[Annotated[str, AfterValidator(rules.age_recipient)], ...] = ()
    seal_mfa_threshold: Threshold = 1
    seal_passphrase: StrictBool = False
    password_reset_required: StrictBool = True
    tags: Annotated[dict[str, str], AfterValidator(rules.tags)] = Field(default_factory=dict)

    @property
    def console(self) -> bool:
        """Whether the user signs in to the console."""
        return self.access in ("console", "both")

    @property
    def programmatic(self) -> bool:
        """Whether the user gets an access key."""
        return self.access in ("programmatic", "both")

    @property
    def has_seal(self) -> bool:
        """Whether every secret is sealed, so that no screen has to show one."""
        return is_sealed(vars(self))

    @property
    def only_kms(self) -> bool:
        """Whether KMS is the only seal, so that no envelope opens without AWS."""
        return only_kms(vars(self))

    def named(self, user_name: str) -> SetupRequest:
        """Return a copy of the request with this user name."""
        return self.model_copy(update={"user_name": user_name})

    def as_json(self) -> dict[str, Any]:
        """Return the request as the published JSON object."""
        return self.model_dump(mode="json")


def generated_name(today: date, token: str) -> str:
    """Return a name for a request without a user name: ``break-glass-YYYYMMDD-`` and ``token``."""
    return f"break-glass-{today:%Y%m%d}-{token}"


def parse_request(data: Mapping[str, Any]) -> SetupRequest:
    """Return ``data`` as a valid request.

    Raises:
        BadRequest: with one error for each field that is unknown, missing, invalid, or in conflict with another field.
            If a field has an access key, only with the errors of such fields.
    """
    exposed = tuple(FieldError(field, NOT_HERE) for field in data if contains_access_key({field: data[field]}))
    if exposed:
        raise BadRequest(exposed)
    try:
        request = SetupRequest.model_validate(dict(data))
    except ValidationError as error:
        found = tuple(
            _field_error(tuple(item["loc"]), item["type"], item["msg"], item.get("ctx"))
            for item in error.errors(include_url=False, include_input=False)
        )
        raise BadRequest(found) from None
    clashes = request_clashes(request)
    if clashes:
        raise BadRequest(clashes)
    return request


def request_clashes(request: SetupRequest) -> tuple[FieldError, ...]:
    """Return one error for each field that is valid alone but conflicts with another field."""
    errors: list[FieldError] = []
    if request.require_mfa and request.mfa == "none":
        errors.append(FieldError("require_mfa", "without an MFA device, this locks the user out. Set mfa as well"))
    if len({name.casefold() for name in request.groups}) < len(request.groups):
        errors.append(FieldError("groups", "a group occurs twice"))
    if request.seal_mfa_to and request.mfa == "none":
        errors.append(FieldError("seal_mfa_to", "there is no MFA seed to seal. Set mfa, or leave this field empty"))
    return (*errors, *_custodian_clashes(request))


def _custodian_clashes(request: SetupRequest) -> Iterator[FieldError]:
    groups = (
        ("seal_to", request.seal_to, "seal_threshold", request.seal_threshold),
        ("seal_mfa_to", request.seal_mfa_to, "seal_mfa_threshold", request.seal_mfa_threshold),
    )
    for field, custodians, threshold_field, threshold in groups:
        if distinct(custodians) < len(custodians):
            yield FieldError(field, "a recipient occurs twice")
        wrong = threshold_error(threshold, len(custodians))
        if wrong:
            yield FieldError(threshold_field, wrong)


def _field_error(loc: tuple[int | str, ...], kind: str, message: str, context: Mapping[str, Any] | None) -> FieldError:
    field = ".".join(show(str(part)) for part in loc) or "request"
    if kind == "extra_forbidden":
        known = difflib.get_close_matches(str(loc[0]), SetupRequest.model_fields, n=1, cutoff=0.4)
        hint = f"Did you mean {known[0]}?" if known else f"Known fields: {', '.join(SetupRequest.model_fields)}"
        return FieldError(field, f"unknown field. {hint}")
    if kind == "missing":
        return FieldError(field, "is missing")
    if kind == "value_error" and context:
        return FieldError(field, str(context["error"]))
    if kind == "tuple_type":
        return FieldError(field, "input should be a valid list")
    return FieldError(field, message[:1].lower() + message[1:])
