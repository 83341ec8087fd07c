"""Draft: the assessment form as it stands, right or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from breakglass_tui.domain.text import show

if TYPE_CHECKING:
    from breakglass_tui.secrets.secret import Secret
    from breakglass_tui.ui.offline_seals import OfflineSeals


@dataclass(eq=False, repr=False)
class Draft:
    """What was typed and chosen, kept while the operator goes back and forth.

    ``generated_name`` is what a blank user name stands for, the same from the form to the plan. Recipients are text,
    one per line; so many as a threshold says open together. The passphrase is a ``Secret`` and never request data.
    ``defaults`` are the values it began with, where they are not those of every draft.
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
        """A draft in which these fields of a request stand already; those that the form does not ask are left out."""
        told = {
            **request,
            "groups": tuple(request.get("groups", ())),
            "seal_to": "\n".join(request.get("seal_to", ())),
            "seal_mfa_to": "\n".join(request.get("seal_mfa_to", ())),
            "tags": ", ".join(f"{key}={text}" for key, text in request.get("tags", {}).items()),
        }
        return cls(defaults={name: value for name, value in told.items() if name in vars(cls())}).anew()

    def anew(self) -> Draft:
        """A draft as this one was before anything was typed."""
        return Draft(**self.defaults, defaults=self.defaults)

    @property
    def usual_path(self) -> str:
        """Where emergency users live unless the operator says otherwise."""
        return str(self.defaults.get("path", Draft.path))

    @property
    def final_name(self) -> str:
        """The name the user will have."""
        return self.user_name or self.generated_name

    @property
    def console(self) -> bool:
        """Whether the user signs in to the console."""
        return self.access in ("console", "both")

    @property
    def programmatic(self) -> bool:
        """Whether the user gets an access key."""
        return self.access in ("programmatic", "both")

    @property
    def guarded(self) -> bool:
        """Whether all is denied without MFA; a user without a device would be locked out."""
        return self.require_mfa and self.mfa != "none"

    @property
    def offline(self) -> OfflineSeals:
        """The seals that need no AWS."""
        from breakglass_tui.ui.offline_seals import OfflineSeals

        return OfflineSeals(
            self.seal_to, self.seal_threshold, self.seal_mfa_to, self.seal_mfa_threshold, self.passphrase
        )

    @offline.setter
    def offline(self, seals: OfflineSeals) -> None:
        vars(self).update(vars(seals))

    def forget_passphrase(self) -> None:
        """Drop it: whoever needs it has a copy by now."""
        if self.passphrase is not None:
            self.passphrase.wipe()
            self.passphrase = None

    @property
    def recipients(self) -> tuple[str, ...]:
        """Who opens the secrets with age."""
        from breakglass_tui.ui.recipients import parts_of

        return parts_of(self.seal_to)

    @property
    def mfa_recipients(self) -> tuple[str, ...]:
        """Who else opens the MFA seed; nobody else while there is none."""
        from breakglass_tui.ui.recipients import parts_of

        return parts_of(self.seal_mfa_to) if self.mfa != "none" else ()

    def as_mapping(self) -> dict[str, Any]:
        """The draft as request data; raises ``ValueError`` for tags that are not key=value pairs."""
        return {**self.without_tags(), "tags": parse_tags(self.tags)}

    def without_tags(self) -> dict[str, Any]:
        """The draft as request data but for its tags, which may not be readable."""
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


def parse_tags(text: str) -> dict[str, str]:
    """``key=value, key=value`` as a mapping; a value may be empty, a key may not come twice."""
    tags: dict[str, str] = {}
    for part in (part.strip() for part in text.split(",")):
        if not part:
            continue
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise ValueError("write tags as key=value, separated by commas")
        if key in tags:
            raise ValueError(f"the tag {show(key, 40)} is given twice")
        tags[key] = value
    return tags
