"""Draft: the values of the assessment form, valid or not. OfflineSeals: those of its seals that need no AWS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from breakglass_tui.domain.tag_text import parse_tags
from breakglass_tui.secrets.secret import Secret


@dataclass(frozen=True, eq=False, repr=False)
class OfflineSeals:
    """The fields of a ``Draft`` for seals that need no AWS. They have the same names and meanings as in ``Draft``."""

    seal_to: str
    seal_threshold: int
    seal_mfa_to: str
    seal_mfa_threshold: int
    passphrase: Secret | None


@dataclass(eq=False, repr=False)
class Draft:
    """The values of the assessment form, valid or not. They are kept while the operator moves between screens.

    ``generated_name`` is the user name if the operator enters none. It stays the same from the form to the plan.
    ``seal_to`` and ``seal_mfa_to`` have age recipients, one per line. A threshold is how many of them must act together
    to open an envelope. ``passphrase`` is a ``Secret`` and never becomes part of the request. ``tags`` has the form
    ``key=value, key=value``. ``defaults`` are the initial values that differ from those of this class.
    """

    region: str = ""
    user_name: str = ""
    generated_name: str = ""
    path: str = "/breakglass/"
    access: str = "console"
    mfa: str = "none"
    groups: tuple[str, ...] = ()
    role_arn: str = ""
    kms_key_id: str = ""
    seal_to: str = ""
    seal_threshold: int = 1
    seal_mfa_to: str = ""
    seal_mfa_threshold: int = 1
    passphrase: Secret | None = None
    tags: str = ""
    password_reset_required: bool = True
    require_mfa: bool = False
    defaults: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def beginning_with(cls, request: Mapping[str, Any]) -> Draft:
        """Return a draft with the values of ``request``. Fields that the form does not have are ignored."""
        values = {
            **request,
            "groups": tuple(request.get("groups", ())),
            "seal_to": "\n".join(request.get("seal_to", ())),
            "seal_mfa_to": "\n".join(request.get("seal_mfa_to", ())),
            "tags": ", ".join(f"{key}={text}" for key, text in request.get("tags", {}).items()),
        }
        return cls(defaults={name: value for name, value in values.items() if name in vars(cls())}).anew()

    def anew(self) -> Draft:
        """Return a new draft with the initial values of this one."""
        return Draft(**self.defaults, defaults=self.defaults)

    @property
    def usual_path(self) -> str:
        """The initial value of ``path``. The start screen lists the users below this path as emergency users."""
        return str(self.defaults.get("path", Draft.path))

    @property
    def final_name(self) -> str:
        """The name that the user will have: the entered one, else the generated one."""
        return self.user_name or self.generated_name

    @property
    def console(self) -> bool:
        """Whether the user can sign in to the console."""
        return self.access in ("console", "both")

    @property
    def programmatic(self) -> bool:
        """Whether the user gets an access key."""
        return self.access in ("programmatic", "both")

    @property
    def guarded(self) -> bool:
        """Whether the user is denied everything without MFA.

        It is False without an MFA device, because the guardrail would lock such a user out.
        """
        return self.require_mfa and self.mfa != "none"

    @property
    def offline(self) -> OfflineSeals:
        """The fields of the draft for seals that open an envelope without AWS."""
        return OfflineSeals(
            self.seal_to, self.seal_threshold, self.seal_mfa_to, self.seal_mfa_threshold, self.passphrase
        )

    @offline.setter
    def offline(self, seals: OfflineSeals) -> None:
        vars(self).update(vars(seals))

    def forget_passphrase(self) -> None:
        """Wipe the passphrase from memory. A run that needs it has its own copy."""
        if self.passphrase is not None:
            self.passphrase.wipe()
            self.passphrase = None

    @property
    def recipients(self) -> tuple[str, ...]:
        """The age recipients in ``seal_to``."""
        from breakglass_tui.secrets.recipient_text import parts_of

        return parts_of(self.seal_to)

    @property
    def mfa_recipients(self) -> tuple[str, ...]:
        """The separate age recipients of the MFA seed.

        Empty without an MFA device, or if the seed has no separate ones.
        """
        from breakglass_tui.secrets.recipient_text import parts_of

        return parts_of(self.seal_mfa_to) if self.mfa != "none" else ()

    def as_mapping(self) -> dict[str, Any]:
        """Return the draft as the data of a request, by field name.

        Raises:
            ValueError: the tags are not valid pairs of key=value.
        """
        return {**self.without_tags(), "tags": parse_tags(self.tags)}

    def without_tags(self) -> dict[str, Any]:
        """Return the draft as the data of a request, without its tags. Invalid tags raise no error here."""
        return {
            "region": self.region,
            "user_name": self.final_name,
            "path": self.path,
            "access": self.access,
            "mfa": self.mfa,
            "groups": list(self.groups),
            "role_arn": self.role_arn,
            "kms_key_id": self.kms_key_id,
            "seal_to": list(self.recipients),
            "seal_threshold": self.seal_threshold,
            "seal_mfa_to": list(self.mfa_recipients),
            "seal_mfa_threshold": self.seal_mfa_threshold if self.mfa_recipients else 1,
            "seal_passphrase": self.passphrase is not None,
            "password_reset_required": self.password_reset_required,
            "require_mfa": self.guarded,
        }
